package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.CONFLICT;
import static dev.keyturn.api.TargetException.Kind.FORBIDDEN;
import static dev.keyturn.api.TargetException.Kind.LOCKED;
import static dev.keyturn.api.TargetException.Kind.MISCONFIGURED;
import static dev.keyturn.api.TargetException.Kind.NOT_PROVABLE;
import static dev.keyturn.api.TargetException.Kind.READ_ONLY;
import static dev.keyturn.api.TargetException.Kind.REJECTED;
import static dev.keyturn.api.TargetException.Kind.UNKNOWN;
import static dev.keyturn.api.TargetException.Kind.VALUE_REFUSED;
import static dev.keyturn.plugin.mysql.Shared.name;
import static dev.keyturn.plugin.mysql.Shared.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** MariaDB, where there is one; the tests say in one line when there is none. */
class MariadbTest {

    private static Optional<MysqlServer> started = Optional.empty();

    @BeforeAll
    static void start() {
        started = MysqlServer.startMariadb("--log-bin=binlog", "--server-id=1", "--performance-schema=ON",
                "--performance-schema-consumer-events-statements-history-long=ON");
        if (started.isEmpty()) {
            System.out.println("MariaDB was not tested: set KEYTURN_MARIADBD to the path of mariadbd (see src/test/servers/fetch.sh)");
        }
    }

    @AfterAll
    static void stop() {
        started.ifPresent(MysqlServer::close);
    }

    private interface Work {
        void run(MysqlServer server) throws Exception;
    }

    private static void onServer(Work work) throws Exception {
        if (started.isPresent()) {
            work.run(started.get());
        }
    }

    private static TargetSession open(MysqlServer server, String user, String password, String... options) throws TargetException {
        return new MysqlTarget().open(Shared.credential(server, user, password), TargetContext.of(10_000, 10_000,
                TlsSettings.verify().withCa(server.ca()), options.length == 0 ? Map.of() : Map.of(options[0], options[1])));
    }

    private static Change change(MysqlServer server, String user, String from, String to) {
        return Change.of(Shared.credential(server, user, from), Shared.credential(server, user, to));
    }

    private static void works(MysqlServer server, String user, String password) {
        assertEquals(MysqlServer.Login.ACCEPTED, server.login(user, password), password);
    }

    private static void fails(MysqlServer server, String user, String password) {
        assertEquals(MysqlServer.Login.REFUSED, server.login(user, password), password);
    }

    private static String account(MysqlServer server, String... grants) {
        String user = name();
        server.createAccount(user, "old-1", grants);
        fails(server, user, "wrong");
        return user;
    }

    @Test
    void anAccountChangesItsOwnPasswordAndTheOldOneStopsWorking() throws Exception {
        onServer(server -> {
            String user = account(server);
            String identity;
            try (TargetSession session = open(server, user, "old-1")) {
                Survey survey = session.survey(Shared.credential(server, user, "old-1"));
                assertFalse(survey.overlap());
                assertFalse(survey.toString().contains("*") && survey.toString().contains("PASSWORD"), survey.toString());
                try (TargetSession other = open(server, user, "old-1")) {
                    refused(CONFLICT, () -> other.survey(Shared.credential(server, user, "old-1")));
                }
                session.change(change(server, user, "old-1", "new-1"));
                identity = session.identity();
            }
            works(server, user, "new-1");
            fails(server, user, "old-1");
            try (TargetSession session = open(server, user, "new-1")) {
                assertEquals(identity, session.identity());
                assertTrue(identity.startsWith(user + "@%@"), identity);
                session.change(change(server, user, "new-1", "new-1"));
            }
        });
    }

    @Test
    void anAdministratorChangesAnAccountOnTheHostThatItHas() throws Exception {
        onServer(server -> {
            String user = name();
            server.execute("CREATE USER '" + user + "'@'127.0.0.%' IDENTIFIED BY 'old-1'");
            String helper = account(server, "SELECT, UPDATE ON mysql.*");
            try (TargetSession session = open(server, helper, "old-1")) {
                assertFalse(session.survey(Shared.credential(server, user, "old-1")).overlap());
                session.change(change(server, user, "old-1", "new-1"));
            }
            works(server, user, "new-1");
            String weak = account(server, "CREATE USER ON *.*");
            try (TargetSession session = open(server, weak, "old-1", "accountHost", "127.0.0.%")) {
                refused(FORBIDDEN, () -> session.survey(Shared.credential(server, user, "new-1")));
                refused(FORBIDDEN, () -> session.change(change(server, user, "new-1", "new-2")));
            }
            server.execute("CREATE USER '" + user + "'@'10.0.0.1' IDENTIFIED BY 'old-1'");
            try (TargetSession session = open(server, "root", "root")) {
                refused(MISCONFIGURED, () -> session.survey(Shared.credential(server, user, "new-1")));
            }
            try (TargetSession session = open(server, "root", "root", "accountHost", "10.9.9.9")) {
                refused(MISCONFIGURED, () -> session.change(change(server, user, "new-1", "new-2")));
            }
            works(server, user, "new-1");
        });
    }

    @Test
    void otherMethodsAreLeftAsTheyAre() throws Exception {
        onServer(server -> {
            String user = name();
            server.execute("INSTALL SONAME 'auth_ed25519'", "CREATE USER " + user + " IDENTIFIED VIA ed25519 USING PASSWORD('old-1')");
            refused(MISCONFIGURED, () -> open(server, user, "old-1"));
            try (TargetSession session = open(server, "root", "root")) {
                refused(NOT_PROVABLE, () -> session.survey(Shared.credential(server, user, "old-1")));
                refused(MISCONFIGURED, () -> session.change(change(server, user, "old-1", "new-1"))); // 1372
            }
            assertEquals("ed25519", server.value("SELECT plugin FROM mysql.user WHERE User = '" + user + "'"));
            String either = name();
            server.execute("CREATE USER " + either + " IDENTIFIED VIA unix_socket OR mysql_native_password USING PASSWORD('old-1')");
            refused(NOT_PROVABLE, () -> open(server, either, "old-1"));
        });
    }

    @Test
    void loginsAreToldApart() throws Exception {
        onServer(server -> {
            refused(REJECTED, () -> open(server, account(server), "wrong"));
            String locked = account(server);
            server.execute("ALTER USER " + locked + " ACCOUNT LOCK");
            refused(LOCKED, () -> open(server, locked, "old-1"));
            String blocked = account(server); // One wrong password was tried already.
            server.execute("SET GLOBAL max_password_errors = 1");
            try {
                refused(LOCKED, () -> open(server, blocked, "old-1"));
            } finally {
                server.execute("SET GLOBAL max_password_errors = 4294967295");
            }
            server.execute("CREATE USER ''@'%' IDENTIFIED BY 'any'");
            try {
                refused(NOT_PROVABLE, () -> open(server, name(), "any"));
            } finally {
                server.execute("DROP USER ''@'%'");
            }
        });
    }

    @Test
    void aServerThatChecksNoPasswordsProvesNothing() throws Exception {
        if (started.isPresent()) {
            MysqlServer.startMariadb("--skip-grant-tables").ifPresent(server -> {
                try (server) {
                    refused(NOT_PROVABLE, () -> open(server, "root", "root"));
                }
            });
        }
    }

    @Test
    void anExpiredPasswordChangesItself() throws Exception {
        onServer(server -> {
            String user = account(server);
            server.execute("ALTER USER " + user + " PASSWORD EXPIRE");
            try (TargetSession session = open(server, user, "old-1")) {
                assertEquals(1, session.survey(Shared.credential(server, user, "old-1")).warnings().size());
                session.change(change(server, user, "old-1", "new\\'1"));
            }
            works(server, user, "new\\'1");
        });
    }

    @Test
    void aLoginThatConnectedBeforeTheChangeSendsThePasswordAfterIt() throws Exception {
        onServer(server -> {
            for (TlsSettings tls : List.of(TlsSettings.verify().withCa(server.ca()), TlsSettings.off())) {
                String user = account(server);
                TargetContext ahead = TargetContext.of(10_000, 10_000, tls, Map.of()).withGate(() -> { // The change is made while it waits.
                    FutureTask<Void> changing = new FutureTask<>(() -> {
                        try (TargetSession session = open(server, user, "old-1")) {
                            session.change(change(server, user, "old-1", "new-1"));
                        }
                        return null;
                    });
                    new Thread(changing, "change").start();
                    try {
                        changing.get();
                    } catch (InterruptedException | ExecutionException e) {
                        throw new IllegalStateException(e);
                    }
                });
                try (TargetSession session = new MysqlTarget().open(Shared.credential(server, user, "new-1"), ahead)) {
                    assertTrue(session.identity().startsWith(user + "@"), session.identity());
                }
            }
        });
    }

    @Test
    void aReadOnlyServerIsTold() throws Exception {
        onServer(server -> {
            String user = account(server);
            server.execute("SET GLOBAL read_only = ON");
            try (TargetSession session = open(server, user, "old-1")) {
                refused(READ_ONLY, () -> session.survey(Shared.credential(server, user, "old-1")));
                refused(READ_ONLY, () -> session.change(change(server, user, "old-1", "new-1")));
            } finally {
                server.execute("SET GLOBAL read_only = OFF");
            }
        });
    }

    @Test
    void aServerThatChecksPasswordsGetsThemInClearOnlyIfThatWasAllowed() throws Exception {
        onServer(server -> {
            String user = account(server);
            server.execute("INSTALL SONAME 'simple_password_check'");
            try {
                try (TargetSession session = open(server, user, "old-1")) {
                    TargetException refusal = refused(MISCONFIGURED, () -> session.survey(Shared.credential(server, user, "old-1")));
                    assertTrue(refusal.fix().orElseThrow().contains("plaintextInServerLog"));
                    refused(READ_ONLY, () -> session.change(change(server, user, "old-1", "new-1"))); // 1290: one code for both.
                }
                try (TargetSession session = open(server, user, "old-1", "plaintextInServerLog", "true")) {
                    assertEquals(1, session.survey(Shared.credential(server, user, "old-1")).warnings().size());
                    refused(VALUE_REFUSED, () -> session.change(change(server, user, "old-1", "weak")));
                    session.change(change(server, user, "old-1", "Str0ng-er'\\x"));
                }
            } finally {
                server.execute("UNINSTALL SONAME 'simple_password_check'");
            }
            works(server, user, "Str0ng-er'\\x");
        });
    }

    @Test
    void aChangeThatWaitsForALockIsGivenUp() throws Exception {
        onServer(server -> {
            String user = account(server);
            for (String lock : List.of("FLUSH TABLES WITH READ LOCK", "LOCK TABLES mysql.global_priv READ")) {
                try (Connection holder = server.admin(); Statement statement = holder.createStatement();
                        TargetSession session = new MysqlTarget().open(Shared.credential(server, user, "old-1"),
                                TargetContext.of(5_000, 1_000, TlsSettings.required(), Map.of()))) {
                    statement.execute(lock);
                    TargetException refusal = refused(UNKNOWN, () -> session.change(change(server, user, "old-1", "new-1")));
                    assertTrue(refusal.getMessage().contains("1969"), refusal.getMessage()); // The server's own limit.
                }
                works(server, user, "old-1");
            }
        });
    }

    @Test
    void noLogOfTheServerShowsAValue() throws Exception {
        onServer(server -> {
            String mark = "k3yturnM4rk";
            server.execute("SET GLOBAL log_output = 'FILE,TABLE'", "SET GLOBAL general_log = ON", "SET GLOBAL slow_query_log = ON",
                    "SET GLOBAL long_query_time = 0");
            String user = name();
            server.execute("CREATE USER " + user + " IDENTIFIED BY PASSWORD '" + StoredHash.nativeHash(mark + "1") + "'",
                    "SELECT 'canary" + "W0rks'");
            try (TargetSession session = open(server, user, mark + "1")) {
                session.survey(Shared.credential(server, user, mark + "1"));
                session.change(change(server, user, mark + "1", mark + "2"));
            }
            try (TargetSession session = open(server, "root", "root")) {
                session.survey(Shared.credential(server, user, mark + "2"));
                session.change(change(server, user, mark + "2", mark + "3'\\"));
            }
            works(server, user, mark + "3'\\");
            server.execute("FLUSH LOGS", "SET GLOBAL general_log = OFF", "SET GLOBAL slow_query_log = OFF");
            assertEquals(List.of(), files(server, mark));
            String canary = files(server, "canaryW0rks").toString();
            assertTrue(canary.contains("slow.log") && canary.contains("general_log.CSV"), canary);
            assertTrue(files(server, "SET PASSWORD").toString().contains("binlog"), "the change is in the binary log, as a hash");
            assertEquals("0", server.value("SELECT COUNT(*) FROM performance_schema.events_statements_history_long WHERE SQL_TEXT"
                    + " LIKE CONCAT('%k3yturn', 'M4rk%')"));
        });
    }

    private static List<String> files(MysqlServer server, String text) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(server.folder())) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1).contains(text)) {
                    found.add(path.getFileName().toString());
                }
            }
        }
        return found;
    }

    @Test
    void twoThousandValuesAreSet() throws Exception {
        onServer(server -> {
            String user = account(server);
            try (TargetSession session = open(server, "root", "root")) {
                for (String value : CharactersTest.values(11)) {
                    session.change(change(server, user, "any", value));
                    assertTrue(BareLogin.accepted(server.port(), user, value), value);
                }
            }
            String from = "old-1";
            String self = account(server);
            for (String value : InjectionTest.NAMES) { // As good as any other values.
                try (TargetSession session = open(server, self, from)) {
                    session.change(change(server, self, from, value));
                }
                works(server, self, value);
                from = value;
            }
        });
    }

    @Test
    void anyNameIsTheNameOfTheAccount() throws Exception {
        onServer(server -> {
            for (String user : InjectionTest.NAMES) {
                String quoted = "'" + user.replace("\\", "\\\\").replace("'", "''") + "'@'%'";
                server.execute("CREATE USER " + quoted + " IDENTIFIED BY 'old-1'");
                try (TargetSession session = open(server, user, "old-1"); TargetSession root = open(server, "root", "root")) {
                    session.survey(Shared.credential(server, user, "old-1"));
                    session.change(change(server, user, "old-1", "new-1"));
                    works(server, user, "new-1");
                    root.change(change(server, user, "new-1", "new-2"));
                }
                works(server, user, "new-2");
                server.execute("DROP USER " + quoted);
            }
            Credential none = Shared.credential(server, "a\0b", "x");
            refused(MISCONFIGURED, () -> new MysqlTarget().open(none, Shared.context(TlsSettings.required())));
        });
    }
}
