package dev.keyturn.engine.rotation;

import dev.keyturn.api.PasswordRules;
import dev.keyturn.engine.secretmanager.Json;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a new value looks like for one account, and how one is made. Four classes of characters, at least one of each (of the
 * symbols only where the arguments leave some), nothing that a shell, a URL or a console trips over.
 */
public final class NewValue {

    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String UPPER = LOWER.toUpperCase(Locale.ROOT);
    private static final String DIGITS = "0123456789";

    private final int length;
    private final String lower;
    private final String upper;
    private final String digits;
    private final String symbols;
    private final String all;

    private NewValue(int length, String lower, String upper, String digits, String symbols) {
        this.length = length;
        this.lower = lower;
        this.upper = upper;
        this.digits = digits;
        this.symbols = symbols;
        this.all = lower + upper + digits + symbols;
    }

    static NewValue of(PasswordRules rules, int length, String exclude) {
        return new NewValue(length, without(LOWER, exclude), without(UPPER, exclude), without(DIGITS, exclude),
                without(rules.symbols(), exclude));
    }

    /**
     * Why no value can be made as the arguments wish: found out before anything is sent.
     *
     * @param rules the plugin's
     * @param wished characters; null for the plugin's usual length
     * @param exclude characters that are not wanted
     * @return the reason; empty if values can be made
     */
    public static Optional<String> impossible(PasswordRules rules, @Nullable Integer wished, String exclude) {
        int length = wished == null ? rules.length() : wished;
        if (length < rules.minLength() || length > rules.maxLength()) {
            return Optional.of("the length " + length + " is outside " + rules.minLength() + " to " + rules.maxLength());
        }
        NewValue wish = of(rules, length, exclude);
        return wish.lower.isEmpty() || wish.upper.isEmpty() || wish.digits.isEmpty()
                ? Optional.of("no lower-case letter, no upper-case letter or no digit is left") : Optional.empty();
    }

    /** A new value: every one that fits is as likely as every other, since misfits are thrown away whole. */
    String make(RandomGenerator random, String user) {
        String letters = lower + upper;
        while (true) {
            StringBuilder value = new StringBuilder(length);
            value.append(letters.charAt(random.nextInt(letters.length())));
            while (value.length() < length) {
                value.append(all.charAt(random.nextInt(all.length())));
            }
            if (misfit(value.toString(), user).isEmpty()) {
                return value.toString();
            }
        }
    }

    /** Why a value, made elsewhere, may not be used; does not show it. */
    Optional<String> misfit(String value, String user) {
        if (value.length() != length) {
            return Optional.of("it has " + value.length() + " characters, not " + length);
        }
        if (value.chars().anyMatch(c -> all.indexOf(c) < 0)) {
            return Optional.of("it has a character that was not asked for");
        }
        if (lacks(value, lower) || lacks(value, upper) || lacks(value, digits) || !symbols.isEmpty() && lacks(value, symbols)) {
            return Optional.of("a class of characters is missing");
        }
        if (user.length() >= 3 && value.toLowerCase(Locale.ROOT).contains(user.toLowerCase(Locale.ROOT))) {
            return Optional.of("it contains the account's name");
        }
        return Optional.empty();
    }

    /** The request for Generate Random Secret: without includeSpace=false every value would have a space in it. */
    ObjectNode wish() {
        ObjectNode wish = Json.object();
        wish.put("length", length);
        wish.put("excludeCharacters", IntStream.rangeClosed('!', '~').filter(c -> all.indexOf(c) < 0)
                .mapToObj(Character::toString).collect(Collectors.joining()));
        wish.put("excludePunctuation", symbols.isEmpty());
        wish.put("includeSpace", false);
        wish.put("requireEachIncludedType", true);
        return wish;
    }

    private static boolean lacks(String value, String characters) {
        return value.chars().noneMatch(c -> characters.indexOf(c) >= 0);
    }

    private static String without(String characters, String exclude) {
        return characters.chars().filter(c -> exclude.indexOf(c) < 0).mapToObj(Character::toString).collect(Collectors.joining());
    }
}
