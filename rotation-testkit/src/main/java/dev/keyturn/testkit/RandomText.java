package dev.keyturn.testkit;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The random texts that the service makes. */
final class RandomText {

    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String DIGITS = "0123456789";
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    private static final int DEFAULT_LENGTH = 12;
    private static final Set<String> FIELDS = Set.of("length", "excludeCharacters", "excludeNumbers", "excludePunctuation",
            "excludeUppercase", "excludeLowercase", "includeSpace", "requireEachIncludedType");

    private final SecureRandom random = new SecureRandom();

    /** What Generate Random Secret answers to this body. */
    String generate(ObjectNode body, boolean lengthRequired) throws Refusal {
        for (String field : body.propertyNames()) {
            // Guarded because a misspelt includeSpace would be missed only by luck.
            require(FIELDS.contains(field), "the body has a field that is not documented");
        }
        int length = length(body.path("length"), lengthRequired);
        String excluded = excluded(body.path("excludeCharacters"));
        List<String> types = new ArrayList<>();
        addUnless(flag(body, "excludeUppercase", false), UPPER, excluded, types);
        addUnless(flag(body, "excludeLowercase", false), LOWER, excluded, types);
        addUnless(flag(body, "excludeNumbers", false), DIGITS, excluded, types);
        addUnless(flag(body, "excludePunctuation", false), PUNCTUATION, excluded, types);
        // The default is true, and the next one then makes the space certain: what most callers do not expect.
        addUnless(!flag(body, "includeSpace", true), " ", excluded, types);
        require(!types.isEmpty(), "every character is excluded");
        return draw(length, types, flag(body, "requireEachIncludedType", true) ? types : List.of());
    }

    /** What Add Pending Stage puts into a rotating key: 12 characters, among them two that many targets cannot take. */
    String pendingValue() {
        return draw(DEFAULT_LENGTH, List.of(UPPER, LOWER, DIGITS, PUNCTUATION), List.of("{", "="));
    }

    /** A name of letters and digits that nobody has guessed. */
    String name(int length) {
        return draw(length, List.of(LOWER + DIGITS), List.of());
    }

    private String draw(int length, List<String> from, List<String> oneOfEach) {
        String all = String.join("", from);
        List<Character> drawn = new ArrayList<>();
        oneOfEach.forEach(type -> drawn.add(one(type)));
        IntStream.range(drawn.size(), length).forEach(i -> drawn.add(one(all)));
        Collections.shuffle(drawn, random);
        return drawn.stream().map(String::valueOf).collect(Collectors.joining());
    }

    private char one(String characters) {
        return characters.charAt(random.nextInt(characters.length()));
    }

    private static void addUnless(boolean left, String type, String excluded, List<String> types) {
        String rest = type.chars().filter(c -> excluded.indexOf(c) < 0).mapToObj(Character::toString)
                .collect(Collectors.joining());
        if (!left && !rest.isEmpty()) {
            types.add(rest);
        }
    }

    private static int length(JsonNode node, boolean required) throws Refusal {
        if (absent(node) && !required) {
            return DEFAULT_LENGTH;
        }
        require(node.isInt() && node.intValue() >= 5 && node.intValue() <= 32, "length is not a number from 5 to 32");
        return node.intValue();
    }

    private static String excluded(JsonNode node) throws Refusal {
        require(absent(node) || node.isString(), "excludeCharacters is not a text");
        return absent(node) ? "" : node.stringValue();
    }

    private static boolean flag(ObjectNode body, String name, boolean normal) throws Refusal {
        JsonNode node = body.path(name);
        require(absent(node) || node.isBoolean(), name + " is not true or false");
        return absent(node) ? normal : node.booleanValue();
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static void require(boolean condition, String details) throws Refusal {
        if (!condition) {
            throw new Refusal(ApiError.INVALID_REQUEST, details);
        }
    }
}
