package dev.keyturn.bench;

import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.Reply;
import dev.keyturn.engine.secretmanager.SecretManager;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One secret in memory, whose jobs follow each other: no HTTP, no signatures, every call succeeds at once. */
final class MemorySecretManager implements SecretManager {

    private final List<String> rotatingKeys;
    private String previous = "";
    private String active;
    private String pending = "";

    MemorySecretManager(ObjectNode active, List<String> rotatingKeys) {
        this.active = Json.text(active);
        this.rotatingKeys = rotatingKeys;
    }

    @Override
    public Reply start(long limitMillis) {
        return read(limitMillis);
    }

    @Override
    public Reply addPending(long limitMillis) {
        return new Reply.Refused(422, "UNPROCESSABLE_ENTITY", "not offered here");
    }

    @Override
    public Reply updatePending(ObjectNode document, long limitMillis) {
        pending = Json.text(document);
        return new Reply.Success(Json.object().put("pending", pending));
    }

    @Override
    public Reply random(ObjectNode wish, long limitMillis) {
        return addPending(limitMillis);
    }

    @Override
    public Reply complete(long limitMillis) {
        previous = active;
        active = pending;
        pending = "";
        return new Reply.Success(Json.object());
    }

    @Override
    public Reply fail(long limitMillis) {
        return new Reply.Success(Json.object());
    }

    @Override
    public Reply read(long limitMillis) {
        ObjectNode data = Json.object();
        data.putObject("decryptedSecretChain").put("previous", previous).put("active", active).put("pending", pending);
        ArrayNode keys = data.putArray("rotationTargets");
        rotatingKeys.forEach(keys::add);
        return new Reply.Success(data);
    }

    @Override
    public void close() {
    }
}
