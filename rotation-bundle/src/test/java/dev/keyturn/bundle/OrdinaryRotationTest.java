package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.plugin.postgresql.PostgresqlServer;
import dev.keyturn.testkit.CallRecord;
import dev.keyturn.testkit.Chain;
import dev.keyturn.testkit.JobState;
import dev.keyturn.testkit.Operation;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A rotation in which nothing goes wrong, on a real PostgreSQL. */
class OrdinaryRotationTest {

    @Test
    void theServerRefusesAWrongPassword() {
        try (Scene scene = new Scene()) {
            assertEquals(PostgresqlServer.Login.REFUSED, Scene.SERVER.login(scene.user, "wrong"));
        }
    }

    @Test
    void r1_startThenPendingThenCompleteAndNoOtherCall() {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = scene.arguments();
            ActionRun.Ended ended = Scene.rotate(arguments);

            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertEquals(List.of(Operation.START, Operation.UPDATE_PENDING, Operation.COMPLETE), scene.calls());
            assertTrue(scene.manager.calls().stream().allMatch(CallRecord::headersOk), "signature and job token in every call");
            assertEquals(JobState.COMPLETED, scene.manager.job(arguments.path("jobToken").stringValue()));
            assertEquals("completed", ended.document().path("job").stringValue());
            assertFalse(ended.document().path("resumed").booleanValue());
            assertFalse(ended.document().has("error"));
        }
    }

    @Test
    void r6_twoLoginsAndNoneIsRefused_asTheServerCounts() {
        try (Scene scene = new Scene()) {
            scene.rotate();
            assertEquals(2, Scene.SERVER.acceptedLogins(scene.user));
            assertEquals(0, Scene.SERVER.refusedLogins(scene.user));
            assertEquals(0, Scene.SERVER.sessions(scene.user), "sessions left");
        }
    }

    @Test
    void onlyTheNewValueWorksAndTheOldOneIsPrevious() {
        try (Scene scene = new Scene()) {
            scene.rotate();
            Chain chain = scene.manager.chain(scene.secretId);
            String fresh = scene.activePassword();
            assertNotEquals(scene.oldPassword, fresh);
            assertTrue(scene.accepts(fresh), "the new value");
            assertFalse(scene.accepts(scene.oldPassword), "the old value");
            assertEquals(scene.oldPassword, Scene.password(chain.previous()));
            assertEquals(null, chain.pending());
        }
    }

    @Test
    void allOtherFieldsKeepTheirValuesAndTypes() {
        try (Scene scene = new Scene()) {
            scene.rotate();
            String expected = scene.active.toString().replace(Scene.JSON.writeValueAsString(scene.oldPassword), "\"new\"");
            assertEquals(expected, scene.manager.chain(scene.secretId).active().replace(scene.activePassword(), "new"));
            assertTrue(expected.contains("\"ratio\":1.10"), "1.10 is not 1.1");
        }
    }

    @Test
    void r2_pendingIsStoredBeforeTheServerSeesTheChange() {
        try (Scene scene = new Scene()) {
            AtomicBoolean oldWorkedWhenStored = new AtomicBoolean();
            AtomicBoolean noChangeLogged = new AtomicBoolean();
            scene.manager.afterEffect(call -> {
                if (call.operation() == Operation.UPDATE_PENDING) {
                    oldWorkedWhenStored.set(scene.accepts(scene.oldPassword));
                    noChangeLogged.set(changes(scene) == 0);
                }
            });
            scene.rotate();
            assertTrue(oldWorkedWhenStored.get(), "the old value worked while pending was stored");
            assertTrue(noChangeLogged.get(), "no change was logged when pending was stored");
            assertEquals(1, changes(scene), "the log shows the change when it is there");
        }
    }

    @Test
    void r8_theServersLogHoldsNoValue() {
        try (Scene scene = new Scene()) {
            scene.rotate();
            String log = Scene.SERVER.log();
            assertTrue(log.contains("ALTER ROLE \"" + scene.user + "\""), "statements are logged");
            assertFalse(log.contains(scene.activePassword()));
        }
    }

    @Test
    void rotatesAgainAndAgain() {
        try (Scene scene = new Scene()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(0, scene.rotate().exitCode());
                assertTrue(scene.activeWorks());
            }
            assertEquals(0, Scene.SERVER.refusedLogins(scene.user));
        }
    }

    @Test
    void theResultTellsTheStepsAndWhatIsLive() {
        try (Scene scene = new Scene()) {
            JsonNode document = scene.rotate().document();
            List<String> steps = document.path("steps").valueStream().map(step -> step.path("step").stringValue()).toList();
            assertEquals(List.of("start", "preflight", "pending", "change", "test", "complete"), steps);
            assertEquals("active", document.path("live").path(Scene.KEY).stringValue());
        }
    }

    private static long changes(Scene scene) {
        return Scene.SERVER.log().lines().filter(line -> line.contains("ALTER ROLE \"" + scene.user + "\" PASSWORD")).count();
    }
}
