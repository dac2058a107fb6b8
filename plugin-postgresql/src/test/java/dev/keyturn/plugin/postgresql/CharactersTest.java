package dev.keyturn.plugin.postgresql;

import static dev.keyturn.plugin.postgresql.Fixture.OLD;
import static dev.keyturn.plugin.postgresql.Fixture.credential;
import static dev.keyturn.plugin.postgresql.Fixture.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever characters a value has, it is refused beforehand or it works (R9). */
class CharactersTest {

    private static final int COUNT = 2_000;
    private static final String[] NASTY = {"'", "''", "\\", "\\'", "\"", "`", "%", "%s", "?", "??", "$1", "$$", "${x}", "{}", "{fn now()}", ";",
        "--", "/*", "*/", "#", "&", "=", "@", ":", "/", " ", "  ", "<", ">", "|", "E'", "\\u0041", "\\000", "md5", "SCRAM-SHA-256$",
        "'; DROP ROLE postgres; --"};
    private static final String[] FOREIGN = {"\u00e9", "e\u0301", "\u00df", "\u4e2d\u6587", "\ud55c\uae00", "\ud83d\udd11", "\u00a0", "\u2003",
        "\ufb01", "\u00ad", "\u200b", "\u0627\u0628", "\u05d0\u05d1", "\u2168", "\ufeff", "\u0130", "\uff21", "\u0378", "\ue000"};

    @Test
    void everyValueIsRefusedBeforehandOrWorks() throws Exception {
        String role = Fixture.role();
        PasswordRules rules = new PostgresqlTarget().passwordRules();
        // One login by TLS for all changes; the server is asked to make the proof cheap where it can be (PostgreSQL 16 and later).
        if (Fixture.version() >= 16) {
            server().execute("ALTER ROLE " + server().adminUser() + " SET scram_iterations = 64");
        }
        int refused = 0;
        try (TargetSession session = Fixture.open(Fixture.admin(), Fixture.verified())) {
            for (String value : values()) {
                if (rules.refusal(value).isPresent()) {
                    refused++;
                    continue;
                }
                try {
                    session.change(Change.reset(credential(role, value)));
                } catch (TargetException e) {
                    assertTrue(e.kind() == Kind.VALUE_REFUSED && nothingIsLeftOf(value), e.getMessage() + ": " + shown(value));
                    refused++;
                    continue;
                }
                assertEquals(PostgresqlServer.Login.ACCEPTED, server().login(role, value), () -> shown(value));
            }
        } finally {
            server().execute("ALTER ROLE " + server().adminUser() + " RESET ALL");
        }
        assertTrue(refused < COUNT / 10, refused + " values refused");
        assertEquals(PostgresqlServer.Login.REFUSED, server().login(role, OLD), "it is not that any value gets in");
    }

    /** The driver prepares a password as the server and other clients do, or they could not log in with what is set here. */
    @Test
    void theServerItselfUnderstandsTheSameByAValue() throws Exception {
        String role = Fixture.role();
        try (Connection admin = server().admin(); Statement statement = admin.createStatement()) {
            for (String foreign : FOREIGN) {
                for (String value : List.of(foreign, "a" + foreign, foreign + "1" + foreign, foreign + "x")) {
                    // U+200B is a space to the server and nothing to the driver. The README names such characters.
                    if (nothingIsLeftOf(value) || value.contains("\u200b")) {
                        continue;
                    }
                    plainly(statement, role, value);
                    assertEquals(PostgresqlServer.Login.ACCEPTED, server().login(role, value), () -> shown(value));
                    Fixture.open(role, value).close();
                }
            }
        }
    }

    /** The driver cannot log in with such a value, so it must not be set either. */
    @Test
    void aValueOfWhichPreparationLeavesNothingIsRefused() throws Exception {
        String role = Fixture.role();
        for (String value : List.of("\u00ad", "\u200b\ufeff")) {
            try (TargetSession session = Fixture.open(role, OLD)) {
                Fixture.refused(Kind.VALUE_REFUSED, () -> session.change(Change.of(credential(role, OLD), credential(role, value))));
            }
            Fixture.refused(Kind.MISCONFIGURED, () -> Fixture.open(role, value).close());
            assertEquals(PostgresqlServer.Login.ACCEPTED, server().login(role, OLD));
        }
    }

    @Test
    void whatCannotBeHeldIsRefusedBeforehand() {
        PasswordRules rules = new PostgresqlTarget().passwordRules();
        for (String value : List.of("", "a\0b", "\n", "tab\t", "\u0085", "\ud83d", "x".repeat(1_001))) {
            assertTrue(rules.refusal(value).isPresent(), () -> shown(value));
        }
    }

    private static boolean nothingIsLeftOf(String value) {
        return value.codePoints().allMatch(c -> c == 0xad || c == 0x200b || c == 0xfeff);
    }

    private static void plainly(Statement statement, String role, String value) throws SQLException {
        statement.execute("ALTER ROLE " + role + " PASSWORD '" + value.replace("'", "''") + "'");
    }

    private static Set<String> values() {
        Set<String> values = new LinkedHashSet<>();
        StringBuilder all = new StringBuilder();
        for (char c = ' '; c < 0x7f; c++) {
            all.append(c);
            values.add(String.valueOf(c));
            values.add(String.valueOf(c).repeat(3));
            values.add(" " + c);
            values.add(c + " ");
        }
        values.add(all.toString());
        values.add(all.reverse().toString());
        values.add("x".repeat(1_000));
        values.add("\u4e2d".repeat(333));
        values.add("md5" + "0123456789abcdef".repeat(2));
        values.add("SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$" + "A".repeat(43) + "=:" + "A".repeat(43) + "=");
        values.addAll(List.of(NASTY));
        values.addAll(List.of(FOREIGN));
        // The seed is fixed: a failure can be repeated.
        Random random = new Random(20261123);
        List<String> pieces = new ArrayList<>(List.of(NASTY));
        pieces.addAll(List.of(FOREIGN));
        while (values.size() < COUNT) {
            StringBuilder value = new StringBuilder();
            int length = 1 + random.nextInt(24);
            for (int i = 0; i < length; i++) {
                value.append(random.nextInt(3) == 0 ? pieces.get(random.nextInt(pieces.size()))
                        : String.valueOf((char) (' ' + random.nextInt(95))));
            }
            values.add(value.toString());
        }
        return values;
    }

    private static String shown(String value) {
        StringBuilder shown = new StringBuilder();
        value.codePoints().forEach(c -> shown.append(Integer.toHexString(c)).append(' '));
        return shown.toString();
    }
}
