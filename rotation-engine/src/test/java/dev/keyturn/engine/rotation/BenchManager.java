package dev.keyturn.engine.rotation;

import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.Reply;
import dev.keyturn.engine.secretmanager.SecretManager;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The Secret Manager of a {@link Bench}. */
final class BenchManager implements SecretManager {

    static final Reply REFUSED = new Reply.Refused(400, "", "HTTP 400");
    static final Reply UNCLEAR = new Reply.Unclear("no answer");

    private final Bench bench;
    @Nullable ObjectNode previous = Bench.document("app", "Previous-1");
    ObjectNode active = Bench.document("app", "Active-1");
    @Nullable ObjectNode pending;
    List<String> keys = List.of("password");
    /** The document that was sent last, stored or not. */
    @Nullable ObjectNode sent;
    boolean refuseComplete;
    /** A key that is lost when a document is stored. */
    String forget = "";

    BenchManager(Bench bench) {
        this.bench = bench;
    }

    private Reply answer(String call, Supplier<Reply> usual) {
        return bench.told(call) instanceof Reply told ? told : usual.get();
    }

    /** What the service tells of its chain. */
    Reply chain() {
        ObjectNode stages = Json.object();
        stages.put("active", Json.text(active));
        stages.put("previous", previous == null ? null : Json.text(previous));
        stages.put("pending", pending == null ? null : Json.text(pending));
        ObjectNode data = Json.object();
        data.set("decryptedSecretChain", stages);
        ArrayNode targets = data.putArray("rotationTargets");
        keys.forEach(targets::add);
        return new Reply.Success(data);
    }

    @Override
    public Reply start(long limitMillis) {
        return answer("start", this::chain);
    }

    @Override
    public Reply addPending(long limitMillis) {
        if (bench.told("add") instanceof Reply told) {
            return told;
        }
        pending = active.deepCopy().put("password", "Added-by-service9");
        return new Reply.Success(Json.object().put("pending", Json.text(pending)));
    }

    @Override
    public Reply updatePending(ObjectNode document, long limitMillis) {
        sent = document.deepCopy();
        StringBuilder what = new StringBuilder("store");
        keys.forEach(key -> what.append(' ').append(key.equals("user") ? document.path(key).asString() : bench.named(document.path(key).asString())));
        if (bench.told(what.toString()) instanceof Reply told) {
            return told;
        }
        pending = document.deepCopy();
        pending.remove(forget);
        return new Reply.Success(Json.object().put("pending", Json.text(pending)));
    }

    @Override
    public Reply random(ObjectNode wish, long limitMillis) {
        return answer("random", () -> new Reply.Success(Json.object().put("randomString", "Service-made-value-1")));
    }

    @Override
    public Reply complete(long limitMillis) {
        if (bench.told("complete") instanceof Reply told) {
            return told;
        }
        if (refuseComplete) {
            return REFUSED;
        }
        previous = active;
        active = pending == null ? active : pending;
        pending = null;
        return new Reply.Success(Json.object());
    }

    @Override
    public Reply fail(long limitMillis) {
        return answer("fail", () -> new Reply.Success(Json.object()));
    }

    @Override
    public Reply read(long limitMillis) {
        return answer("read", this::chain);
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
