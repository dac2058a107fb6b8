package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.testkit.Behaviour;
import dev.keyturn.testkit.Fault;
import dev.keyturn.testkit.JobState;
import dev.keyturn.testkit.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What goes wrong ends with a code that names it, with the right call to fail or none, and with active working (R4, R7). */
class FailureTest {

    /** Port of a host that accepts connections and never says a word; counts them. */
    static final class SilentHost implements AutoCloseable {

        private final ServerSocket socket;
        final AtomicInteger connections = new AtomicInteger();

        SilentHost() {
            try {
                socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread thread = new Thread(() -> {
                List<Socket> open = new java.util.ArrayList<>();
                try {
                    while (true) {
                        open.add(socket.accept());
                        connections.incrementAndGet();
                    }
                } catch (IOException e) {
                    open.forEach(SilentHost::close);
                }
            }, "silent-host");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return socket.getLocalPort();
        }

        private static void close(AutoCloseable open) {
            try {
                open.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            close(socket);
        }
    }

    private static JsonNode error(ActionRun.Ended ended, int exitCode, String job, String code) {
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
    private static List<Operation> jobCalls(Scene scene) {
        return scene.calls().stream().filter(call -> call != Operation.GET_VALUES).toList();
    }

    private static ObjectNode hurried(Scene scene) {
        return scene.arguments().put("timeoutMillis", 6_000);
    }

    // ---- The target -------------------------------------------------------------------------------------------------------

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
            scene.active.put("cdbPort", closedPort());
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

    // ---- A pending value that was there ---------------------------------------------------------------------------------------

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

    // ---- Secret Manager ---------------------------------------------------------------------------------------------------------

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

    // ---- The secret -------------------------------------------------------------------------------------------------------------

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

    // ---- R12 ----------------------------------------------------------------------------------------------------------------------

    @Test
    void r12_aSecretWithARogueHostGetsNoAdministrator() {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = scene.arguments();
            arguments.putObject("admin").put("user", Scene.SERVER.adminUser()).put("password", Scene.SERVER.adminPassword())
                    .putArray("hosts").add("db.example.com");
            long before = Scene.SERVER.acceptedLogins(Scene.SERVER.adminUser());
            error(Scene.rotate(arguments), 1, "failed", "KT-503");
            assertEquals(before, Scene.SERVER.acceptedLogins(Scene.SERVER.adminUser()));
        }
    }

    @Test
    void r12_theAdministratorComesOnlyAfterActiveWasProven() {
        try (Scene scene = new Scene(); SilentHost rogue = new SilentHost()) {
            scene.active.put("cdbPort", rogue.port());
            scene.secret(null, null);
            ObjectNode arguments = hurried(scene);
            arguments.putObject("admin").put("user", "root").put("password", "Admin-Secret-1").putArray("hosts").add("localhost");
            error(Scene.rotate(arguments), 1, "failed", "KT-513");
            assertEquals(1, rogue.connections.get(), "one login of the account, none of the administrator");
        }
    }

    @Test
    void theAdministratorChangesTheAccount() {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = scene.arguments();
            arguments.putObject("admin").put("user", Scene.SERVER.adminUser()).put("password", Scene.SERVER.adminPassword())
                    .putArray("hosts").add("localhost:" + Scene.SERVER.port());
            ActionRun.Ended ended = Scene.rotate(arguments);
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertTrue(scene.activeWorks());
            assertFalse(scene.accepts(scene.oldPassword));
        }
    }

    @Test
    void theAdministratorResetsOnlyWhenTold() {
        try (Scene scene = new Scene()) {
            scene.active.put(Scene.KEY, "not-the-password");
            scene.secret(null, null);
            ObjectNode arguments = scene.arguments();
            ObjectNode admin = arguments.putObject("admin").put("user", Scene.SERVER.adminUser()).put("password", Scene.SERVER.adminPassword());
            admin.putArray("hosts").add("localhost");
            error(Scene.rotate(arguments), 1, "failed", "KT-501");
            admin.put("reset", true);
            ActionRun.Ended ended = Scene.rotate(arguments.put("jobToken", scene.manager.trigger(scene.secretId)));
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertTrue(scene.activeWorks());
        }
    }

    private static int closedPort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
