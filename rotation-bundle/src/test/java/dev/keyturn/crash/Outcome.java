package dev.keyturn.crash;

/**
 * What came of a case.
 *
 * @param verdict in one word
 * @param struck how many of its blows took place: where a message begins may shift by one, so a run may end before it
 * @param detail what is wrong; empty if nothing is
 */
record Outcome(Verdict verdict, int struck, String detail) {

    /** In one word. */
    enum Verdict {
        /** All checks held. */
        OK,
        /** No value of the chain worked: the account is lost. */
        LOST,
        /** Another check failed. */
        WRONG
    }
}
