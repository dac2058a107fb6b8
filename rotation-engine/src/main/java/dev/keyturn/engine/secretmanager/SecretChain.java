package dev.keyturn.engine.secretmanager;

import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The stages of a secret as Secret Manager told them.
 *
 * @param previous the value before the active one, if there is one
 * @param active what applications read
 * @param pending what a rotation stored and nobody completed yet, if there is one
 * @param rotatingKeys which keys of the secret change
 * @param forms how the stages were written, for the log: the contract does not say how an empty one looks
 */
public record SecretChain(Optional<ObjectNode> previous, ObjectNode active, Optional<ObjectNode> pending,
        List<String> rotatingKeys, String forms) {

    /**
     * Reads start's (or Get Secret Value's) data.
     *
     * @param data the reply's data
     * @return the chain
     * @throws Failure if there is no usable active stage, or the shape is another
     */
    public static SecretChain of(JsonNode data) throws Failure {
        JsonNode chain = data.path("decryptedSecretChain");
        if (!chain.isObject()) {
            throw unreadable("Secret Manager's reply has no \"decryptedSecretChain\"");
        }
        ObjectNode active = stage(chain, "active").orElseThrow(
                () -> unreadable("the secret's active stage is " + form(chain, "active") + ", not a JSON object"));
        List<String> keys = new ArrayList<>();
        for (JsonNode key : data.path("rotationTargets")) {
            if (key.isString() && !keys.contains(key.stringValue())) {
                keys.add(key.stringValue());
            }
        }
        return new SecretChain(stage(chain, "previous"), active, stage(chain, "pending"), List.copyOf(keys),
                "previous " + form(chain, "previous") + ", pending " + form(chain, "pending"));
    }

    private static Optional<ObjectNode> stage(JsonNode chain, String name) {
        JsonNode stage = chain.path(name);
        return stage.isString() ? Json.object(stage.stringValue()) : Optional.empty();
    }

    private static String form(JsonNode chain, String name) {
        JsonNode stage = chain.path(name);
        if (stage.isMissingNode()) {
            return "absent";
        }
        if (!stage.isString()) {
            return stage.isNull() ? "null" : "not a text";
        }
        String text = stage.stringValue();
        return text.isEmpty() ? "empty" : Json.object(text).isPresent() ? "present" : "not JSON";
    }

    private static Failure unreadable(String message) {
        return new Failure(ErrorCode.SECRET_UNREADABLE, Step.START, message);
    }

    /** Shows no value. */
    @Override
    public String toString() {
        return "SecretChain[" + forms + ", rotating keys " + rotatingKeys + "]";
    }
}
