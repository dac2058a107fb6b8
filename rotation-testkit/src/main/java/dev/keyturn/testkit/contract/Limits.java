package dev.keyturn.testkit.contract;

/**
 * The kit's times, in milliseconds.
 *
 * @param ordinary limit of a login or statement that is to succeed
 * @param brief limit of a login that is to succeed, and that waits longer than this before it sends its password
 * @param hang limit of a login or statement that will get no answer
 * @param settle how long a server may take to notice that a session is gone, and to give its lock back
 * @param margin how much later than its limit a call may end. Generous: it tells "late" from "never"
 */
record Limits(int ordinary, int brief, int hang, int settle, int margin) {

    static final Limits USUAL = new Limits(20_000, 3_000, 1_000, 10_000, 5_000);
}
