package dev.keyturn.engine;

import java.util.Optional;

/** Which activation of the action this is, where the platform tells. It ties the log's lines to the platform's own record. */
public final class Activation {

    private Activation() {
    }

    /**
     * The beginning of a log line. Asked for anew each time: a runtime that serves many activations sets it for each.
     *
     * @return {@code "activation …, "}, or an empty text
     */
    public static String label() {
        // Whatever else stands there is not copied into a log.
        return Optional.ofNullable(System.getenv("__OW_ACTIVATION_ID")).filter(id -> id.matches("[A-Za-z0-9-]{1,64}"))
                .map(id -> "activation " + id + ", ").orElse("");
    }
}
