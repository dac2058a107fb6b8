package dev.keyturn.engine.action;

import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.secretmanager.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads one JSON object of the arguments. A value of another type is an error that names the argument and what it should be. */
final class ArgumentReader {

    private final ObjectNode tree;
    private final String path;
    private final boolean strict;
    private final List<String> warnings;

    ArgumentReader(ObjectNode tree, String path, boolean strict, List<String> warnings) {
        this.tree = tree;
        this.path = path;
        this.strict = strict;
        this.warnings = warnings;
    }

    /** A name that nobody knows is a slip in a shell; on the platform it may be something that the platform injects. */
    void onlyKnown(Collection<String> known) throws Failure {
        for (String name : names()) {
            if (!known.contains(name)) {
                String nearest = known.stream().min((a, b) -> Integer.compare(distance(a, name), distance(b, name))).orElse("");
                String message = "argument \"" + path + name + "\" is unknown"
                        + (distance(nearest, name) <= 3 ? "; did you mean \"" + path + nearest + "\"?" : "");
                if (strict) {
                    throw new Failure(ErrorCode.ARGUMENT_UNKNOWN, Step.ARGUMENTS, message);
                }
                warnings.add(message + " (ignored)");
            }
        }
    }

    List<String> names() {
        return new ArrayList<>(tree.propertyNames());
    }

    boolean has(String name) {
        return !tree.path(name).isMissingNode() && !tree.path(name).isNull();
    }

    Optional<String> text(String name) throws Failure {
        if (!has(name)) {
            return Optional.empty();
        }
        if (!tree.path(name).isString()) {
            throw wrong(name, "a text");
        }
        return Optional.of(tree.path(name).stringValue());
    }

    int integer(String name, int least, int most, int otherwise) throws Failure {
        if (!has(name)) {
            return otherwise;
        }
        JsonNode node = tree.path(name);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least || node.intValue() > most) {
            throw wrong(name, "a whole number from " + least + " to " + most);
        }
        return node.intValue();
    }

    boolean flag(String name) throws Failure {
        if (has(name) && !tree.path(name).isBoolean()) {
            throw wrong(name, "true or false");
        }
        return tree.path(name).booleanValue(false);
    }

    <E extends Enum<E>> E choice(String name, Class<E> type, E otherwise) throws Failure {
        String text = text(name).orElse(null);
        if (text == null) {
            return otherwise;
        }
        List<String> labels = Arrays.stream(type.getEnumConstants()).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
        if (!labels.contains(text)) {
            throw wrong(name, "one of " + labels);
        }
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }

    List<String> texts(String name) throws Failure {
        List<String> texts = new ArrayList<>();
        if (has(name)) {
            if (!tree.path(name).isArray()) {
                throw wrong(name, "a list of texts");
            }
            for (JsonNode node : tree.path(name)) {
                if (!node.isString()) {
                    throw wrong(name, "a list of texts");
                }
                texts.add(node.stringValue());
            }
        }
        return texts;
    }

    /** Texts by name; numbers and truth values as JSON writes them. */
    Map<String, String> map(String name) throws Failure {
        ArgumentReader inner = object(name);
        Map<String, String> map = new LinkedHashMap<>();
        for (String key : inner.names()) {
            JsonNode value = inner.tree.path(key);
            if (value.isString() || value.isNumber() || value.isBoolean()) {
                map.put(key, value.asString());
            }
        }
        return map;
    }

    ArgumentReader object(String name) throws Failure {
        if (!has(name)) {
            return new ArgumentReader(Json.object(), path + name + ".", strict, warnings);
        }
        if (!(tree.path(name) instanceof ObjectNode object)) {
            throw wrong(name, "an object");
        }
        return new ArgumentReader(object, path + name + ".", strict, warnings);
    }

    /** Says what was found by its type, not by its value. */
    Failure wrong(String name, String expected) {
        JsonNode found = tree.path(name);
        return new Failure(ErrorCode.ARGUMENT_WRONG, Step.ARGUMENTS, "argument \"" + path + name + "\": expected " + expected + ", found "
                + switch (found.getNodeType()) {
                    case STRING -> "another text";
                    case NUMBER -> "another number";
                    case BOOLEAN -> "a truth value";
                    case ARRAY -> "a list";
                    case OBJECT, POJO -> "an object";
                    case NULL, MISSING, BINARY -> "nothing";
                });
    }

    /** Levenshtein's, for a hint. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int swap = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1)) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + swap);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
