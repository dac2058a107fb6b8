package dev.keyturn.bench;

import com.google.gson.JsonObject;
import java.net.http.HttpClient;
import java.util.function.IntConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The calls that a rotation cannot do without, one after the other, each of which needs what came before: start, login, store, change,
 * login, complete. Nothing is checked, repeated, told or put back.
 */
public final class BareSequence {

    private BareSequence() {
    }

    /**
     * Like an action.
     *
     * @param arguments see {@link Place#bareArguments}
     * @return that it is done
     */
    public static JsonObject main(JsonObject arguments) throws Exception {
        run(BareCalls.JSON.readTree(arguments.toString()));
        JsonObject result = new JsonObject();
        result.addProperty("done", true);
        return result;
    }

    static void run(JsonNode arguments) throws Exception {
        run(arguments, session -> { });
    }

    /** Tells when a login has ended: the first, 0, and the second, 1. */
    static void run(JsonNode arguments, IntConsumer loggedIn) throws Exception {
        BareCalls calls = new BareCalls(arguments);
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ObjectNode document = BareCalls.active(calls.call(client, "POST", "start", ""));
        String user = document.path("cdbUser").stringValue();
        String from = document.path(BareCalls.KEY).stringValue();
        String to = BareCalls.newValue();
        BareCalls.Session session = calls.login(user, from);
        loggedIn.accept(0);
        calls.call(client, "PUT", "pending", BareCalls.value(document.put(BareCalls.KEY, to)));
        session.send(calls.statement(user, from, to));
        BareCalls.Session proof = calls.login(user, to);
        loggedIn.accept(1);
        calls.call(client, "POST", "complete", "");
        // Only now: a goodbye may wait for the other side's.
        proof.close();
        session.close();
    }
}
