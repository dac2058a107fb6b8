package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.MISCONFIGURED;
import static dev.keyturn.api.TargetException.Kind.REJECTED;
import static dev.keyturn.plugin.mysql.Shared.account;
import static dev.keyturn.plugin.mysql.Shared.change;
import static dev.keyturn.plugin.mysql.Shared.changing;
import static dev.keyturn.plugin.mysql.Shared.context;
import static dev.keyturn.plugin.mysql.Shared.credential;
import static dev.keyturn.plugin.mysql.Shared.fails;
import static dev.keyturn.plugin.mysql.Shared.open;
import static dev.keyturn.plugin.mysql.Shared.refused;
import static dev.keyturn.plugin.mysql.Shared.retiring;
import static dev.keyturn.plugin.mysql.Shared.root;
import static dev.keyturn.plugin.mysql.Shared.server;
import static dev.keyturn.plugin.mysql.Shared.works;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** R9: no field of a secret changes a statement or a connection setting. */
class InjectionTest {

    private static final String EVERYTHING = "SELECT MD5(GROUP_CONCAT(User, Host, authentication_string, IFNULL(User_attributes, '')"
            + " ORDER BY User, Host)) FROM mysql.user";

    static final List<String> NAMES = List.of("o'br\"ien", "back\\slash", "back\\'", "back`tick`", "x'@'%' -- x", "'; DROP USER root; -- x",
            "u@h", "u@", "@", "?allowLoadLocalInfile=true", "a&b=c#d/e:f%20g", "{fn now()}", "with  spaces", "한국어 이름", "%", "_",
            "a TO `b`@`c`", "IDENTIFIED WITH 'auth_socket'");

    static final List<String> IMPOSSIBLE = List.of("a\0b", "root\0x", "a\nb", "a\rb", "a\tb", "\u007f");

    @ParameterizedTest
    @FieldSource("NAMES")
    void anyNameIsTheNameOfTheAccountAndNothingElse(String user) throws TargetException {
        refused(REJECTED, () -> open(user, "old-1"));
        String quoted = "'" + user.replace("\\", "\\\\").replace("'", "''") + "'@'%'";
        server().execute("CREATE USER " + quoted + " IDENTIFIED BY 'old-1'", "GRANT " + Shared.OVERLAP + " TO " + quoted);
        try {
            try (TargetSession session = open(user, "old-1")) {
                assertTrue(session.identity().startsWith(user + "@%@"), session.identity());
                assertTrue(session.survey(credential(user, "old-1")).overlap());
                session.change(changing(user, "old-1", "new-1", true));
            }
            works(user, "old-1", "new-1");
            try (TargetSession session = root(Map.of())) {
                session.survey(credential(user, "new-1"));
                session.change(changing(user, "new-1", "new-2", true));
                session.change(retiring(user, "new-2", "new-1"));
            }
            works(user, "new-2");
            fails(user, "old-1", "new-1");
        } finally {
            server().execute("DROP USER " + quoted);
        }
    }

    @ParameterizedTest
    @FieldSource("IMPOSSIBLE")
    void aNameWithAControlCharacterNeverReachesTheServer(String user) {
        long connections = server().connections();
        refused(MISCONFIGURED, () -> open(user, "old-1"));
        assertEquals(connections + 1, server().connections()); // The question itself is one.
    }

    @Test
    void aHostOrPortIsNothingElse() {
        long connections = server().connections();
        for (String host : List.of("127.0.0.1,127.0.0.1", "127.0.0.1/mysql?x=y", "(host=127.0.0.1,allowLoadLocalInfile=true)",
                "127.0.0.1:3306", "[::1]", "a b", "a\nb", "a\0b", "user:password@127.0.0.1", "")) {
            refused(MISCONFIGURED, () -> new MysqlTarget().open(credential("root", "root").with(Credential.HOST, host), context()));
        }
        for (String port : List.of("3306/mysql?allowLoadLocalInfile=true", "0", "65536", "-1", "1e3", "")) {
            refused(MISCONFIGURED, () -> new MysqlTarget().open(credential("root", "root").with(Credential.PORT, port), context()));
        }
        assertEquals(connections + 1, server().connections());
    }

    @Test
    void theDatabaseOfASecretIsNoPartOfTheLogin() throws TargetException {
        String user = account();
        for (String database : List.of("missing", "a'b`c\"", "x?allowLoadLocalInfile=true", "\0", "mysql; DROP USER root")) {
            new MysqlTarget().open(credential(user, "old-1").with("database", database), context()).close();
        }
    }

    @Test
    void anOptionIsNothingElse() throws TargetException {
        String user = account();
        String before = server().value(EVERYTHING);
        for (String host : List.of("%' IDENTIFIED BY 'x' -- ", "%'; DROP USER root; -- ", "\\", "'", "")) {
            try (TargetSession session = root(Map.of("accountHost", host))) {
                refused(MISCONFIGURED, () -> session.survey(credential(user, "old-1")));
                refused(MISCONFIGURED, () -> session.change(changing(user, "old-1", "new-1", false)));
            }
        }
        assertEquals(before, server().value(EVERYTHING));
    }

    @Test
    void aValueIsNothingElse() throws TargetException {
        String user = account();
        String count = "SELECT COUNT(*) FROM mysql.user";
        String before = server().value(count);
        String value = "x' REQUIRE NONE; DROP USER root; -- \\' ACCOUNT LOCK";
        change(user, "old-1", value, false);
        works(user, value);
        assertEquals(before, server().value(count));
    }
}
