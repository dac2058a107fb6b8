package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.CONFLICT;
import static dev.keyturn.api.TargetException.Kind.LOCKED;
import static dev.keyturn.api.TargetException.Kind.MISCONFIGURED;
import static dev.keyturn.api.TargetException.Kind.NOT_PROVABLE;
import static dev.keyturn.api.TargetException.Kind.REJECTED;
import static dev.keyturn.api.TargetException.Kind.UNKNOWN;
import static dev.keyturn.api.TargetException.Kind.UNREACHABLE;
import static dev.keyturn.plugin.mysql.Shared.OVERLAP;
import static dev.keyturn.plugin.mysql.Shared.account;
import static dev.keyturn.plugin.mysql.Shared.changing;
import static dev.keyturn.plugin.mysql.Shared.context;
import static dev.keyturn.plugin.mysql.Shared.credential;
import static dev.keyturn.plugin.mysql.Shared.fails;
import static dev.keyturn.plugin.mysql.Shared.name;
import static dev.keyturn.plugin.mysql.Shared.open;
import static dev.keyturn.plugin.mysql.Shared.refused;
import static dev.keyturn.plugin.mysql.Shared.server;
import static dev.keyturn.plugin.mysql.Shared.works;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** R5: what a login, or a change, came to is told apart, as the server really answers it. */
class LoginTest {

    private static TargetException refusal(TargetException.Kind kind, String code, String user, String password) {
        TargetException refusal = refused(kind, () -> open(user, password).close());
        assertTrue(refusal.getMessage().contains("MySQL " + code + ","), refusal.getMessage());
        return refusal;
    }

    @Test
    void wrongPasswordUnknownAccountForeignAddressAndMissingClientCertificateAreRejected() {
        refusal(REJECTED, "1045", account(), "wrong");
        refusal(REJECTED, "1045", name(), "old-1");
        String elsewhere = name();
        server().execute("CREATE USER " + elsewhere + "@'10.0.0.1' IDENTIFIED BY 'old-1'");
        refusal(REJECTED, "1045", elsewhere, "old-1");
        String certified = account();
        server().execute("ALTER USER " + certified + " REQUIRE X509");
        refusal(REJECTED, "1045", certified, "old-1");
    }

    @Test
    void aLoginIsOneLoginWhateverComesOfIt() throws TargetException {
        String user = account();
        long connections = server().connections();
        open(user, "old-1").close();
        assertEquals(1, server().acceptedLogins(user));
        assertEquals(0, server().refusedLogins(user));
        refusal(REJECTED, "1045", user, "wrong");
        assertEquals(1, server().acceptedLogins(user));
        assertEquals(1, server().refusedLogins(user));
        assertEquals(connections + 5, server().connections()); // Ours are two, and asking is one each time.
    }

    @Test
    void lockedBlockedAndUsedUpAccountsAreTold() {
        String locked = account();
        server().execute("ALTER USER " + locked + " ACCOUNT LOCK");
        refusal(LOCKED, "3118", locked, "old-1");
        String blocked = account();
        server().execute("ALTER USER " + blocked + " FAILED_LOGIN_ATTEMPTS 1 PASSWORD_LOCK_TIME 1");
        server().login(blocked, "wrong");
        refusal(LOCKED, "3955", blocked, "old-1");
        String used = account();
        server().execute("ALTER USER " + used + " WITH MAX_CONNECTIONS_PER_HOUR 1");
        works(used, "old-1");
        refusal(UNREACHABLE, "1226", used, "old-1");
        String busy = account();
        server().execute("ALTER USER " + busy + " WITH MAX_USER_CONNECTIONS 1");
        try (TargetSession first = open(busy, "old-1")) {
            assertTrue(first.identity().startsWith(busy));
            refusal(UNREACHABLE, "1226", busy, "old-1");
        } catch (TargetException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFullServerAndOneThatIsOfflineAreUnreachable() {
        String user = account();
        server().execute("SET GLOBAL offline_mode = ON");
        try {
            refusal(UNREACHABLE, "3032", user, "old-1");
        } finally {
            server().execute("SET GLOBAL offline_mode = OFF");
        }
        String before = server().value("SELECT @@max_connections");
        try (TargetSession first = open(user, "old-1"); TargetSession second = open(user, "old-1")) {
            server().execute("SET GLOBAL max_connections = 1");
            refusal(UNREACHABLE, "1040", user, "old-1");
            assertEquals(first.identity(), second.identity());
        } catch (TargetException e) {
            throw new AssertionError(e);
        } finally {
            server().execute("SET GLOBAL max_connections = " + before); // One more connection is always left for root.
        }
    }

    @Test
    void anAnonymousAccountAndAProxiedOneProveNothing() {
        server().execute("CREATE USER ''@'%' IDENTIFIED WITH mysql_native_password BY 'any'");
        try {
            TargetException refusal = refused(NOT_PROVABLE, () -> open(name(), "any").close());
            assertTrue(refusal.getMessage().contains("\"@%\""), refusal.getMessage());
        } finally {
            server().execute("DROP USER ''@'%'");
        }
        String user = account();
        String proxy = name();
        server().execute("CREATE USER " + proxy + " IDENTIFIED WITH mysql_native_password BY 'old-1'",
                "GRANT PROXY ON " + user + " TO " + proxy, "SET GLOBAL check_proxy_users = ON",
                "SET GLOBAL mysql_native_password_proxy_users = ON");
        try {
            refused(NOT_PROVABLE, () -> open(proxy, "old-1").close());
        } finally {
            server().execute("SET GLOBAL check_proxy_users = OFF", "SET GLOBAL mysql_native_password_proxy_users = OFF");
        }
    }

    @Test
    void anExpiredPasswordChangesItself() throws TargetException {
        for (String mode : CharactersTest.MODES) {
            String before = server().value("SELECT @@GLOBAL.sql_mode");
            server().execute("SET GLOBAL sql_mode = '" + mode + "'");
            try {
                String user = account(OVERLAP);
                String nasty = "a\\'b\\\\''\"c\\"; // The session may not set its mode, and must quote all the same.
                server().execute("ALTER USER " + user + " PASSWORD EXPIRE");
                try (TargetSession session = open(user, "old-1")) {
                    Survey survey = session.survey(credential(user, "old-1"));
                    assertEquals(1, survey.warnings().size());
                    assertTrue(!survey.overlap());
                    session.change(changing(user, "old-1", nasty, false));
                }
                works(user, nasty);
                fails(user, "old-1");
                server().execute("ALTER USER " + user + " PASSWORD EXPIRE");
                try (TargetSession session = open(user, nasty)) {
                    session.change(changing(user, nasty, "new-2é한", false));
                }
                works(user, "new-2é한");
            } finally {
                server().execute("SET GLOBAL sql_mode = '" + before + "'");
            }
        }
    }

    @Test
    void aDeadHostAnUnknownHostAndASilentOneAreUnreachable() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        TargetContext hasty = TargetContext.of(700, 700, TlsSettings.verify(), Map.of());
        Credential dead = credential("any", "any").with(Credential.PORT, Integer.toString(closed));
        assertTrue(refused(UNREACHABLE, () -> new MysqlTarget().open(dead, hasty)).getMessage().contains("ConnectException"));
        refused(UNREACHABLE, () -> new MysqlTarget().open(dead.with(Credential.HOST, "::1"), hasty));
        Credential unknown = credential("any", "any").with(Credential.HOST, "no-such-host.invalid");
        assertTrue(refused(UNREACHABLE, () -> new MysqlTarget().open(unknown, hasty)).getMessage().contains("UnknownHost"));
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Credential hung = credential("any", "any").with(Credential.PORT, Integer.toString(silent.getLocalPort()));
            assertTrue(refused(UNREACHABLE, () -> new MysqlTarget().open(hung, hasty)).getMessage().contains("Timeout"));
        }
    }

    @Test
    void aServerThatFallsSilentInsideTheLoginIsUnreachable() throws Exception {
        String user = account();
        TargetContext hasty = TargetContext.of(400, 400, TlsSettings.off(), Map.of());
        for (int answers = 0; ; answers++) {
            try (Relay relay = new Relay(server().port(), answers)) {
                Credential through = credential(user, "old-1").with(Credential.PORT, Integer.toString(relay.port()));
                new MysqlTarget().open(through, hasty).close();
                assertTrue(answers >= 3, "greeting, login and questions are answered one after the other, but here were " + answers);
                return;
            } catch (TargetException e) {
                assertEquals(UNREACHABLE, e.kind());
            }
        }
    }

    @Test
    void whenTheAnswerToTheChangeIsLostNobodyKnows() throws Exception {
        for (boolean forward : new boolean[] {false, true}) {
            String user = account();
            try (Relay relay = new Relay(server().port(), Integer.MAX_VALUE)) {
                Credential through = credential(user, "old-1").with(Credential.PORT, Integer.toString(relay.port()));
                try (TargetSession session = new MysqlTarget().open(through, TargetContext.of(5_000, 300, TlsSettings.off(), Map.of()))) {
                    relay.silence(forward);
                    refused(UNKNOWN, () -> session.change(changing(user, "old-1", "new-1", false)));
                }
            }
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aChangeThatWaitsForALockIsGivenUpByTheServerAndDoesNotHappenLater() throws Exception {
        String user = account(OVERLAP);
        TargetContext hasty = TargetContext.of(5_000, 1_000, TlsSettings.off(), Map.of());
        for (String lock : new String[] {"FLUSH TABLES WITH READ LOCK", "LOCK INSTANCE FOR BACKUP", "LOCK TABLES mysql.user READ"}) {
            try (Connection holder = server().admin(); Statement statement = holder.createStatement();
                    TargetSession session = new MysqlTarget().open(credential(user, "old-1"), hasty)) {
                statement.execute(lock);
                TargetException refusal = refused(UNREACHABLE, () -> session.change(changing(user, "old-1", "new-1", true)));
                assertTrue(refusal.getMessage().contains("1205"), refusal.getMessage());
            }
        }
        works(user, "old-1");
        fails(user, "new-1");
    }

    @Test
    void aServerThatIsTooOldIsNotTouched() throws IOException {
        String user = account();
        for (String version : new String[] {"5.7.44", "8.0.12"}) {
            try (Relay relay = new Relay("127.0.0.1", server().port(), Integer.MAX_VALUE, "\u00068.0.31", "\u0006" + version)) {
                Credential through = credential(user, "old-1").with(Credential.PORT, Integer.toString(relay.port()));
                TargetException refusal = refused(MISCONFIGURED,
                        () -> new MysqlTarget().open(through, context(TlsSettings.off())).close());
                assertTrue(refusal.getMessage().contains("below 8.0.14"), refusal.getMessage());
            }
        }
    }

    @Test
    void aValueThatNoLoginWithoutTlsCouldUseIsRefusedBeforeAnythingIsSent() throws TargetException {
        String user = account();
        String lengthy = "x".repeat(214);
        try (TargetSession session = new MysqlTarget().open(credential(user, "old-1"), context(TlsSettings.off()))) {
            refused(MISCONFIGURED, () -> session.change(changing(user, "old-1", lengthy, false)));
            refused(MISCONFIGURED, () -> new MysqlTarget().open(credential(user, lengthy), context(TlsSettings.off())));
            session.change(changing(user, "old-1", "x".repeat(213), false));
        }
        works(user, "x".repeat(213));
    }

    @Test
    void aChangeWithoutTlsWorksAgainstAColdServerCacheToo() throws TargetException {
        String user = account();
        server().execute("FLUSH PRIVILEGES");
        try (TargetSession session = new MysqlTarget().open(credential(user, "old-1"), context(TlsSettings.off()))) {
            session.change(changing(user, "old-1", "new-1", false));
        }
        assertEquals(0, server().refusedLogins(user));
        works(user, "new-1");
    }

    @Test
    void twoRunsAtOnceCannotBothChange() throws TargetException {
        String user = account(OVERLAP);
        try (TargetSession first = open(user, "old-1"); TargetSession second = open(user, "old-1")) {
            first.change(changing(user, "old-1", "new-1", false));
            refused(CONFLICT, () -> second.change(changing(user, "old-1", "new-2", false)));
        }
        works(user, "new-1");
        fails(user, "old-1", "new-2");
    }
}
