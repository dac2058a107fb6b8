package dev.keyturn.probe;

/** A user and its password. */
record Account(String user, String password) {

    /** Shows no password. */
    @Override
    public String toString() {
        return user;
    }
}
