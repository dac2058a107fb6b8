package dev.keyturn.plugin.mysql;

import static dev.keyturn.plugin.mysql.Shared.OVERLAP;
import static dev.keyturn.plugin.mysql.Shared.changing;
import static dev.keyturn.plugin.mysql.Shared.credential;
import static dev.keyturn.plugin.mysql.Shared.name;
import static dev.keyturn.plugin.mysql.Shared.open;
import static dev.keyturn.plugin.mysql.Shared.retiring;
import static dev.keyturn.plugin.mysql.Shared.root;
import static dev.keyturn.plugin.mysql.Shared.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** R8: no value stands in any log, table or file of the server, whatever came of the change. */
class ServerLogsTest {

    private static final String MARK = "k3yturnM4rk";

    @Test
    void noLogOfTheServerShowsAValue() throws TargetException, IOException {
        server().execute("SET GLOBAL log_output = 'FILE,TABLE'", "SET GLOBAL general_log = ON", "SET GLOBAL slow_query_log = ON",
                "SET GLOBAL long_query_time = 0");
        server().execute("SELECT 'canary" + "W0rks'"); // In a session that began with these settings.
        String user = name();
        try {
            rotate(user);
            rotate(user + "q\\'\"");
            String expired = name();
            server().execute("CREATE USER " + expired + " IDENTIFIED WITH mysql_native_password AS '"
                    + StoredHash.nativeHash(MARK + "1") + "' PASSWORD EXPIRE");
            try (TargetSession session = open(expired, MARK + "1")) {
                session.change(changing(expired, MARK + "1", MARK + "2'\\", false));
            }
        } finally {
            server().execute("FLUSH LOGS", "SET GLOBAL general_log = OFF", "SET GLOBAL slow_query_log = OFF",
                    "SET GLOBAL long_query_time = 10", "SET GLOBAL log_output = 'FILE'");
        }
        assertEquals(List.of(), files(MARK));
        String found = files("canaryW0rks").toString();
        for (String log : List.of("-slow.log", "general_log.CSV", "slow_log.CSV")) {
            assertTrue(found.contains(log), "this test would not see a value in " + log + ": " + found);
        }
        assertTrue(files("ALTER USER").toString().contains("binlog"), "nor in the binary log");
        for (String table : List.of("events_statements_current", "events_statements_history", "events_statements_history_long")) {
            assertEquals("0", server().value("SELECT COUNT(*) FROM performance_schema." + table + " WHERE SQL_TEXT LIKE CONCAT('%"
                    + MARK.substring(0, 5) + "', '" + MARK.substring(5) + "%')"), table);
        }
        assertTrue(Integer.parseInt(server().value("SELECT COUNT(*) FROM performance_schema.events_statements_history_long"
                + " WHERE SQL_TEXT LIKE 'ALTER USER%<secret>%'")) > 0);
    }

    /** Everything that is ever sent, refused or not. */
    private static void rotate(String user) throws TargetException {
        String account = "'" + user.replace("\\", "\\\\").replace("'", "''") + "'@'%'";
        server().execute("CREATE USER " + account + " IDENTIFIED WITH mysql_native_password AS '"
                + StoredHash.nativeHash(MARK + "1") + "' PASSWORD HISTORY 20", "GRANT " + OVERLAP + " TO " + account);
        String quoting = user.contains("'") ? "'\\\"" : "";
        attempt(user, MARK + "1", MARK + "2" + quoting, false);
        attempt(user, MARK + "2" + quoting, MARK + "3" + quoting, true);
        attempt(user, MARK + "2" + quoting, MARK + "4" + quoting, true);
        attempt(user, MARK + "4" + quoting, MARK + "1", true); // It had that before.
        try (TargetSession session = open(user, MARK + "4" + quoting)) {
            session.change(retiring(user, MARK + "4" + quoting, MARK + "2" + quoting));
        }
        try (TargetSession session = root(Map.of())) {
            session.survey(credential(user, MARK + "4" + quoting));
            session.change(changing(user, MARK + "4" + quoting, MARK + "5" + quoting, true));
            session.change(retiring(user, MARK + "5" + quoting, MARK + "4" + quoting));
        }
        try (TargetSession session = open(user, MARK + "6")) {
            throw new AssertionError(session);
        } catch (TargetException e) {
            assertEquals(TargetException.Kind.REJECTED, e.kind());
        }
    }

    private static void attempt(String user, String from, String to, boolean keep) throws TargetException {
        try (TargetSession session = open(user, from)) {
            session.survey(credential(user, from));
            session.change(changing(user, from, to, keep));
        } catch (TargetException e) {
            assertTrue(e.kind() == TargetException.Kind.CONFLICT || e.kind() == TargetException.Kind.VALUE_REFUSED, e.getMessage());
            assertTrue(!e.getMessage().contains(MARK) && !e.toString().contains(MARK) && e.getCause() == null);
        }
    }

    private static List<String> files(String text) throws IOException {
        TreeSet<String> found = new TreeSet<>();
        try (Stream<Path> all = Files.walk(server().folder())) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1).contains(text)) {
                    found.add(path.getFileName().toString());
                }
            }
        }
        return List.copyOf(found);
    }
}
