package dev.keyturn.bundle;

import static dev.keyturn.bundle.Failed.error;
import static dev.keyturn.bundle.Failed.hurried;
import static dev.keyturn.bundle.Failed.jobCalls;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.testkit.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What goes wrong at the target ends with a code that names it, with the right call to fail or none, and with active working (R4, R7). */
class TargetFailureTest {

    @Test
    void noStageWorks_failedAndEachValueTriedOnce() {
        try (Scene scene = new Scene()) {
            scene.active.put(Scene.KEY, "not-the-password");
            scene.secret("nor-this-one", null);
            JsonNode document = error(scene.rotate(), 1, "failed", "KT-501");
            assertEquals("DRIFTED", document.path("error").path("kind").stringValue());
            assertTrue(document.path("live").path(Scene.KEY).isNull());
            assertEquals(List.of(Operation.START, Operation.FAIL), jobCalls(scene));
            assertEquals(2, Scene.SERVER.refusedLogins(scene.user));
        }
    }

    @Test
    void maxRefusedLoginsEndsTheSearch() {
        try (Scene scene = new Scene()) {
            scene.active.put(Scene.KEY, "not-the-password");
            scene.secret(scene.oldPassword, null);
            error(Scene.rotate(scene.arguments().put("maxRefusedLogins", 1)), 1, "failed", "KT-511");
            assertEquals(1, Scene.SERVER.refusedLogins(scene.user));
            assertEquals(0, Scene.SERVER.acceptedLogins(scene.user));
        }
    }

    @Test
    void r7_noStageWorksAndAPendingWasFound_leftOpen() {
        try (Scene scene = new Scene()) {
            scene.active.put(Scene.KEY, "not-the-password");
            scene.secret(null, "nor-this-one");
            error(scene.rotate(), 1, "left-open", "KT-501");
            assertEquals(List.of(Operation.START), jobCalls(scene));
        }
    }

    @Test
    void deadServer_failedAndNothingStored() {
        try (Scene scene = new Scene()) {
            scene.active.put("cdbPort", SilentHost.closedPort());
            scene.secret(null, null);
            JsonNode document = error(scene.rotate(), 1, "failed", "KT-513");
            assertTrue(document.path("error").path("message").stringValue().contains("localhost"), "names the host");
            assertEquals(List.of(Operation.START, Operation.FAIL), jobCalls(scene));
        }
    }

    @Test
    void hungServer_failedWithinTheTime() {
        try (Scene scene = new Scene(); SilentHost silent = new SilentHost()) {
            scene.active.put("cdbPort", silent.port());
            scene.secret(null, null);
            error(Scene.rotate(hurried(scene)), 1, "failed", "KT-513");
            assertEquals(List.of(Operation.START, Operation.FAIL), jobCalls(scene));
            assertEquals(1, silent.connections.get());
        }
    }

    @Test
    void untrustedCertificate_namedWithFingerprint() {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = scene.arguments();
            arguments.putObject("options").put("tls", "verify");
            String message = error(Scene.rotate(arguments), 1, "failed", "KT-517").path("error").path("message").stringValue();
            assertTrue(message.matches(".*SHA-256 fingerprint ([0-9A-F]{2}:){31}[0-9A-F]{2}.*"), message);
            assertTrue(message.contains("issuer"), message);
        }
    }

    @Test
    void previousWorks_theRotationMendsIt() {
        try (Scene scene = new Scene()) {
            scene.active.put(Scene.KEY, "not-the-password");
            scene.secret(scene.oldPassword, null);
            ActionRun.Ended ended = scene.rotate();
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertTrue(scene.activeWorks());
            assertEquals(1, Scene.SERVER.refusedLogins(scene.user));
        }
    }

    @Test
    void r3_pendingIsLive_resumedWithoutARefusedLogin() {
        try (Scene scene = new Scene()) {
            scene.active.put(Scene.KEY, "the-value-before");
            scene.secret(null, scene.oldPassword);
            ActionRun.Ended ended = scene.rotate();
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertTrue(ended.document().path("resumed").booleanValue());
            assertEquals(scene.oldPassword, scene.activePassword());
            assertEquals(0, Scene.SERVER.refusedLogins(scene.user));
            assertEquals(List.of(Operation.START, Operation.COMPLETE), scene.calls());
        }
    }

    @Test
    void r3_pendingIsNotLive_itIsMadeLiveWithOneRefusedLogin() {
        try (Scene scene = new Scene()) {
            scene.secret(null, "Pending-Value-9!");
            ActionRun.Ended ended = scene.rotate();
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertEquals("Pending-Value-9!", scene.activePassword());
            assertTrue(scene.activeWorks());
            assertEquals(1, Scene.SERVER.refusedLogins(scene.user));
        }
    }

    @Test
    void aFoundPendingLendsOnlyItsValue_itsHostIsNeverAsked() {
        try (Scene scene = new Scene(); SilentHost rogue = new SilentHost()) {
            ObjectNode other = scene.active.deepCopy().put("cdbPort", rogue.port()).put(Scene.KEY, "Pending-Value-9!");
            scene.manager.setChain(scene.secretId, new dev.keyturn.testkit.Chain(null, scene.active.toString(), other.toString()));
            assertEquals(0, scene.rotate().exitCode());
            assertEquals(0, rogue.connections.get());
            assertEquals(Scene.SERVER.port(), Scene.JSON.readTree(scene.manager.chain(scene.secretId).active()).path("cdbPort").intValue());
            assertTrue(scene.calls().contains(Operation.UPDATE_PENDING), "the merged document is stored before complete");
        }
    }

    @Test
    void aPendingEqualToActiveCountsAsNone() {
        try (Scene scene = new Scene()) {
            scene.secret(null, scene.oldPassword);
            ActionRun.Ended ended = scene.rotate();
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertFalse(ended.document().path("resumed").booleanValue());
            assertFalse(scene.accepts(scene.oldPassword));
        }
    }
}
