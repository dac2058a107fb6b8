package dev.keyturn.bundle;

import static dev.keyturn.bundle.Failed.error;
import static dev.keyturn.bundle.Failed.jobCalls;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.testkit.Behaviour;
import dev.keyturn.testkit.JobState;
import dev.keyturn.testkit.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A secret that does not hold what a rotation needs is named before anything is stored. */
class SecretFailureTest {

    @Test
    void aMissingFieldIsNamed() {
        try (Scene scene = new Scene()) {
            scene.active.remove("cdbHost");
            scene.secret(null, null);
            String message = error(scene.rotate(), 1, "failed", "KT-402").path("error").path("message").stringValue();
            assertTrue(message.contains("\"host\"") && message.contains("cdbHost"), message);
            assertEquals(List.of(Operation.START, Operation.FAIL), jobCalls(scene));
        }
    }

    @Test
    void aRotatingKeyThatIsNotThereIsNamed() {
        try (Scene scene = new Scene()) {
            scene.secretId = scene.manager.createSecret(scene.active.toString(), "password2");
            String message = error(scene.rotate(), 1, "failed", "KT-402").path("error").path("message").stringValue();
            assertTrue(message.contains("password2"), message);
        }
    }

    @Test
    void aRotatingKeyThatIsTheHostIsRefused() {
        try (Scene scene = new Scene()) {
            scene.secretId = scene.manager.createSecret(scene.active.toString(), "cdbHost");
            error(scene.rotate(), 1, "failed", "KT-405");
            assertEquals(List.of(Operation.START, Operation.FAIL), jobCalls(scene));
        }
    }

    @Test
    void noRotatingKey() {
        try (Scene scene = new Scene()) {
            scene.secretId = scene.manager.createSecret(scene.active.toString());
            error(scene.rotate(), 1, "failed", "KT-404");
        }
    }

    @Test
    void aValueBeyondTheLimitIsRefusedBeforeItIsSent() {
        try (Scene scene = new Scene()) {
            scene.active.put("note", "x".repeat(9_990));
            scene.secret(null, null);
            error(scene.rotate(), 1, "failed", "KT-307");
            assertFalse(scene.calls().contains(Operation.UPDATE_PENDING));
        }
    }

    @Test
    void aSecretThatIsNotJson() {
        try (Scene scene = new Scene()) {
            scene.secretId = scene.manager.createSecret("plain text", Scene.KEY);
            error(scene.rotate(), 1, "failed", "KT-401");
            assertEquals(JobState.FAILED, scene.manager.lastResult(scene.secretId).orElseThrow());
        }
    }

    @ParameterizedTest
    @EnumSource(Behaviour.EmptyStage.class)
    void emptyStagesMayLookAnyWay(Behaviour.EmptyStage look) {
        try (Scene scene = new Scene(Behaviour.standard().with(look))) {
            assertEquals(0, scene.rotate().exitCode());
        }
    }
}
