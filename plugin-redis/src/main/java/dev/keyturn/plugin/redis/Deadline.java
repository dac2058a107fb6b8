package dev.keyturn.plugin.redis;

/** The end of a time that several steps share. */
final class Deadline {

    private final long end;

    Deadline(int millis) {
        end = System.nanoTime() + millis * 1_000_000L;
    }

    /** Milliseconds, at least 1, because a socket takes 0 for "wait for ever". */
    int left() {
        long left = (end - System.nanoTime()) / 1_000_000L;
        if (left < 1) {
            throw new IllegalStateException("the time is up");
        }
        return (int) left;
    }
}
