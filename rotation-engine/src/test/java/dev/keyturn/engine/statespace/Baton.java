package dev.keyturn.engine.statespace;

/** Who may run. Passed at boundaries only. */
interface Baton {

    /** There is one run at a time. */
    Baton NONE = caller -> {
    };

    /**
     * The caller is about to make a call.
     *
     * @param caller may be made to wait until it is its turn
     */
    void pass(Caller caller);
}
