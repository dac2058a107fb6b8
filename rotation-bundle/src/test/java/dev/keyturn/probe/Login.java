package dev.keyturn.probe;

/**
 * One login of a client.
 *
 * @param cacheMillis how long its client keeps what it read
 * @param began when, as {@link System#nanoTime} counts
 * @param ended when
 * @param answer what came of it
 */
record Login(int cacheMillis, long began, long ended, Answer answer) {
}
