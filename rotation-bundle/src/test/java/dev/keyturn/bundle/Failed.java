package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.testkit.Operation;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a rotation that failed says, and which calls it made. */
final class Failed {

    private Failed() {
    }

    static JsonNode error(ActionRun.Ended ended, int exitCode, String job, String code) {
        JsonNode document = ended.document();
        String text = document.toPrettyString();
        assertEquals(exitCode, ended.exitCode(), text);
        assertEquals(code, document.path("error").path("code").stringValue(""), text);
        assertEquals(job, document.path("job").stringValue(""), text);
        assertFalse(document.path("done").booleanValue(), text);
        assertFalse(document.path("error").path("fix").stringValue("").isEmpty(), text);
        return document;
    }

    /** The calls of the job; reading the chain is none of them. */
    static List<Operation> jobCalls(Scene scene) {
        return scene.calls().stream().filter(call -> call != Operation.GET_VALUES).toList();
    }

    static ObjectNode hurried(Scene scene) {
        return scene.arguments().put("timeoutMillis", 6_000);
    }
}
