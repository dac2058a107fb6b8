package dev.keyturn.probe;

/** What a login was answered. */
enum Answer {
    ACCEPTED,
    /** The server said that the password is wrong. */
    REFUSED,
    /** Anything else. */
    UNREACHABLE
}
