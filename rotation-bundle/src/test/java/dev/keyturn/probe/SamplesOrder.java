package dev.keyturn.probe;

import dev.keyturn.engine.secretmanager.Reply;
import dev.keyturn.engine.secretmanager.SecretManager;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A rotation in the order of the platform's sample: the target is changed first, and the new value stored afterwards. */
final class SamplesOrder {

    private static final long LIMIT_MILLIS = 10_000;

    private SamplesOrder() {
    }

    /** Rotates once, call by call as the sample does, the login that must fail included. */
    static void rotate(SecretManager manager, Target target) {
        JsonMapper json = JsonMapper.shared();
        JsonNode chain = done(manager.start(LIMIT_MILLIS)).path("decryptedSecretChain");
        ObjectNode document = (ObjectNode) json.readTree(chain.path("active").stringValue());
        ObjectNode wish = json.createObjectNode().put("length", 16).put("excludeCharacters", " \"&'+/\\`").put("requireEachIncludedType", true);
        String value = done(manager.random(wish, LIMIT_MILLIS)).path("randomString").stringValue();
        Account active = new Account(document.path(Rotating.USER).stringValue(), document.path(Rotating.PASSWORD).stringValue());
        if (target.login(new Account(active.user(), value)) != Answer.REFUSED) {
            throw new IllegalStateException("the new value worked, or was not answered, before the change");
        }
        target.changeAndTest(active, value);
        done(manager.updatePending(document.put(Rotating.PASSWORD, value), LIMIT_MILLIS));
        done(manager.complete(LIMIT_MILLIS));
    }

    private static JsonNode done(Reply reply) {
        if (reply instanceof Reply.Success success) {
            return success.data();
        }
        throw new IllegalStateException("Secret Manager's answer: " + reply);
    }
}
