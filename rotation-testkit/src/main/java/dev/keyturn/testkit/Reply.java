package dev.keyturn.testkit;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An HTTP answer. */
record Reply(int status, String contentType, String body, @Nullable URI location) {

    private static final String JSON = "application/json;charset=UTF-8";

    static Reply of(int status, String contentType, String body) {
        return new Reply(status, contentType, body, null);
    }

    static Reply json(int status, String body) {
        return of(status, JSON, body);
    }

    /** @param data null for the calls that tell nothing */
    static Reply success(@Nullable JsonNode data, Behaviour behaviour) {
        ObjectNode envelope = Json.object().put("code", "SUCCESS");
        if (data != null) {
            envelope.set("data", data);
        } else if (behaviour.is(Behaviour.Switch.NO_DATA_NULL)) {
            envelope.putNull("data");
        } else {
            envelope.put("data", "null");
        }
        return json(200, Json.text(envelope));
    }

    static Reply error(ApiError error, String details, Behaviour behaviour) {
        return error(error.status, error, details, behaviour);
    }

    /** @param status may differ from the error's own, for a status that the platform does not document */
    static Reply error(int status, ApiError error, String details, Behaviour behaviour) {
        ObjectNode envelope = Json.object();
        ObjectNode inner = envelope.putObject("error");
        if (error.ofGateway() && !behaviour.is(Behaviour.Switch.ERROR_CODE_TEXT)) {
            inner.put("errorCode", Integer.parseInt(error.code));
        } else {
            inner.put("errorCode", error.code);
        }
        inner.put("message", error.message).put("details", details);
        return json(status, Json.text(envelope));
    }

    /** Shows no body: it may hold the chain. */
    @Override
    public String toString() {
        return "Reply[status=" + status + "]";
    }
}
