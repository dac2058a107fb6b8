package dev.keyturn.plugin.mysql;

import static dev.keyturn.plugin.mysql.Shared.OVERLAP;
import static dev.keyturn.plugin.mysql.Shared.account;
import static dev.keyturn.plugin.mysql.Shared.change;
import static dev.keyturn.plugin.mysql.Shared.changing;
import static dev.keyturn.plugin.mysql.Shared.credential;
import static dev.keyturn.plugin.mysql.Shared.name;
import static dev.keyturn.plugin.mysql.Shared.open;
import static dev.keyturn.plugin.mysql.Shared.retiring;
import static dev.keyturn.plugin.mysql.Shared.root;
import static dev.keyturn.plugin.mysql.Shared.server;
import static dev.keyturn.plugin.mysql.Shared.works;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** R9: every value that the server can hold is set as it is, whatever mode the server runs in. */
class CharactersTest {

    static final List<String> MODES = List.of("STRICT_TRANS_TABLES", "ANSI_QUOTES", "NO_BACKSLASH_ESCAPES");

    private static final List<String> NASTY = List.of("'", "\\", "\"", "`", "%", "?", "{}", "{fn now()}", "$", ";", "--", "-- x", "/*",
            "*/", "#", "\\'", "'\\", "''", "\\\\", "\\\\'", "' ", "{d '1'}", "{", "}", "${x}", "%s", "?,?", ":a", "@a", "' OR ''='",
            "'; DROP USER root; -- ", " a", "a ", " a ", "  ", "it's \\\"%{}", "\\0", "\\n", "\\", "a\\", "a'", "a\"", "\\%", "\\_",
            "0x41", "NULL", "null", "_utf8'a'", "N'a'", "é", "e\u0301", "ß", "한국어", "日本", "\uD83D\uDD11", "ﬁ", "\u00a0", "\u200b", "ａ");

    /** At least 2,000, always the same ones. */
    static List<String> values(long seed) {
        List<String> values = new ArrayList<>(NASTY);
        for (char c = ' '; c <= '~'; c++) {
            values.addAll(List.of(String.valueOf(c), "a" + c, c + "a", String.valueOf(c).repeat(2), String.valueOf(c).repeat(7),
                    "a" + c + "b" + c + "c"));
        }
        values.addAll(List.of("x".repeat(256), "'".repeat(256), "\\".repeat(256), "한".repeat(85), "\uD83D\uDD11".repeat(64)));
        Random random = new Random(seed);
        while (values.size() < 2_000) {
            StringBuilder value = new StringBuilder();
            for (int length = 1 + random.nextInt(40); length > 0; length--) {
                value.append(random.nextInt(3) == 0 ? NASTY.get(random.nextInt(NASTY.size())) : (char) (' ' + random.nextInt(95)));
            }
            values.add(value.substring(0, Math.min(value.length(), 60)).replaceAll("[\uD800-\uDFFF]", "-"));
        }
        return values;
    }

    private interface Work {
        void run() throws TargetException, IOException;
    }

    private static void inMode(String mode, Work work) throws TargetException, IOException {
        String before = server().value("SELECT @@GLOBAL.sql_mode");
        server().execute("SET GLOBAL sql_mode = '" + mode + "'");
        try {
            work.run();
        } finally {
            server().execute("SET GLOBAL sql_mode = '" + before + "'");
        }
    }

    @ParameterizedTest
    @FieldSource("MODES")
    void twoThousandValuesAreSetByAnAdministrator(String mode) throws TargetException, IOException {
        String user = name();
        server().execute("CREATE USER " + user + " IDENTIFIED WITH mysql_native_password BY 'old-1'");
        List<String> values = values(MODES.indexOf(mode));
        assertTrue(values.size() >= 2_000);
        inMode(mode, () -> {
            try (TargetSession session = root(Map.of())) { // One session for all: each change is complete in itself.
                String from = "old-1";
                for (String value : values) {
                    assertTrue(new MysqlTarget().passwordRules().refusal(value).isEmpty(), value);
                    session.change(changing(user, from, value, false));
                    assertTrue(BareLogin.accepted(server().port(), user, value), value);
                    from = value;
                }
                assertFalse(BareLogin.accepted(server().port(), user, "old-1"));
            }
        });
    }

    @ParameterizedTest
    @FieldSource("MODES")
    void anAccountSetsNastyValuesComparesThemKeepsThemAndRetiresThem(String mode) throws TargetException, IOException {
        String user = account(OVERLAP);
        inMode(mode, () -> {
            String before = "old-0";
            String from = "old-1";
            for (String value : NASTY.stream().distinct().toList()) {
                try (TargetSession session = open(user, from)) {
                    session.change(retiring(user, from, before));
                    session.change(changing(user, from, value, true).retiring(credential(user, before)));
                }
                works(user, from, value);
                before = from;
                from = value;
            }
            change(user, from, "x".repeat(256), false);
            works(user, "x".repeat(256));
            change(user, "x".repeat(256), "한".repeat(85), false);
            works(user, "한".repeat(85));
        });
    }

    @ParameterizedTest
    @FieldSource("REFUSED")
    void whatTheServerCannotHoldIsRefusedBeforeItIsTouched(String value) {
        assertTrue(new MysqlTarget().passwordRules().refusal(value).isPresent());
    }

    static final List<String> REFUSED = List.of("", "a\0b", "a\nb", "a\tb", "a\u007fb", "a\u0085b", "x".repeat(257), "한".repeat(86), "\uD83D");

    @ParameterizedTest
    @FieldSource("MODES")
    void aValueIsRecognisedInWhatTheServerKeeps(String mode) throws TargetException, IOException {
        inMode(mode, () -> {
            List<String> values = values(7);
            for (String method : List.of("caching_sha2_password", "sha256_password", "mysql_native_password")) {
                String user = name();
                server().execute("CREATE USER " + user + " IDENTIFIED WITH " + method + " BY 'old-1'");
                String from = "old-1";
                for (int i = 0; i < 20; i++) {
                    String value = values.get((i * 97 + MODES.indexOf(mode)) % 600);
                    try (TargetSession session = root(Map.of())) {
                        session.change(changing(user, from, value, true)); // Refused, if the hash were not recognised.
                    }
                    works(user, from, value);
                    from = value;
                }
                assertEquals(method, server().value("SELECT plugin FROM mysql.user WHERE User = '" + user + "'"));
            }
        });
    }
}
