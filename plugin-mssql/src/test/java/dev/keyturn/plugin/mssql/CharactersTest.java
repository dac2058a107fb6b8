package dev.keyturn.plugin.mssql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.plugin.mssql.TdsStandIn.Answer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** R9: any value that the server can hold works; any other is refused before the server hears of it. */
class CharactersTest {

    private static final List<String> TRICKY = List.of("'", "''", "'''", "it's", "'; DROP LOGIN [sa]; --", "--", "/*", "*/",
            "/* */", "]]", "[x]", "\"", "\\", "\\'", "%s%n", "?", "?=", "{}", "${x}", "#{x}", "{call x}", "{ts '1'}", "{limit 5}",
            "{fn user()}", "select {limit 5}", "{limit 1 offset 2}", "(select {limit 1})", "N'x'", " lead", "trail ", " ", "  ",
            ";", ";encrypt=false", "a;b", "@p0", "GO", "0x41", "a' OLD_PASSWORD = N'b", "$(x)", "%x%", "!", "~`", "&amp;",
            "<tag>", "\u00e9", "e\u0301", "\ufb01", "\u00a0", "\u3000x", "\u2019", "\u02bc", "\uff07", "\ud83d\udd11",
            "\ube44\ubc00\ubc88\ud638", "\u0130\u0131", "\u202ex", "\ufeff", "x".repeat(128), "'".repeat(128), "{".repeat(128),
            "\u20ac".repeat(42));

    /** The same for every run: a failure can be repeated. */
    private static Set<String> values() {
        Set<String> values = new LinkedHashSet<>(TRICKY);
        for (char c = ' '; c < 0x7f; c++) {
            values.add(String.valueOf(c));
            values.add(String.valueOf(c).repeat(3));
            values.add("a" + c + "B" + c + c + "1");
        }
        Random random = new Random(20261123);
        while (values.size() < 1_900) {
            StringBuilder value = new StringBuilder();
            for (int length = 1 + random.nextInt(128); length > 0; length--) {
                value.append((char) (' ' + random.nextInt(95)));
            }
            values.add(value.toString());
        }
        String hostile = "'\"]{}?;-/* \\%$";
        while (values.size() < 2_200) {
            StringBuilder value = new StringBuilder();
            for (int length = 1 + random.nextInt(20); length > 0; length--) {
                value.append(hostile.charAt(random.nextInt(hostile.length())));
            }
            values.add(value.toString());
        }
        while (values.size() < 2_500) {
            StringBuilder value = new StringBuilder();
            for (int length = 1 + random.nextInt(30); length > 0; length--) {
                int c = 0xa0 + random.nextInt(0x20000 - 0xa0);
                value.appendCodePoint(c >= 0xd800 && c < 0xe000 ? '\u00fc' : c);
            }
            if (MssqlTarget.RULES.refusal(value.toString()).isEmpty()) {
                values.add(value.toString());
            }
        }
        return values;
    }

    @Test
    void everyValueThatTheRulesTakeWorks() throws Exception {
        try (TdsStandIn server = TdsStandIn.startWithoutTls()) {
            server.createLogin("o]b'rien", "Old-1st_Value");
            Credential current = Plain.credential(server, "o]b'rien", "Old-1st_Value");
            Credential admin = Plain.credential(server, server.adminUser(), server.adminPassword());
            int number = 0;
            try (TargetSession administrator = new MssqlTarget().open(admin, Plain.context(10_000))) {
                for (String value : values()) {
                    assertEquals(java.util.Optional.empty(), MssqlTarget.RULES.refusal(value));
                    Credential next = current.with("password", value);
                    if (!set(administrator, current, next, number++ % 2 == 0)) {
                        assertTrue(value.contains("limit"), "only the driver's own escapes are refused: " + value);
                        continue;
                    }
                    assertEquals(Answer.ACCEPTED, server.attempt("o]b'rien", value), value);
                    current = next;
                }
            }
            assertEquals(2_500, number);
            assertEquals(0, server.refusedLogins());
        }
    }

    private static boolean set(TargetSession administrator, Credential from, Credential to, boolean self)
            throws TargetException {
        try (TargetSession own = self ? new MssqlTarget().open(from, Plain.context(10_000)) : null) {
            (own == null ? administrator : own).change(Change.of(from, to));
            return true;
        } catch (TargetException e) {
            assertEquals(Kind.VALUE_REFUSED, e.kind(), e.getMessage());
            return false;
        }
    }

    @Test
    void whatTheDriverWouldRewriteIsRefusedAndNotSent() throws Exception {
        try (TdsStandIn server = TdsStandIn.startWithoutTls()) {
            // With a quote in the name the driver takes the value for code: it would move the 5 behind the "select".
            for (String name : List.of("o'brien", "o(brien", "{brien", "select {limit 5}", "brien")) {
                server.createLogin(name, "Old-1st_Value");
                Credential from = Plain.credential(server, name, "Old-1st_Value");
                Credential to = from.with("password", "select {limit 5}");
                try (TargetSession session = new MssqlTarget().open(from, Plain.context(5_000))) {
                    if (name.equals("brien")) {
                        session.change(Change.of(from, to));
                    } else {
                        assertEquals(Kind.VALUE_REFUSED,
                                assertThrows(TargetException.class, () -> session.change(Change.of(from, to))).kind());
                    }
                }
                assertEquals(Answer.ACCEPTED,
                        server.attempt(name, name.equals("brien") ? "select {limit 5}" : "Old-1st_Value"));
            }
            assertEquals(1, server.statements().stream().filter(text -> text.startsWith("ALTER")).count());
        }
    }

    @Test
    void whatTheServerCannotHoldIsRefusedByTheRules() {
        PasswordRules rules = new MssqlTarget().passwordRules();
        for (String value : List.of("", "x".repeat(129), "\u20ac".repeat(43), "a\u0000b", "a\nb", "a\tb", "\ud83d", "\u0085")) {
            assertTrue(rules.refusal(value).isPresent());
        }
        assertEquals(8, rules.minLength());
        assertEquals(20, rules.length());
        assertEquals(20, rules.maxLength());
        assertTrue("`&\\\"'/ ".chars().noneMatch(c -> rules.symbols().indexOf(c) >= 0), "what NAVER forbids is not made");
    }
}
