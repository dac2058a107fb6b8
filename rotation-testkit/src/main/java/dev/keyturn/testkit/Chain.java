package dev.keyturn.testkit;

import org.jspecify.annotations.Nullable;

/**
 * The three stages of a secret at one moment, each the JSON text as it was stored. An empty text is an empty stage.
 *
 * @param previous the value that was active before; null when the stage is empty
 * @param active the value that applications read; null when the stage is empty
 * @param pending the value that a job has prepared; null when the stage is empty
 */
public record Chain(@Nullable String previous, @Nullable String active, @Nullable String pending) {

    /**
     * Takes an empty text as null.
     *
     * @param previous the value that was active before
     * @param active the value that applications read
     * @param pending the value that a job has prepared
     */
    public Chain {
        previous = "".equals(previous) ? null : previous;
        active = "".equals(active) ? null : active;
        pending = "".equals(pending) ? null : pending;
    }

    /** The chain after a completed job. */
    Chain shifted() {
        return new Chain(active, pending, null);
    }

    Chain withPending(@Nullable String value) {
        return new Chain(previous, active, value);
    }

    /** Tells which stages hold something, never what. */
    @Override
    public String toString() {
        return "Chain[previous=" + seen(previous) + ", active=" + seen(active) + ", pending=" + seen(pending) + "]";
    }

    private static String seen(@Nullable String stage) {
        return stage == null ? "empty" : "set";
    }
}
