package dev.keyturn.engine.statespace;

/**
 * One account on one server.
 *
 * @param label as the engine's report calls it
 * @param key the secret's key that rotates
 * @param host where it is
 * @param user its name
 */
record Account(String label, String key, String host, String user) {
}
