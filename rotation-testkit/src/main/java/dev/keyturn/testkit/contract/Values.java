package dev.keyturn.testkit.contract;

import dev.keyturn.api.PasswordRules;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Passwords: ordinary ones, and ones that break what is not quoted. */
final class Values {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LOWER = "abcdefghijkmnopqrstuvwxyz";
    private static final String UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    private static final String DIGITS = "23456789";
    private static final int LONGEST_TRIED = 65_536;

    // Each means something somewhere: in SQL, JDBC escapes, formats, templates, shells, URLs, JSON, C.
    private static final List<String> SEQUENCES = List.of("''", "\"\"", "\\\\", "\\'", "\\\"", "';--", "\";--", "*/", "/*", "--", "`",
            "?", "??", "{}", "{0}", "{?= call x}", "${x}", "#{x}", "$1", "$$", "%s%n", "%00", "%27", ":name", "@host", ":@/", "?a=b&c=d",
            "&amp;", "\\n", "\\u0027", "\\0", "(x)", "[x]", "<x>", "N'x'", "0x41", "#", "!#", "*", "~", "|", "\u00e9", "\u00df", "e\u0301",
            "\uc5f4\uc1e0", "\ud83d\udd11", "\u00a0", "\u2019", "\uff07");
    private static final List<String> FIELD_ENDINGS = List.of("'", "\"", "`", "\\", "' OR '1'='1", "\" OR \"1\"=\"1", "'; --", "\"; --",
            "\u0000", "\u0000x", "\n", "\r\nx", "%00", ";x=y", "?x=y", "&x=y", "#x", "@%", "@localhost", "/*x*/", "{x}", ",x");
    private static final List<String> HOST_ENDINGS = List.of("?x=y", "/x?x=y", ";x=y", ",127.0.0.1", ":1/x", "#x", "\\x", "&x=y", " ",
            "\n", "\u0000");

    private final PasswordRules rules;

    Values(PasswordRules rules) {
        this.rules = rules;
    }

    /** A new value of the usual length with all four classes in it. */
    String made() {
        return made(rules.length());
    }

    String made(int length) {
        StringBuilder made = new StringBuilder();
        String[] classes = {LOWER, UPPER, DIGITS, rules.symbols()};
        for (int i = 0; i < length; i++) {
            String letters = classes[i < 8 ? i % 4 : RANDOM.nextInt(3)];
            made.append(letters.charAt(RANDOM.nextInt(letters.length())));
        }
        return made.toString();
    }

    /** Made values that the rules must hold. */
    Map<String, String> everyMadeKind() {
        Map<String, String> all = new LinkedHashMap<>();
        for (int length : new int[] {rules.minLength(), rules.length(), rules.maxLength()}) {
            all.put("a value of " + length + " characters", made(length));
        }
        for (char symbol : rules.symbols().toCharArray()) {
            all.put("a value with the symbol " + symbol, embedded(String.valueOf(symbol)));
        }
        return all;
    }

    /** A description and a value, each different. The rules may refuse some. */
    Map<String, String> hostile() {
        Map<String, String> all = new LinkedHashMap<>();
        for (char c = ' '; c < 0x7f; c++) {
            if (!Character.isLetterOrDigit(c)) {
                all.put("a value with " + Text.visible(String.valueOf(c)), embedded(String.valueOf(c)));
            }
        }
        SEQUENCES.forEach(text -> all.put("a value with the text " + Text.visible(text), embedded(text)));
        for (String edge : List.of(" ", "'", "\"", "\\", "$", "#", "-", "/", "@", "=", "%", "{", "!", "?", "*", ":")) {
            all.put("a value that begins with " + Text.visible(edge), edge + made());
            all.put("a value that ends with " + Text.visible(edge), made() + edge);
        }
        all.put("a value with all letters and digits", "aA2" + LOWER + "l" + UPPER + "IO" + DIGITS + "01" + rules.symbols().charAt(0));
        return all;
    }

    /** The longest value that the rules hold, up to a bound. */
    String longest() {
        int held = rules.maxLength();
        int tooLong = LONGEST_TRIED + 1;
        while (tooLong - held > 1) {
            int middle = (held + tooLong) / 2;
            if (rules.refusal(made(middle)).isEmpty()) {
                held = middle;
            } else {
                tooLong = middle;
            }
        }
        return made(held);
    }

    /** A value with characters that every encoding treats in its own way, as far as the rules hold them. */
    String conspicuous() {
        String value = made();
        for (String part : List.of("'", "\"", "\\", "&", "%", " ", "+")) {
            String longer = value + part + made(4);
            value = rules.refusal(longer).isEmpty() ? longer : value;
        }
        return value;
    }

    private String embedded(String text) {
        String around = made(Math.max(8, rules.minLength()));
        return around.substring(0, 4) + text + around.substring(4);
    }

    static List<String> fieldEndings() {
        return FIELD_ENDINGS;
    }

    static List<String> hostEndings() {
        return HOST_ENDINGS;
    }
}
