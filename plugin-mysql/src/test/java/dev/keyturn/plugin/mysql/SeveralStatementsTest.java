package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.CONFLICT;
import static dev.keyturn.api.TargetException.Kind.UNKNOWN;
import static dev.keyturn.plugin.mysql.Shared.OVERLAP;
import static dev.keyturn.plugin.mysql.Shared.account;
import static dev.keyturn.plugin.mysql.Shared.changing;
import static dev.keyturn.plugin.mysql.Shared.context;
import static dev.keyturn.plugin.mysql.Shared.credential;
import static dev.keyturn.plugin.mysql.Shared.fails;
import static dev.keyturn.plugin.mysql.Shared.open;
import static dev.keyturn.plugin.mysql.Shared.refused;
import static dev.keyturn.plugin.mysql.Shared.root;
import static dev.keyturn.plugin.mysql.Shared.server;
import static dev.keyturn.plugin.mysql.Shared.works;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What goes in one text saves round trips, and has the same end as one after the other. */
class SeveralStatementsTest {

    /** The lexer reads a statement when its turn has come: what the first sets holds for the next ones. */
    @Test
    void theModeHoldsForTheRestOfTheText() throws Exception {
        List<String> hostile = List.of("\\", "\\'", "'\\", "a\\", "\\'; DROP USER root; -- ", "'; DROP USER root; -- \\", "\\\\'", "\"\\'", ";");
        try (TargetSession session = root(Map.of())) {
            Statements sql = ((AccountSession) session).sql;
            for (String mode : CharactersTest.MODES) {
                for (String text : hostile) {
                    sql.execute("SET sql_mode = '" + mode + "'");
                    List<List<List<String>>> answers = sql.begin("lock_wait_timeout = 10", "SELECT " + sql.quoted(text), "SELECT 1");
                    assertEquals(List.of(List.of(List.of(text)), List.of(List.of("1"))), answers, mode);
                }
            }
        }
    }

    @Test
    void nothingAfterAnErrorIsDoneAndTheSessionGoesOn() throws Exception {
        try (TargetSession session = root(Map.of())) {
            Statements sql = ((AccountSession) session).sql;
            SQLException e = assertThrows(SQLException.class, () -> sql.results("SET @a = 1", "SELECT @a", "SELECT nonsense", "SET @a = 2"));
            assertEquals(1054, e.getErrorCode());
            assertEquals(List.of("1"), sql.row("SELECT @a"));
            assertEquals(List.of(List.of(), List.of(List.of("1"), List.of("2")), List.of()),
                    sql.results("SET @a = 3", "SELECT 1 UNION SELECT 2", "SET @a = 4"));
        }
    }

    @Test
    void ifOnlyDroppingTheSecondPasswordFailsThatIsSaid() throws Exception {
        String user = account(OVERLAP);
        try (Relay relay = new Relay("127.0.0.1", server().port(), Integer.MAX_VALUE, "DISCARD OLD", "DISCORD OLD")) {
            Credential through = credential(user, "old-1").with(Credential.PORT, Integer.toString(relay.port()));
            try (TargetSession session = new MysqlTarget().open(through, context(TlsSettings.off()))) {
                TargetException refusal = refused(UNKNOWN, () -> session.change(changing(user, "old-1", "new-1", false)));
                assertTrue(refusal.getMessage().contains("the password was changed"), refusal.getMessage());
            }
        }
        works(user, "new-1");
        fails(user, "old-1");
    }

    @Test
    void aChangeThatIsRefusedAfterOneThatWasMadeIsNotTakenForMade() throws TargetException {
        String user = account();
        try (TargetSession session = open(user, "old-1")) {
            session.change(changing(user, "old-1", "new-1", false));
            refused(CONFLICT, () -> session.change(changing(user, "old-1", "new-2", false))); // The session's password is not the account's.
        }
        works(user, "new-1");
    }

    /** The binary log is what counts: some versions' general log repeats the text of the first statement for the second. */
    @Test
    void replicasDropTheSecondPasswordToo() throws TargetException, IOException {
        String user = account(OVERLAP);
        String dropped = "ALTER USER '" + user + "'@'%' DISCARD OLD PASSWORD";
        Shared.change(user, "old-1", "new-1", true);
        assertEquals(0, logged(dropped));
        try (TargetSession session = open(user, "new-1")) {
            session.change(Shared.retiring(user, "new-1", "old-1"));
            assertEquals(1, logged(dropped));
            session.change(changing(user, "new-1", "new-2", false));
            assertEquals(2, logged(dropped));
        }
    }

    private static long logged(String statement) throws IOException {
        long found = 0;
        try (Stream<Path> files = Files.list(server().folder().resolve("data"))) {
            for (Path file : files.filter(path -> path.getFileName().toString().matches("binlog\\.\\d+")).toList()) {
                found += new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).split(statement, -1).length - 1;
            }
        }
        return found;
    }

    /** The driver sets nothing, and believes what it is told of the server: the session's own settings have to make that true. */
    @Test
    void aServerWithSettingsOfItsOwnChangesNothing() throws Exception {
        try (MysqlServer odd = MysqlServer.start("--skip-character-set-client-handshake", "--character-set-server=latin1",
                "--collation-server=latin1_swedish_ci", "--autocommit=0", "--init-connect=SET sql_mode = 'ANSI_QUOTES'")) {
            odd.createAccount("user1", "old-1", OVERLAP);
            for (TlsSettings tls : List.of(TlsSettings.verify().withCa(odd.ca()), TlsSettings.off())) {
                String from = "old-1";
                for (String value : List.of("new-é한\uD83D\uDD11", "\\'é\\", "old-1")) {
                    try (TargetSession session = new MysqlTarget().open(Shared.credential(odd, "user1", from), context(tls))) {
                        assertEquals(List.of("1", "utf8mb4"),
                                ((AccountSession) session).sql.row("SELECT @@autocommit, @@character_set_results"));
                        session.survey(Shared.credential(odd, "user1", from));
                        session.change(Change.of(Shared.credential(odd, "user1", from), Shared.credential(odd, "user1", value)));
                    }
                    assertEquals(MysqlServer.Login.ACCEPTED, odd.login("user1", value), value);
                    from = value;
                }
            }
        }
    }
}
