package dev.keyturn.testkit;

/** The connection is to be closed now, without an answer. */
final class Cut extends Exception {

    private static final long serialVersionUID = 1;

    Cut(String why) {
        super(why, null, false, false);
    }
}
