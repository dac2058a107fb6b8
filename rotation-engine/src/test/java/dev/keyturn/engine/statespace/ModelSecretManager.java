package dev.keyturn.engine.statespace;

import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.Reply;
import dev.keyturn.engine.secretmanager.SecretManager;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** Secret Manager as one run sees it: the {@link Platform} at the other end of a line on which things go wrong. */
final class ModelSecretManager implements SecretManager {

    private final Caller caller;
    private final Platform platform;

    ModelSecretManager(Caller caller) {
        this.caller = caller;
        this.platform = caller.world.platform;
    }

    @Override
    public Reply start(long limitMillis) {
        return call(Call.START, limitMillis, () -> platform.start(caller));
    }

    @Override
    public Reply addPending(long limitMillis) {
        return call(Call.ADD, limitMillis, () -> platform.add(caller));
    }

    @Override
    public Reply updatePending(ObjectNode document, long limitMillis) {
        return call(Call.PUT, limitMillis, () -> platform.put(caller, document));
    }

    @Override
    public Reply random(ObjectNode wish, long limitMillis) {
        return call(Call.RANDOM, limitMillis, () -> {
            String value = "Service-" + caller.world.nextNumber() + "-";
            return new Reply.Success(Json.object().put("randomString", value + "x".repeat(wish.path("length").intValue() - value.length())));
        });
    }

    @Override
    public Reply complete(long limitMillis) {
        return call(Call.COMPLETE, limitMillis, () -> platform.complete(caller));
    }

    @Override
    public Reply fail(long limitMillis) {
        return call(Call.FAIL, limitMillis, () -> platform.fail(caller));
    }

    @Override
    public Reply read(long limitMillis) {
        return call(Call.READ, limitMillis, platform::read);
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    private Reply call(Call call, long limitMillis, Supplier<Reply> effect) {
        Fault fault = caller.arrive(call, "");
        Reply reply = switch (fault.when()) {
            case NEVER -> effect.get();
            case BEFORE -> answer(fault, limitMillis);
            case AFTER -> {
                effect.get();
                yield answer(fault, limitMillis);
            }
            case CRASH_AFTER -> {
                effect.get();
                throw caller.crash();
            }
            case CRASH_BEFORE, CRASH_LATE, LATE -> throw new IllegalStateException("no fault of a manager's: " + fault);
        };
        caller.world.say("  -> " + reply);
        caller.completeMaybeDone |= call == Call.COMPLETE && (reply instanceof Reply.Success || reply instanceof Reply.Unclear);
        return reply;
    }

    private Reply answer(Fault fault, long limitMillis) {
        return switch ((Fault.Answer) fault.answer()) {
            case UNCLEAR -> {
                caller.world.clock.advance(limitMillis);
                yield new Reply.Unclear("no reply within " + limitMillis + " ms");
            }
            case REFUSED -> new Reply.Refused(422, "UNPROCESSABLE_ENTITY", "HTTP 422, injected");
            case FORBIDDEN -> new Reply.Refused(403, "FORBIDDEN", "HTTP 403, injected");
            case THROTTLED -> new Reply.Throttled("HTTP 429, injected");
            case GARBAGE -> new Reply.Success(Json.object().put("pending", 7).put("randomString", ""));
            case NONE, BUG -> throw new IllegalStateException("no answer of a manager's: " + fault);
        };
    }
}
