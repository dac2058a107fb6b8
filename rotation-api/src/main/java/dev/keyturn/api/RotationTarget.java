package dev.keyturn.api;

/**
 * A kind of system whose accounts have a password, a token or a key that Keyturn can change.
 *
 * <p>The engine finds implementations with {@link java.util.ServiceLoader}, makes one instance with the public
 * constructor without parameters, and may use it for several rotations, one after the other and at the same time. So
 * an implementation keeps no state, and its constructor does nothing that is slow: no driver class is loaded before
 * {@link #open}.
 *
 * <p>Beside the class a plugin has a resource {@code META-INF/keyturn/<fully qualified name of the class>.properties} with
 * {@code version} (the plugin's), {@code spi} (the version of this SPI that it was built for, for example {@code 1.0}; a newer
 * one than the engine's is refused before the class is initialised) and, if it cannot work without a driver,
 * {@code needs}, the name of a class of that driver: where it is missing, the plugin is named as broken before Secret
 * Manager hears anything. A plugin without the resource is taken as it is.
 */
public interface RotationTarget {

    /**
     * The name by which arguments ask for this plugin, for example {@code mysql}.
     *
     * <p>Called often; never blocks; always the same answer.
     *
     * @return lower-case letters, digits and hyphens, beginning with a letter, at most 40 characters
     */
    String type();

    /**
     * Which fields of a secret, and which options, this plugin reads.
     *
     * <p>Called before Secret Manager hears anything; never blocks; always the same answer.
     *
     * @return the fields and options
     */
    TargetSchema schema();

    /**
     * What a password may look like here, for making one and for refusing one before the target is touched. It tells what this kind
     * of target can hold, not what one server's policy wants: a policy answers with {@link TargetException.Kind#VALUE_REFUSED}.
     *
     * <p>Called before a value is made or used; never blocks; always the same answer.
     *
     * @return the rules
     */
    PasswordRules passwordRules();

    /**
     * Whether {@link #open} connects before it needs the password, and calls {@link TargetContext#beforePassword()} in between. Then the
     * engine lets the login that proves a new value connect while that value is stored and set, and clients that hold the old one are
     * refused for a shorter time. A plugin that says so and does not call it logs in too early, and is refused.
     *
     * <p>Called before a login; never blocks; always the same answer.
     *
     * @return true only if every login that sends a password calls it first
     */
    default boolean connectsAhead() {
        return false;
    }

    /**
     * Logs in, once, with exactly this credential.
     *
     * <p>This is how the engine finds out which stage of the chain works (before a change), proves a new value (after
     * it) and proves that an old value still works (before it reports a failure). So it must open a fresh connection and
     * end in a real login: an answer that any password would have got is {@link TargetException.Kind#NOT_PROVABLE}.
     * It never changes anything, never tries another value, never tries the same value twice: refused logins lock accounts
     * (R6). Fields of the credential never become part of a statement or of a connection setting (R9).
     *
     * <p>May block up to {@link TargetContext#loginMillis()}. May be called any number of times, also after a crash. The
     * calling thread's context class loader is the one that loaded the plugin.
     *
     * @param credential whose login it is
     * @param context limits, options and TLS settings
     * @return a session that the engine closes
     * @throws TargetException if the login did not succeed; only {@link TargetException.Kind#REJECTED} lets the engine
     *     try the next stage (R5)
     */
    TargetSession open(Credential credential, TargetContext context) throws TargetException;
}
