package dev.keyturn.bench;

import java.net.http.HttpClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The process of the platform's sample, call by call: a value from Secret Manager, a first login that is refused, the change before
 * it is stored, and a connection for each call. In Java, so that what differs is the process and not the language.
 */
final class SampleProcess {

    private SampleProcess() {
    }

    static void run(JsonNode arguments) throws Exception {
        BareCalls calls = new BareCalls(arguments);
        ObjectNode document = BareCalls.active(calls.call(fresh(), "POST", "start", "{}"));
        String user = document.path("cdbUser").stringValue();
        String from = document.path(BareCalls.KEY).stringValue();
        String to = calls.call(fresh(), "POST", "generate-random-secret", WISH).path("randomString").stringValue();
        try {
            calls.login(user, to).close();
        } catch (Exception e) {
            // It was to be expected: the target has not heard of the value yet.
            try (BareCalls.Session session = calls.login(user, from)) {
                session.send(calls.statement(user, from, to));
                calls.login(user, to).close();
                calls.call(fresh(), "PUT", "pending", BareCalls.value(document.put(BareCalls.KEY, to)));
                calls.call(fresh(), "POST", "complete", "{}");
            }
        }
    }

    // A length and characters that the statement of every target can hold.
    private static final String WISH = BareCalls.JSON.createObjectNode().put("length", 16).put("excludePunctuation", true)
            .put("includeSpace", false).put("requireEachIncludedType", true).toString();

    private static HttpClient fresh() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }
}
