package dev.keyturn.engine.rotation;

/**
 * How much time is left. The last third, at most 20 seconds, is a reserve for putting back and ending: steps that go forward
 * may not use it, so that a job is ended before the platform kills the action (R7).
 */
final class Deadline {

    private static final long MAX_RESERVE_MILLIS = 20_000;
    private static final long MAX_CALL_MILLIS = 10_000;

    private final Ticker ticker;
    private final long end;
    private final long reserve;

    Deadline(Ticker ticker, long timeoutMillis) {
        this.ticker = ticker;
        this.end = ticker.millis() + timeoutMillis;
        this.reserve = Math.min(MAX_RESERVE_MILLIS, timeoutMillis / 3);
    }

    long now() {
        return ticker.millis();
    }

    /** Milliseconds until the very end; not below 0. */
    long left() {
        return Math.max(0, end - ticker.millis());
    }

    /** Milliseconds for steps that go forward; not below 0. */
    long forward() {
        return Math.max(0, left() - reserve);
    }

    /** A limit for one of so many calls that are still to come on the way forward. */
    long forwardShare(int calls) {
        return Math.min(MAX_CALL_MILLIS, forward() / Math.max(1, calls));
    }

    /** A limit for one of so many calls that are still to come until the end. */
    long endingShare(int calls) {
        return Math.max(1, Math.min(MAX_CALL_MILLIS, left() / Math.max(1, calls)));
    }

    /** Waits, but not beyond the end. An interrupted run hurries: its time is taken as over where it matters. */
    void pause(long millis) {
        try {
            ticker.pause(Math.max(0, Math.min(millis, left())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
