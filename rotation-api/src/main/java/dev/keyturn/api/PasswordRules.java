package dev.keyturn.api;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * What passwords of a target look like: which ones it can hold, and which ones are made for it. Immutable.
 *
 * <p>The two differ on purpose. A value is <em>made</em> from letters, digits and a few symbols that no shell, URL or
 * connection string gives a meaning to, with each of the four classes in it. A value that somebody else chose is
 * <em>held</em> whenever the target can hold it (R9), and refused before the target is touched when it cannot.
 */
public final class PasswordRules {

    /** Symbols that mean nothing in SQL, URLs, JSON, property files and most shells, and that NAVER's consoles accept. */
    public static final String SAFE_SYMBOLS = "!#*-_=^~";

    private static final PasswordRules STANDARD = new PasswordRules(8, 20, 20, 128, false, SAFE_SYMBOLS);

    private final int minLength;
    private final int length;
    private final int maxLength;
    private final int maxBytes;
    private final boolean unicode;
    private final String symbols;

    private PasswordRules(int minLength, int length, int maxLength, int maxBytes, boolean unicode, String symbols) {
        if (minLength < 4 || length < minLength || maxLength < length || maxBytes < maxLength) {
            throw new IllegalArgumentException("lengths must rise: 4 <= least <= usual <= most characters <= bytes");
        }
        if (!symbols.chars().allMatch(c -> c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c)) || symbols.isEmpty()) {
            throw new IllegalArgumentException("symbols are printable ASCII, neither letters nor digits nor the space");
        }
        this.minLength = minLength;
        this.length = length;
        this.maxLength = maxLength;
        this.maxBytes = maxBytes;
        this.unicode = unicode;
        this.symbols = symbols;
    }

    /**
     * Values of 20 characters (8 to 20 by argument), {@link #SAFE_SYMBOLS}; the target holds up to 128 bytes of printable
     * ASCII.
     *
     * @return the rules from which others are made
     */
    public static PasswordRules standard() {
        return STANDARD;
    }

    /**
     * The same rules with other lengths of values that are made.
     *
     * @param least characters, at least 4
     * @param usual characters, when the arguments say nothing
     * @param most characters
     * @return the rules
     */
    public PasswordRules withLengths(int least, int usual, int most) {
        return new PasswordRules(least, usual, most, maxBytes, unicode, symbols);
    }

    /**
     * The same rules with another limit of what the target can hold.
     *
     * @param bytes in UTF-8
     * @return the rules
     */
    public PasswordRules withMaxBytes(int bytes) {
        return new PasswordRules(minLength, length, maxLength, bytes, unicode, symbols);
    }

    /**
     * The same rules for a target that can hold any character but control characters.
     *
     * @return the rules
     */
    public PasswordRules withUnicode() {
        return new PasswordRules(minLength, length, maxLength, maxBytes, true, symbols);
    }

    /**
     * The same rules with other symbols in values that are made.
     *
     * @param symbols at least one
     * @return the rules
     */
    public PasswordRules withSymbols(String symbols) {
        return new PasswordRules(minLength, length, maxLength, maxBytes, unicode, Objects.requireNonNull(symbols));
    }

    /**
     * Why the target cannot hold this value, whoever made it. Looks at the value alone; asks nobody.
     *
     * @param value the value
     * @return a reason that does not show the value; empty if the target can hold it
     */
    public Optional<String> refusal(String value) {
        if (value.isEmpty()) {
            return Optional.of("it is empty");
        }
        if (value.codePoints().anyMatch(Character::isISOControl)) {
            return Optional.of("it has a control character");
        }
        if (value.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            return Optional.of("it has half of a surrogate pair");
        }
        if (!unicode && value.chars().anyMatch(c -> c > 0x7e)) {
            return Optional.of("it has a character outside ASCII");
        }
        if (value.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            return Optional.of("it is longer than " + maxBytes + " bytes");
        }
        return Optional.empty();
    }

    /**
     * The shortest value that is made.
     *
     * @return characters
     */
    public int minLength() {
        return minLength;
    }

    /**
     * The length of a value that is made, when the arguments say nothing.
     *
     * @return characters
     */
    public int length() {
        return length;
    }

    /**
     * The longest value that is made.
     *
     * @return characters
     */
    public int maxLength() {
        return maxLength;
    }

    /**
     * The symbols in values that are made.
     *
     * @return at least one character
     */
    public String symbols() {
        return symbols;
    }

    @Override
    public String toString() {
        return "PasswordRules[" + minLength + " to " + maxLength + " characters, usually " + length + ", symbols " + symbols
                + ", held up to " + maxBytes + " bytes" + (unicode ? " of Unicode" : " of ASCII") + "]";
    }
}
