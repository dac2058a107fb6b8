package dev.keyturn.bundle;

import static dev.keyturn.bundle.Failed.error;
import static dev.keyturn.bundle.Failed.hurried;
import static dev.keyturn.bundle.Failed.jobCalls;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.testkit.Behaviour;
import dev.keyturn.testkit.Fault;
import dev.keyturn.testkit.JobState;
import dev.keyturn.testkit.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What goes wrong at Secret Manager: a refusal, a lost reply, silence, throttling, and what is no reply at all. */
class SecretManagerFailureTest {

    @Test
    void startRefused_nothingElseIsCalled() {
        try (Scene scene = new Scene()) {
            scene.manager.on(Operation.START).beforeEffect(Fault.status(422));
            error(scene.rotate(), 1, "not-started", "KT-301");
            assertEquals(List.of(Operation.START), scene.calls());
        }
    }

    @Test
    void storeRefused_failedAndTheTargetUntouched() {
        try (Scene scene = new Scene()) {
            scene.manager.on(Operation.UPDATE_PENDING).beforeEffect(Fault.status(422));
            error(scene.rotate(), 1, "failed", "KT-303");
            assertEquals(List.of(Operation.START, Operation.UPDATE_PENDING, Operation.FAIL), scene.calls());
            assertTrue(scene.accepts(scene.oldPassword));
        }
    }

    @Test
    void r4_completeRefused_activeIsPutBackAndProvenBeforeFail() {
        try (Scene scene = new Scene()) {
            scene.manager.on(Operation.COMPLETE).beforeEffect(Fault.status(422));
            JsonNode document = error(scene.rotate(), 1, "failed", "KT-304");
            assertEquals("active", document.path("live").path(Scene.KEY).stringValue());
            assertTrue(scene.accepts(scene.oldPassword));
            assertEquals(List.of(Operation.START, Operation.UPDATE_PENDING, Operation.COMPLETE, Operation.FAIL), jobCalls(scene));
            assertTrue(scene.calls().contains(Operation.GET_VALUES), "the chain was asked before anything was put back");
            assertEquals(1, scene.rotate().exitCode(), "refused again, and nothing is lost");
            scene.manager.clearFaults();
            assertEquals(0, scene.rotate().exitCode(), "the next job succeeds");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 422})
    void r2_completeRefusedAndTheChainUnreadable_putBackAndFailed(int status) {
        try (Scene scene = new Scene(Behaviour.standard().with(Behaviour.Switch.VALUES_READABLE, false))) {
            scene.manager.on(Operation.COMPLETE).beforeEffect(Fault.status(status));
            error(scene.rotate(), 1, "failed", "KT-304");
            assertTrue(scene.accepts(scene.oldPassword));
        }
    }

    @Test
    void failRefused_saidSo() {
        try (Scene scene = new Scene()) {
            scene.manager.on(Operation.UPDATE_PENDING).beforeEffect(Fault.status(422));
            scene.manager.on(Operation.FAIL).beforeEffect(Fault.status(422));
            error(scene.rotate(), 1, "unknown", "KT-303");
        }
    }

    @Test
    void failUnansweredAndThenRefused_theJobHasEnded() {
        try (Scene scene = new Scene()) {
            scene.manager.on(Operation.UPDATE_PENDING).beforeEffect(Fault.status(422));
            scene.manager.on(Operation.FAIL).nth(1).afterEffect(Fault.close());
            error(scene.rotate(), 1, "failed", "KT-303");
            assertEquals(JobState.FAILED, scene.manager.lastResult(scene.secretId).orElseThrow());
        }
    }

    @ParameterizedTest
    @EnumSource(value = Operation.class, names = {"START", "UPDATE_PENDING", "COMPLETE"})
    void aLostReplyIsNoFailure_whereTheCallMayBeRepeated(Operation operation) {
        Behaviour repeatable = Behaviour.standard()
                .with(Behaviour.Switch.START_REPEATABLE, true).with(Behaviour.Switch.COMPLETE_REPEATABLE, true);
        try (Scene scene = new Scene(repeatable)) {
            scene.manager.on(operation).nth(1).afterEffect(Fault.close());
            ActionRun.Ended ended = scene.rotate();
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertTrue(scene.activeWorks());
            assertFalse(scene.calls().contains(Operation.FAIL));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Operation.class, names = {"START", "COMPLETE"})
    void aLostReplyIsNoFailure_whereTheChainCanBeRead(Operation operation) {
        Behaviour strict = Behaviour.standard()
                .with(Behaviour.Switch.START_REPEATABLE, false).with(Behaviour.Switch.COMPLETE_REPEATABLE, false);
        try (Scene scene = new Scene(strict)) {
            scene.manager.on(operation).nth(1).afterEffect(Fault.close());
            ActionRun.Ended ended = scene.rotate();
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertTrue(scene.activeWorks());
            assertFalse(scene.calls().contains(Operation.FAIL));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"START,KT-302", "COMPLETE,KT-305"})
    void r7_aLostReplyOfWhichNothingCanBeKnown_neitherFailNorPutBack(String pair) {
        Operation operation = Operation.valueOf(pair.split(",")[0]);
        Behaviour blind = Behaviour.standard().with(Behaviour.Switch.START_REPEATABLE, false)
                .with(Behaviour.Switch.COMPLETE_REPEATABLE, false).with(Behaviour.Switch.VALUES_READABLE, false);
        try (Scene scene = new Scene(blind)) {
            scene.manager.on(operation).nth(1).afterEffect(Fault.close());
            error(scene.rotate(), 1, "unknown", pair.split(",")[1]);
            assertFalse(scene.calls().contains(Operation.FAIL));
            assertTrue(scene.activeWorks(), "what the chain calls active works");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Operation.class, names = {"START", "UPDATE_PENDING", "COMPLETE"})
    void hungSecretManager_endsWithinTheTimeAndNoAccountIsLost(Operation operation) {
        try (Scene scene = new Scene()) {
            scene.manager.on(operation).beforeEffect(Fault.hang());
            JsonNode document = Scene.rotate(hurried(scene)).document();
            assertFalse(document.path("done").booleanValue());
            assertEquals(operation == Operation.UPDATE_PENDING ? "failed" : "unknown", document.path("job").stringValue(), document.toPrettyString());
            String pending = Scene.password(scene.manager.chain(scene.secretId).pending());
            assertTrue(scene.activeWorks() || scene.accepts(pending));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Operation.class, names = {"START", "UPDATE_PENDING", "COMPLETE"})
    void throttlingIsWaitedOut(Operation operation) {
        try (Scene scene = new Scene()) {
            scene.manager.on(operation).nth(1).beforeEffect(Fault.status(429));
            scene.manager.on(operation).nth(2).beforeEffect(Fault.status(503));
            ActionRun.Ended ended = scene.rotate();
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertEquals(3, scene.calls().stream().filter(operation::equals).count());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "html", "empty", "oversize", "redirect"})
    void aReplyThatIsNoneIsNotBelieved(String name) {
        try (Scene scene = new Scene(); SilentHost elsewhere = new SilentHost()) {
            Fault fault = switch (name) {
                case "garbage" -> Fault.garbage();
                case "html" -> Fault.htmlPage();
                case "empty" -> Fault.emptyBody();
                case "oversize" -> Fault.oversize();
                default -> Fault.redirectTo(java.net.URI.create("http://127.0.0.1:" + elsewhere.port() + "/"));
            };
            scene.manager.on(Operation.UPDATE_PENDING).nth(1).beforeEffect(fault);
            ActionRun.Ended ended = scene.rotate();
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertEquals(0, elsewhere.connections.get(), "a redirect is never followed");
            assertTrue(scene.activeWorks());
        }
    }
}
