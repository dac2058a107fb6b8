package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.Step;
import dev.keyturn.engine.action.CheckRun;
import dev.keyturn.engine.rotation.Progress;
import dev.keyturn.plugin.postgresql.PostgresqlServer;
import dev.keyturn.testkit.Behaviour;
import dev.keyturn.testkit.Chain;
import dev.keyturn.testkit.LocalSecretManager;
import dev.keyturn.testkit.Operation;
import dev.keyturn.testkit.SecretStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A check finds what would stop a rotation, and changes nothing: as the server and the Secret Manager tell. */
class CheckTest {

    private static ObjectNode arguments(Scene scene) {
        ObjectNode arguments = scene.arguments();
        arguments.remove("jobToken");
        return arguments;
    }

    private static CheckRun.Ended check(ObjectNode arguments) {
        return CheckRun.run(arguments.toString(), null, List.of(), Map.of(), List.of(), Progress.NONE);
    }

    private static CheckRun.Ended check(Scene scene) {
        return check(arguments(scene));
    }

    private static CheckRun.Ended checkGiven(ObjectNode arguments, JsonNode chain, String... keys) {
        return CheckRun.run(arguments.toString(), chain.toString(), List.of(keys), Map.of(), List.of(), Progress.NONE);
    }

    private static JsonNode account(CheckRun.Ended ended) {
        return ended.document().path("accounts").path(0);
    }

    private static String stage(CheckRun.Ended ended, String stage) {
        return account(ended).path("stages").path(stage).stringValue();
    }

    private static String found(CheckRun.Ended ended, String code) {
        JsonNode document = ended.document();
        assertEquals(code, document.path("error").path("code").stringValue(), document.toPrettyString());
        assertFalse(document.path("ok").booleanValue());
        assertEquals(0, document.path("wouldDo").size());
        assertEquals(1, ended.exitCode());
        return document.path("error").path("message").stringValue();
    }

    /** What a role's sessions have asked the server to do other than look. */
    private static List<String> changes(String user) {
        return Scene.SERVER.log().lines().filter(line -> line.startsWith(user + ":"))
                .filter(line -> line.matches(".*LOG: +(statement|execute [^:]*): .*"))
                .filter(line -> !line.matches("(?i).*LOG: +(statement|execute [^:]*): +(SELECT|SET|SHOW|BEGIN|COMMIT).*")).toList();
    }

    @Test
    void aHealthyTargetIsFoundSo_andNothingIsChanged() {
        try (Scene scene = new Scene()) {
            Chain before = scene.manager.chain(scene.secretId);
            CheckRun.Ended ended = check(scene);
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertTrue(ended.document().path("ok").booleanValue());
            assertEquals("works", stage(ended, "active"));
            assertEquals("none of its own", stage(ended, "pending"));
            assertTrue(account(ended).path("ready").booleanValue());
            assertEquals(3, ended.document().path("wouldDo").size(), ended.document().toPrettyString());

            assertEquals(List.of(Operation.GET_VALUES), scene.calls(), "no job was started");
            assertEquals(SecretStatus.ENABLE, scene.manager.status(scene.secretId));
            assertEquals(before, scene.manager.chain(scene.secretId));
            assertTrue(Scene.SERVER.log().lines().anyMatch(line -> line.startsWith(scene.user + ":") && line.contains("SELECT r.rolcanlogin")), "statements are logged");
            assertEquals(List.of(), changes(scene.user));
            assertEquals(1, Scene.SERVER.acceptedLogins(scene.user));
            assertEquals(0, Scene.SERVER.refusedLogins(scene.user));
            assertEquals(0, Scene.SERVER.sessions(scene.user), "sessions left, and with them the lock");
            assertEquals(0, scene.rotate().exitCode(), "a rotation follows");
        }
    }

    @Test
    void aWrongPassword() {
        try (Scene scene = new Scene()) {
            scene.active.put(Scene.KEY, "not-the-password");
            scene.secret(null, null);
            CheckRun.Ended ended = check(scene);
            found(ended, "KT-501");
            assertEquals("refused", stage(ended, "active"));
            assertFalse(account(ended).path("ready").booleanValue());
            assertEquals(1, Scene.SERVER.refusedLogins(scene.user));
        }
    }

    @Test
    void aMissingRight() {
        try (Scene scene = new Scene(); Scene weak = new Scene()) {
            ObjectNode arguments = arguments(scene);
            arguments.putObject("admin").put("user", weak.user).put("password", weak.oldPassword).putArray("hosts").add("localhost");
            CheckRun.Ended ended = check(arguments);
            found(ended, "KT-515");
            assertEquals("works", stage(ended, "active"));
            assertEquals(List.of(), changes(weak.user));
        }
    }

    @Test
    void aReadOnlyNode() {
        try (PostgresqlServer standby = PostgresqlServer.startStandby(); Scene scene = new Scene()) {
            scene.active.put("cdbPort", standby.port()).put("cdbUser", standby.adminUser()).put(Scene.KEY, standby.adminPassword());
            scene.secret(null, null);
            ObjectNode arguments = arguments(scene);
            arguments.putObject("options").put("tls", "off");
            CheckRun.Ended ended = check(arguments);
            found(ended, "KT-516");
            assertTrue(ended.document().path("warnings").toString().contains("options.tls"), "plain text is warned of");
        }
    }

    @Test
    void anUntrustedCertificate() {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = arguments(scene);
            arguments.remove("options");
            CheckRun.Ended ended = check(arguments);
            String message = found(ended, "KT-517");
            assertTrue(message.contains("certificate"), message);
            assertEquals("no verdict: MISCONFIGURED", stage(ended, "active"));
            assertEquals(0, Scene.SERVER.acceptedLogins(scene.user) + Scene.SERVER.refusedLogins(scene.user), "the password was not sent");
        }
    }

    @Test
    void anUnreachableHost() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        try (Scene scene = new Scene()) {
            scene.active.put("cdbPort", closed);
            scene.secret("The-previous-1", null);
            CheckRun.Ended ended = check(scene);
            found(ended, "KT-513");
            assertEquals("no verdict: UNREACHABLE", stage(ended, "active"));
            assertEquals("not tried", stage(ended, "previous"), "only a wrong password leads to another stage");
        }
    }

    @Test
    void aMissingField() {
        try (Scene scene = new Scene()) {
            scene.active.remove("cdbHost");
            scene.secret(null, null);
            String message = found(check(scene), "KT-402");
            assertTrue(message.contains("\"host\""), message);
            assertEquals(0, Scene.SERVER.acceptedLogins(scene.user));
        }
    }

    @Test
    void anotherRunHoldsTheLock() throws SQLException {
        try (Scene scene = new Scene(); Connection other = Scene.SERVER.admin(); Statement statement = other.createStatement()) {
            statement.execute("SELECT pg_advisory_lock((1801812340::bigint << 32) | oid::bigint) FROM pg_roles WHERE rolname = '" + scene.user + "'");
            found(check(scene), "KT-519");
        }
    }

    @Test
    void overlapThatCannotBeHad() {
        try (Scene scene = new Scene()) {
            found(check(arguments(scene).put("overlap", "required")), "KT-504");
            assertEquals(List.of(), changes(scene.user));
        }
    }

    @Test
    void aSecretThatWouldGrowTooLarge() {
        try (Scene scene = new Scene()) {
            scene.active.put(Scene.KEY, "Short-1").put("note", "");
            scene.active.put("note", "x".repeat(9_995 - scene.active.toString().getBytes(StandardCharsets.UTF_8).length));
            Scene.SERVER.execute("ALTER ROLE " + scene.user + " PASSWORD 'Short-1'");
            scene.secret(null, null);
            found(check(scene), "KT-307");
        }
    }

    @Test
    void r6_theOrderAndTheBudgetOfARotation() {
        try (Scene scene = new Scene()) {
            scene.secret("The-previous-1", "The-pending-2");
            CheckRun.Ended ended = check(scene);
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertEquals(List.of("refused", "works", "not tried"), Stream.of("pending", "active", "previous").map(stage -> stage(ended, stage)).toList());
            assertEquals(1, Scene.SERVER.refusedLogins(scene.user));
            assertTrue(ended.document().path("wouldDo").toString().contains("is used again"), "a pending value that is found is not replaced");
        }
    }

    @Test
    void r6_fewerRefusedLoginsWhereTheArgumentsSaySo() {
        try (Scene scene = new Scene()) {
            scene.active.put(Scene.KEY, "not-the-password");
            scene.secret("The-previous-1", "The-pending-2");
            CheckRun.Ended ended = check(arguments(scene).put("maxRefusedLogins", 2));
            found(ended, "KT-511");
            assertEquals(2, Scene.SERVER.refusedLogins(scene.user), "not the third");
        }
    }

    @Test
    void theKeyMayNotRead_andNoJobIsStartedInstead() {
        try (Scene scene = new Scene(Behaviour.standard().with(Behaviour.Switch.VALUES_READABLE, false))) {
            String message = found(check(scene), "KT-308");
            assertTrue(message.contains("403"), message);
            assertEquals(List.of(Operation.GET_VALUES), scene.calls().stream().distinct().toList());
        }
    }

    @Test
    void theChainIsGiven_soSecretManagerIsNotAsked() {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = arguments(scene);
            arguments.remove(List.of("secretId", "accessKey", "secretKey", "endpoint"));
            assertEquals(0, checkGiven(arguments, scene.active, Scene.KEY).exitCode(), "a bare secret");
            ObjectNode data = Scene.JSON.createObjectNode();
            data.putObject("decryptedSecretChain").put("active", scene.active.toString()).putNull("previous");
            data.putArray("rotationTargets").add(Scene.KEY);
            assertEquals(0, checkGiven(arguments, data).exitCode(), "start's data");
            assertEquals(0, checkGiven(arguments, Scene.JSON.createObjectNode().set("data", data)).exitCode(), "start's whole reply");
            assertEquals(List.of(), scene.calls());
            assertEquals(List.of(), changes(scene.user));
        }
    }

    @Test
    void aChainThatMakesNoSense_andNobodyIsAsked() {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = arguments(scene);
            for (CheckRun.Ended ended : List.of(checkGiven(arguments, scene.active), checkGiven(arguments, Scene.JSON.createArrayNode()),
                    checkGiven(arguments, Scene.JSON.createObjectNode().set("decryptedSecretChain", scene.active), Scene.KEY),
                    CheckRun.run(arguments.toString(), null, List.of(Scene.KEY), Map.of(), List.of(), Progress.NONE))) {
                assertEquals(2, ended.exitCode(), ended.document().toPrettyString());
                assertTrue(ended.document().has("error"));
            }
            assertEquals(List.of(), scene.calls());
            assertEquals(0, Scene.SERVER.acceptedLogins(scene.user));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"secretId", "accessKey", "secretKey"})
    void aMissingArgumentIsNamed(String name) {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = arguments(scene);
            arguments.remove(name);
            CheckRun.Ended ended = check(arguments);
            assertEquals(2, ended.exitCode());
            assertEquals("KT-102", ended.document().path("error").path("code").stringValue());
            assertEquals(List.of(), scene.calls());
        }
    }

    @Test
    void r8_nothingThatIsWrittenHoldsASecret() {
        try (Scene scene = new Scene()) {
            StringBuilder heard = new StringBuilder();
            Progress ears = new Progress() {
                @Override
                public void step(Step step, String outcome, long millis) {
                    heard.append(outcome).append('\n');
                }

                @Override
                public void note(String line) {
                    heard.append(line).append('\n');
                }
            };
            scene.secret("The'previous\"value\\1", "The%pending{}value?2");
            CheckRun.Ended ended = CheckRun.run(scene.arguments().toString(), null, List.of(), Map.of(), List.of("noticed\u001b[2Jbefore"), ears);
            assertEquals(0, ended.exitCode());
            String all = heard.toString() + ended.document();
            for (String secret : List.of(scene.oldPassword, "The'previous", "The%pending", scene.manager.secretKey())) {
                assertFalse(all.contains(secret));
            }
            assertTrue(all.contains("noticed\\u001b[2Jbefore") && all.indexOf('\u001b') < 0, "control characters are escaped");
            for (String line : List.of("pending: refused", "active: works", "previous: not tried", "a rotation would do this")) {
                assertTrue(heard.toString().contains(line), line + " in " + heard);
            }
        }
    }

    static Stream<EveryTarget> targets() {
        return EveryTargetTest.targets();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everyTarget_isFoundHealthyAndIsLeftAlone_andAWrongPasswordIsFound(EveryTarget target) {
        target.started();
        String user = "checked" + target.type();
        String password = "Old-Pass-1-of-" + target.type();
        target.create(user, password);
        ObjectNode secret = Scene.JSON.createObjectNode().put("host", target.host()).put("port", target.port()).put("user", user).put("password", password);
        ObjectNode arguments = Scene.JSON.createObjectNode().put("targetType", target.type());
        tls(target, arguments.putObject("options"));
        long refused = target.refusedLogins(user);

        CheckRun.Ended healthy = checkGiven(arguments, secret, "password");
        assertEquals(0, healthy.exitCode(), healthy.document().toPrettyString());
        assertEquals(target.overlaps(), account(healthy).path("overlap").booleanValue());
        assertEquals(refused, target.refusedLogins(user));
        assertTrue(target.accepts(user, password));

        CheckRun.Ended wrong = checkGiven(arguments, secret.put("password", "Wrong-Pass-2"), "password");
        found(wrong, "KT-501");
        assertEquals(refused + 1, target.refusedLogins(user));
        assertTrue(target.accepts(user, password), "the account is as it was");
    }

    @ParameterizedTest
    @MethodSource("targets")
    void theValueThatAnEarlierRotationKeptGoesOnWorking(EveryTarget target) {
        Assumptions.assumeTrue(target.overlaps(), "a target that can hold two");
        target.started();
        String user = "kept" + target.type();
        String password = "Old-Pass-1-of-" + target.type();
        target.create(user, password);
        try (LocalSecretManager manager = LocalSecretManager.builder().start()) {
            ObjectNode secret = Scene.JSON.createObjectNode().put("host", target.host()).put("port", target.port()).put("user", user).put("password", password);
            String id = manager.createSecret(secret.toString(), "password");
            ObjectNode arguments = Scene.JSON.createObjectNode().put("secretId", id).put("accessKey", manager.accessKey()).put("secretKey", manager.secretKey())
                    .put("endpoint", manager.endpoint().toString()).put("targetType", target.type());
            tls(target, arguments.putObject("options"));
            assertEquals(0, Scene.rotate(arguments.deepCopy().put("jobToken", manager.trigger(id))).exitCode());
            CheckRun.Ended ended = check(arguments);
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertTrue(ended.document().path("wouldDo").toString().contains("the one before it"), "what a rotation would retire is told");
            assertTrue(target.accepts(user, password), "and not done");
        }
    }

    private static void tls(EveryTarget target, ObjectNode options) {
        if (target.ca().isEmpty()) {
            options.put("tls", "off");
        } else {
            options.put("ca", target.ca());
        }
    }
}
