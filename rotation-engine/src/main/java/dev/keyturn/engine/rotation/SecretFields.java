package dev.keyturn.engine.rotation;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetSchema;
import dev.keyturn.api.TargetSchema.Field;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which key of the secret is which field of the plugin. The rotating key <em>is</em> the password, whatever its name; the others
 * are found by the field's name, its aliases, or the argument {@code fields}.
 */
final class SecretFields {

    private final TargetSchema schema;
    private final Map<String, String> mapping;
    private final String rotatingKey;

    SecretFields(TargetSchema schema, Map<String, String> mapping, String rotatingKey) {
        this.schema = schema;
        this.mapping = mapping;
        this.rotatingKey = rotatingKey;
    }

    /** A key that is the host, the port or the like cannot rotate: found out before anything is stored. */
    void checkRotatingKey(ObjectNode active) throws Failure {
        if (!active.path(rotatingKey).isValueNode() || text(active, rotatingKey).isEmpty()) {
            throw new Failure(ErrorCode.FIELD_MISSING, Step.PREFLIGHT,
                    "the secret rotates the key \"" + rotatingKey + "\", and its active value has no text there; keys found: " + keys(active),
                    "add the key to the secret, or choose another rotation target in Secret Manager");
        }
        String mapped = mapping.get(Credential.PASSWORD);
        if (mapped != null && !mapped.equals(rotatingKey)) {
            throw new Failure(ErrorCode.KEY_CANNOT_ROTATE, Step.PREFLIGHT, "the secret rotates the key \"" + rotatingKey
                    + "\", but the argument \"fields\" says that the password is \"" + mapped + "\"");
        }
        for (Field field : schema.fields()) {
            if (!field.name().equals(Credential.PASSWORD) && rotates(field)) {
                throw new Failure(ErrorCode.KEY_CANNOT_ROTATE, Step.PREFLIGHT, "the secret rotates the key \"" + rotatingKey
                        + "\", which is the target's " + field.name() + ", not a password");
            }
        }
    }

    private boolean rotates(Field field) {
        return rotatingKey.equals(mapping.get(field.name())) || !mapping.containsKey(field.name()) && field.names().contains(rotatingKey);
    }

    /** Whether the rotating key is no password but the account's name. */
    boolean rotatesUser() {
        return schema.fields().stream().anyMatch(field -> field.name().equals(Credential.USER) && rotates(field));
    }

    /** The key of the account's name, where the arguments say which it is. */
    Optional<String> mappedUser() {
        return Optional.ofNullable(mapping.get(Credential.USER));
    }

    /** The key of the account's name; empty where the plugin needs none or the secret has none. */
    Optional<String> userKey(ObjectNode document) throws Failure {
        for (Field field : schema.fields()) {
            if (field.name().equals(Credential.USER)) {
                return key(field, document);
            }
        }
        return Optional.empty();
    }

    /** The credential that a document of the secret holds. */
    Credential credential(ObjectNode document) throws Failure {
        Map<String, String> values = new HashMap<>();
        for (Field field : schema.fields()) {
            Optional<String> key = field.name().equals(Credential.PASSWORD) ? Optional.of(rotatingKey) : key(field, document);
            Optional<String> value = key.flatMap(name -> text(document, name)).or(field::defaultValue);
            if (value.isPresent()) {
                values.put(field.name(), value.get());
            } else if (field.isRequired()) {
                throw new Failure(ErrorCode.FIELD_MISSING, Step.PREFLIGHT, "the secret has no key for the field \"" + field.name()
                        + "\": looked for " + (mapping.containsKey(field.name()) ? "\"" + mapping.get(field.name()) + "\" (argument \"fields\")"
                        : field.names()) + ", found " + keys(document));
            }
        }
        return Credential.of(values);
    }

    private Optional<String> key(Field field, ObjectNode document) throws Failure {
        String mapped = mapping.get(field.name());
        if (mapped != null) {
            return Optional.of(mapped);
        }
        List<String> present = new ArrayList<>();
        for (String name : field.names()) {
            if (!name.equals(rotatingKey) && text(document, name).isPresent()) {
                present.add(name);
            }
        }
        if (present.stream().map(name -> text(document, name)).distinct().count() > 1) {
            throw new Failure(ErrorCode.FIELD_AMBIGUOUS, Step.PREFLIGHT,
                    "the field \"" + field.name() + "\" could be any of the secret's keys " + present + ", and their values differ");
        }
        return present.stream().findFirst();
    }

    /** A string as it is, a number or a truth value as JSON writes it; nothing for an empty string, null, lists and objects. */
    static Optional<String> text(ObjectNode document, String key) {
        JsonNode node = document.path(key);
        if (node.isString()) {
            return Optional.of(node.stringValue()).filter(text -> !text.isEmpty());
        }
        return node.isNumber() || node.isBoolean() ? Optional.of(Objects.requireNonNull(node.asString())) : Optional.empty();
    }

    /** Whether two documents have the same rotating values. */
    static boolean same(ObjectNode one, ObjectNode other, List<String> rotatingKeys) {
        return rotatingKeys.stream().allMatch(key -> text(one, key).equals(text(other, key)));
    }

    private static String keys(ObjectNode document) {
        return new ArrayList<>(document.propertyNames()).toString();
    }
}
