package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.MISCONFIGURED;
import static dev.keyturn.api.TargetException.Kind.UNREACHABLE;
import static dev.keyturn.plugin.mysql.Shared.account;
import static dev.keyturn.plugin.mysql.Shared.context;
import static dev.keyturn.plugin.mysql.Shared.credential;
import static dev.keyturn.plugin.mysql.Shared.refused;
import static dev.keyturn.plugin.mysql.Shared.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A connection is protected as the options say, or there is none. */
class TlsTest {

    private static void open(String user, TlsSettings tls) throws TargetException {
        new MysqlTarget().open(credential(user, "old-1"), context(tls)).close();
    }

    /** How many sessions of an account were encrypted: the server records it. */
    private static String encrypted(String user, TlsSettings tls) throws TargetException {
        try (TargetSession session = new MysqlTarget().open(credential(user, "old-1"), context(tls))) {
            assertTrue(session.identity().startsWith(user));
            return server().value("SELECT connection_type FROM performance_schema.threads WHERE processlist_user = '" + user + "'");
        }
    }

    @Test
    void theSettingsAreWhatTheServerSees() throws TargetException {
        String user = account();
        assertEquals("SSL/TLS", encrypted(user, TlsSettings.verify().withCa(server().ca())));
        assertEquals("SSL/TLS", encrypted(user, TlsSettings.required()));
        assertEquals("TCP/IP", encrypted(user, TlsSettings.off()));
    }

    @Test
    void aCertificateThatNobodySignedIsRefusedAndShown() {
        String user = account();
        TargetException refusal = refused(MISCONFIGURED, () -> open(user, TlsSettings.verify()));
        assertTrue(refusal.getMessage().contains("CN=Keyturn test server") && refusal.getMessage().contains("SHA-256 fingerprint"),
                refusal.getMessage());
        assertTrue(refusal.fix().orElseThrow().contains("options.ca"));
        assertEquals(0, server().refusedLogins(user));
        assertEquals(MysqlServer.Login.ACCEPTED, server().login(user, "old-1"));
    }

    @Test
    void aCertificateOfAnotherHostIsRefused() throws IOException, TargetException {
        // The same server under an address that its certificate does not name.
        try (Relay relay = new Relay("127.0.0.2", server().port(), Integer.MAX_VALUE, "", "")) {
            Credential other = credential(account(), "old-1").with(Credential.PORT, Integer.toString(relay.port()))
                    .with(Credential.HOST, "127.0.0.2");
            TlsSettings verify = TlsSettings.verify().withCa(server().ca());
            TargetException refusal = refused(MISCONFIGURED, () -> new MysqlTarget().open(other, context(verify)));
            assertTrue(refusal.getMessage().contains("fingerprint"), refusal.getMessage());
            new MysqlTarget().open(other, context(TlsSettings.required())).close();
        }
    }

    @Test
    void anAuthorityThatIsNoCertificateIsToldBeforeAnythingIsConnected() {
        long connections = server().connections();
        refused(MISCONFIGURED, () -> open("any", TlsSettings.verify().withCa("-----BEGIN NONSENSE-----")));
        assertEquals(connections + 1, server().connections()); // The question itself is one.
    }

    @Test
    void aServerWithoutTlsIsNotTalkedToInClear() {
        try (MysqlServer plain = MysqlServer.start("--tls-version=", "--require-secure-transport=OFF")) {
            plain.execute("CREATE USER user1 IDENTIFIED WITH mysql_native_password BY 'old-1'");
            Credential credential = credential(plain, "user1", "old-1");
            for (TlsSettings tls : List.of(TlsSettings.verify(), TlsSettings.required())) {
                TargetException refusal = refused(MISCONFIGURED, () -> new MysqlTarget().open(credential, context(tls)));
                assertTrue(refusal.getMessage().contains("does not offer the encryption"), refusal.getMessage());
            }
            assertEquals(0, plain.acceptedLogins("user1"));
        }
    }

    @Test
    void aServerThatTakesNoClearConnectionsSaysSo() {
        String user = account();
        server().execute("SET GLOBAL require_secure_transport = ON");
        try {
            TargetException refusal = refused(MISCONFIGURED, () -> open(user, TlsSettings.off()));
            assertTrue(refusal.getMessage().contains("3159"), refusal.getMessage());
        } finally {
            try (TargetSession root = Shared.root(Map.of())) {
                ((AccountSession) root).sql.execute("SET GLOBAL require_secure_transport = OFF");
            } catch (TargetException | SQLException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void aServerThatFallsSilentInTheHandshakeIsUnreachable() throws IOException {
        try (Relay relay = new Relay(server().port(), 1)) {
            Credential through = credential("any", "any").with(Credential.PORT, Integer.toString(relay.port()));
            refused(UNREACHABLE, () -> new MysqlTarget().open(through,
                    TargetContext.of(400, 400, TlsSettings.required(), Map.of())));
        }
    }
}
