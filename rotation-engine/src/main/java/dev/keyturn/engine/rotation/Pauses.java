package dev.keyturn.engine.rotation;

/** Pauses between tries of one thing at the target: a quarter of a second, then twice as long each time, up to two seconds. */
final class Pauses {

    private static final long LONGEST_MILLIS = 2_000;

    private final Deadline deadline;
    private long millis = 250;

    Pauses(Deadline deadline) {
        this.deadline = deadline;
    }

    /** How long the next one is. */
    long next() {
        return millis;
    }

    void pause() {
        deadline.pause(millis);
        millis = Math.min(LONGEST_MILLIS, millis * 2);
    }
}
