package dev.keyturn.engine.rotation;

import java.util.Locale;

/** Where in the secret's chain a value stands. */
public enum Stage {
    /** The value before the active one. */
    PREVIOUS,
    /** The value that applications read. */
    ACTIVE,
    /** The value that this rotation, or a killed one before it, is about to make active. */
    PENDING;

    /**
     * The name as people see it.
     *
     * @return lower case
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
