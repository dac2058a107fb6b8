package dev.keyturn.api;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The circumstances of one login: how long it may take, how it is protected, which options were given. Immutable. */
public final class TargetContext {

    private final int loginMillis;
    private final int statementMillis;
    private final TlsSettings tls;
    private final Map<String, String> options;
    private final Gate gate;
    private final boolean surveyFollows;

    /** What a login waits for before it sends its password. */
    @FunctionalInterface
    public interface Gate {

        /**
         * Returns when the password may be sent. May block.
         *
         * @throws TargetException if the login is not wanted any more
         */
        void pass() throws TargetException;
    }

    private TargetContext(int loginMillis, int statementMillis, TlsSettings tls, Map<String, String> options, Gate gate,
            boolean surveyFollows) {
        if (loginMillis < 1 || statementMillis < 1) {
            throw new IllegalArgumentException("limits are at least 1 ms");
        }
        this.loginMillis = loginMillis;
        this.statementMillis = statementMillis;
        this.tls = Objects.requireNonNull(tls, "tls");
        this.options = Map.copyOf(options);
        this.gate = Objects.requireNonNull(gate, "gate");
        this.surveyFollows = surveyFollows;
    }

    /**
     * A context. The engine makes one for each login; an author's tests may too.
     *
     * @param loginMillis limit of a login in milliseconds, at least 1
     * @param statementMillis limit of a statement in milliseconds, at least 1
     * @param tls how the connection is protected
     * @param options the plugin's own options by name
     * @return the context
     */
    public static TargetContext of(int loginMillis, int statementMillis, TlsSettings tls, Map<String, String> options) {
        return new TargetContext(loginMillis, statementMillis, tls, options, () -> { }, false);
    }

    /**
     * The same circumstances for a login that is begun early. The engine makes one for a plugin that
     * {@link RotationTarget#connectsAhead()} only.
     *
     * @param gate what it waits for before it sends its password
     * @return the context
     */
    public TargetContext withGate(Gate gate) {
        return new TargetContext(loginMillis, statementMillis, tls, options, gate, surveyFollows);
    }

    /**
     * The same circumstances for a login that is to change its own account. Made by the engine; an author's tests may too.
     *
     * @return the context
     */
    public TargetContext beforeSurvey() {
        return new TargetContext(loginMillis, statementMillis, tls, options, gate, true);
    }

    /**
     * How long {@link RotationTarget#open} may take in all: connecting, the TLS handshake, the login and the questions after
     * it. The engine interrupts what takes longer.
     *
     * @return milliseconds, at least 1
     */
    public int loginMillis() {
        return loginMillis;
    }

    /**
     * To be called in {@link RotationTarget#open} by a plugin that {@link RotationTarget#connectsAhead()}: in each login once, when the
     * connection stands, TLS included, and before anything is sent that was made from the password; also before the account's name, if the
     * server looks up then what it will compare the password with. Returns when the login is
     * wanted, which most are at once. From then on {@link #loginMillis()} count anew: the plugin's own limits must not go on counting while it waits here.
     *
     * <p>May block as long as a rotation takes; ends when the thread is interrupted.
     *
     * @throws TargetException if the login is not wanted any more: close the connection and throw anything
     */
    public void beforePassword() throws TargetException {
        gate.pass();
    }

    /**
     * Whether {@link TargetSession#survey} of the account that logs in is called next. A plugin may ask then, together with what it asks
     * after a login, what the survey will have to tell: one round trip less. Most logins are only to prove a value, and need none of that.
     *
     * @return false if it is not known
     */
    public boolean surveyFollows() {
        return surveyFollows;
    }

    /**
     * The longest that a statement of this session may run <em>on the server</em>: a plugin sets it there too. The client waits
     * {@link #replyMillis()}.
     *
     * @return milliseconds, at least 1
     */
    public int statementMillis() {
        return statementMillis;
    }

    /**
     * How long the client waits for the reply to a statement: the server's own limit and a second, so that it is the
     * server that gives up first and says so.
     *
     * @return milliseconds, more than {@link #statementMillis()}
     */
    public int replyMillis() {
        return statementMillis + 1_000;
    }

    /**
     * How the connection is protected.
     *
     * @return the settings
     */
    public TlsSettings tls() {
        return tls;
    }

    /**
     * An option of the plugin's own, as {@link TargetSchema} declares it.
     *
     * @param name its name
     * @return its text, if it was given
     */
    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /** Shows the names of the options, none of the values. */
    @Override
    public String toString() {
        return "TargetContext[loginMillis=" + loginMillis + ", statementMillis=" + statementMillis + ", tls=" + tls
                + ", options=" + options.keySet() + "]";
    }
}
