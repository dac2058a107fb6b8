package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.plugin.postgresql.PostgresqlServer;
import dev.keyturn.testkit.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Several rotating keys of one secret are one unit of work. */
class SeveralKeysTest {

    private static final String SECOND_KEY = "reportPassword";
    private static final String SECOND_PASSWORD = "Report-Password-1";

    private static ObjectNode twoAccounts(Scene scene) {
        String second = scene.user + "_report";
        Scene.SERVER.createRole(second, SECOND_PASSWORD);
        scene.active.put("reportUser", second).put(SECOND_KEY, SECOND_PASSWORD);
        scene.secretId = scene.manager.createSecret(scene.active.toString(), Scene.KEY, SECOND_KEY);
        ObjectNode arguments = scene.arguments();
        arguments.putObject("targets").putObject(SECOND_KEY).putObject("fields").put("user", "reportUser");
        return arguments;
    }

    private static JsonNode active(Scene scene) {
        return Scene.JSON.readTree(scene.manager.chain(scene.secretId).active());
    }

    @Test
    void bothAreStoredInOneDocumentAndCompletedOnce() {
        try (Scene scene = new Scene()) {
            ActionRun.Ended ended = Scene.rotate(twoAccounts(scene));
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertEquals(List.of(Operation.START, Operation.UPDATE_PENDING, Operation.COMPLETE), scene.calls());
            assertTrue(scene.activeWorks());
            String second = active(scene).path(SECOND_KEY).stringValue();
            assertFalse(second.equals(SECOND_PASSWORD) || second.equals(scene.activePassword()));
            assertEquals(PostgresqlServer.Login.ACCEPTED, Scene.SERVER.login(scene.user + "_report", second));
        }
    }

    @Test
    void r4_aRefusalAtTheSecondPutsTheFirstBack() {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = twoAccounts(scene);
            // After the preflight, and before its own change, the second account is locked.
            scene.manager.afterEffect(call -> {
                if (call.operation() == Operation.UPDATE_PENDING) {
                    Scene.SERVER.execute("ALTER ROLE " + scene.user + "_report NOLOGIN");
                }
            });
            ActionRun.Ended ended = Scene.rotate(arguments);
            assertEquals(1, ended.exitCode());
            assertTrue(scene.accepts(scene.oldPassword), "the first account is back on active");
            assertEquals("active", ended.document().path("live").path(Scene.KEY).stringValue(), ended.document().toPrettyString());
            // The second one was changed and cannot be logged in to: not to be lost, its value stays in pending.
            assertEquals("left-open", ended.document().path("job").stringValue());
        }
    }

    @Test
    void withoutTargetsTheyWouldBeOneAccount_andThatIsSaid() {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = twoAccounts(scene);
            arguments.remove("targets");
            ActionRun.Ended ended = Scene.rotate(arguments);
            assertEquals("KT-405", ended.document().path("error").path("code").stringValue());
            assertEquals(List.of(Operation.START, Operation.FAIL), scene.calls());
        }
    }
}
