package dev.keyturn.crash;

/** A check of the harness that failed. */
final class Broken extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Broken(String message) {
        super(message);
    }

    static void unless(boolean condition, String message) {
        if (!condition) {
            throw new Broken(message);
        }
    }
}
