package dev.keyturn.engine;

import java.util.Locale;

/** The steps of a rotation job, in the order in which they can happen. */
public enum Step {
    /** Reading the arguments and finding the plugins; Secret Manager has heard nothing. */
    ARGUMENTS,
    /** Telling Secret Manager that the job starts, and reading the chain. */
    START,
    /** Logging in with what is live, and asking whether a change can succeed. */
    PREFLIGHT,
    /** Making the new value and storing it in the pending stage. */
    PENDING,
    /** Making the target accept the new value. */
    CHANGE,
    /** Logging in with the new value. */
    TEST,
    /** Telling Secret Manager that the new value is the active one. */
    COMPLETE,
    /** Making the target accept the active value again, after something was refused. */
    PUT_BACK,
    /** Telling Secret Manager that the rotation failed. */
    FAIL;

    /**
     * The name as people see it.
     *
     * @return lower case, with a hyphen
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
