package dev.keyturn.testkit.contract;

/** What the target answered to a login that was tried without the plugin. */
public enum Login {
    /** The password works. */
    ACCEPTED,
    /** The target answered, and the password (or the account) is wrong. */
    REFUSED,
    /** There was no answer, so nothing is known. */
    UNREACHABLE
}
