package dev.keyturn.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A secret as the command line reads it: {@code {"active": {…}, "rotatingKeys": ["password"]}}. */
record SecretFile(Chain chain, List<String> rotatingKeys) {

    private static final Set<String> FIELDS = Set.of("previous", "active", "pending", "rotatingKeys");

    /** @throws IllegalArgumentException saying what is wrong with the text, without quoting it */
    static SecretFile parse(String text) {
        ObjectNode file;
        try {
            file = Json.read(text, "the secret file");
        } catch (Refusal e) {
            throw new IllegalArgumentException(e.details, e);
        }
        check(FIELDS.containsAll(file.propertyNames()), "the secret file may have active, previous, pending, rotatingKeys");
        Chain chain = new Chain(stage(file, "previous"), stage(file, "active"), stage(file, "pending"));
        check(chain.active() != null, "the secret file has no active");
        JsonNode keys = file.path("rotatingKeys");
        check(keys.isArray() && !keys.isEmpty(), "the secret file has no rotatingKeys, a list of names");
        List<String> names = new ArrayList<>();
        for (JsonNode key : keys) {
            check(key.isString(), "rotatingKeys is not a list of names");
            names.add(key.stringValue());
        }
        return new SecretFile(chain, List.copyOf(names));
    }

    private static @Nullable String stage(ObjectNode file, String name) {
        JsonNode stage = file.path(name);
        if (stage.isMissingNode() || stage.isNull()) {
            return null;
        }
        check(stage.isObject(), name + " is not a JSON object");
        return Json.text(stage);
    }

    private static void check(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException(problem);
        }
    }
}
