package dev.keyturn.crash;

/**
 * What came of a case.
 *
 * @param verdict in one word
 * @param struck how many of its blows took place: where a message begins may shift by one, so a run may end before it
 * @param detail what is wrong; empty if nothing is
 * @param logins how many logins of a client that holds active were accepted
 * @param refused how many were refused
 */
record Outcome(Verdict verdict, int struck, String detail, long logins, long refused) {

    /** In one word. */
    enum Verdict {
        /** All checks held. */
        OK,
        /** All checks held, and a value goes on working that the platform has dropped: nobody can know that it is the account's own. */
        LEFT,
        /** No value of the chain worked: the account is lost. */
        LOST,
        /** Another check failed. */
        WRONG
    }

    boolean failed() {
        return verdict == Verdict.LOST || verdict == Verdict.WRONG;
    }
}
