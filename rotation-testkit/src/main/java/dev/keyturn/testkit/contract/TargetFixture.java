package dev.keyturn.testkit.contract;

import dev.keyturn.api.Credential;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TlsSettings;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A running target with an account of its own, and the truth about it. The kit believes what it says, so nothing of it may go
 * through the plugin.
 *
 * <p>Each test makes one or more fixtures and closes them. The server behind them may be the same for all; the account may
 * not, because a test leaves it with some other password.
 */
public interface TargetFixture extends AutoCloseable {

    /**
     * The plugin.
     *
     * @return an instance of the class that the service file names: no wrapper, no subclass
     */
    RotationTarget target();

    /**
     * A credential that works, of an account that no other fixture uses.
     *
     * @return the fields that the plugin's schema knows, {@link Credential#HOST} and {@link Credential#PORT} with them where the
     *     target has such; always the same answer
     */
    Credential credential();

    /**
     * Tries one login, without the plugin and from anew: no pool, no cache, nothing kept. Called from one thread at a time, and
     * often.
     *
     * @param credential whose login it is
     * @return what the target answered
     * @throws Exception if it could not be tried; the test then fails and blames the fixture
     */
    Login login(Credential credential) throws Exception;

    /**
     * How connections to the target are protected. Not encrypted, unless overridden.
     *
     * @return the settings
     */
    default TlsSettings tls() {
        return TlsSettings.off();
    }

    /**
     * The plugin's own options. None, unless overridden.
     *
     * @return name and text
     */
    default Map<String, String> options() {
        return Map.of();
    }

    /**
     * Where the target listens. By default it is what host and port of {@link #credential()} say.
     *
     * @return the address; empty for a target that cannot be put behind a proxy. All that needs one is then left out: crashes,
     *     lost replies, time limits, leftovers. Each says so in a line
     */
    default Optional<InetSocketAddress> address() {
        try {
            return Optional.of(new InetSocketAddress(credential().host(), credential().port()));
        } catch (TargetException e) {
            return Optional.empty();
        }
    }

    /**
     * The same credential, with the target elsewhere. The kit puts a proxy there, or nothing, or something that keeps silent.
     *
     * <p>The kit asks for the credential's own host wherever that name leads to this machine, so that the name in a
     * certificate still fits and only the port differs; else it asks for {@code 127.0.0.1}.
     *
     * @param credential what to change
     * @param host a name or address of this machine
     * @param port where it listens there
     * @return the other credential
     */
    default Credential at(Credential credential, String host, int port) {
        return credential.with(Credential.HOST, host).with(Credential.PORT, Integer.toString(port));
    }

    /**
     * A credential of an administrator who may change the account's password. None, unless overridden.
     *
     * @return the credential, for a plugin that supports such a thing
     */
    default Optional<Credential> admin() {
        return Optional.empty();
    }

    /**
     * How many sessions the account has open at the server now, as the server counts them. Not known, unless overridden.
     *
     * @return the number; none if the server does not tell
     * @throws Exception if it could not be asked
     */
    default OptionalInt sessions() throws Exception {
        return OptionalInt.empty();
    }

    /**
     * How many logins the server has refused since this fixture was made, whatever name they gave, not counting those of
     * {@link #login}. Not known, unless overridden; then the kit can only compare numbers of connections.
     *
     * @return the number; none if the server does not tell
     * @throws Exception if it could not be asked
     */
    default OptionalInt refusedLogins() throws Exception {
        return OptionalInt.empty();
    }

    /**
     * Whether two passwords of this account can work at the same time, as you know it from the server's manual. Checked against
     * {@link Survey#overlap()} in both directions.
     *
     * @return the fact, if it is declared
     */
    default Optional<Boolean> twoValuesCanBeLive() {
        return Optional.empty();
    }

    /** Removes the account, where that matters. Called exactly once. */
    @Override
    void close();
}
