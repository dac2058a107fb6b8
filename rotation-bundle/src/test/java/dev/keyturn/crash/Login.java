package dev.keyturn.crash;

/**
 * A user and a password, as one stage of a secret holds them.
 *
 * @param user whose
 * @param password its password, or what was meant to be
 */
record Login(String user, String password) {

    /** Shows no password. */
    @Override
    public String toString() {
        return user;
    }
}
