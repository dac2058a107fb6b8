package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.engine.action.CheckRun;
import dev.keyturn.engine.rotation.Progress;
import dev.keyturn.testkit.Chain;
import dev.keyturn.testkit.Fault;
import dev.keyturn.testkit.LocalSecretManager;
import dev.keyturn.testkit.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Two accounts that take turns, on every target: who holds active is never refused (R10). */
class TurnsTest {

    private static final String USER = "cdbUser";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    static Stream<EveryTarget> targets() {
        return EveryTargetTest.targets();
    }

    /** Two accounts and their secret. */
    private static final class Pair implements AutoCloseable {
        final EveryTarget target;
        final LocalSecretManager manager = LocalSecretManager.builder().start();
        final String blue = "blue" + NUMBER.incrementAndGet();
        final String green = "green" + NUMBER.get();
        final String bluePassword = "Blue-Pass-" + NUMBER.get() + "-its!";
        final String greenPassword = "Green-Pass-" + NUMBER.get() + "-its!";
        String secretId = "";

        Pair(EveryTarget target) {
            target.started();
            this.target = target;
            target.create(blue, bluePassword);
            target.create(green, greenPassword);
            chain(null, document(blue, bluePassword), null);
        }

        void chain(String previous, String active, String pending) {
            secretId = manager.createSecret(new Chain(previous, active, pending), USER, Scene.KEY);
        }

        String document(String user, String password) {
            return Scene.JSON.createObjectNode().put("cdbHost", target.host()).put("cdbPort", target.port()).put(USER, user)
                    .put(Scene.KEY, password).put("note", "kept").toString();
        }

        ObjectNode arguments() {
            ObjectNode arguments = Scene.JSON.createObjectNode().put("secretId", secretId).put("jobToken", manager.trigger(secretId))
                    .put("accessKey", manager.accessKey()).put("secretKey", manager.secretKey())
                    .put("endpoint", manager.endpoint().toString()).put("targetType", target.type());
            ObjectNode options = arguments.putObject("options");
            if (target.ca().isEmpty()) {
                options.put("tls", "off");
            } else {
                options.put("ca", target.ca());
            }
            return arguments;
        }

        ObjectNode withSecond(ObjectNode arguments) {
            arguments.putObject("secondAccount").put("user", green).put("password", greenPassword);
            return arguments;
        }

        boolean accepts(String document) {
            JsonNode tree = Scene.JSON.readTree(document);
            return target.accepts(tree.path(USER).stringValue(), tree.path(Scene.KEY).stringValue());
        }

        String active() {
            return manager.chain(secretId).active();
        }

        String activeUser() {
            return Scene.JSON.readTree(active()).path(USER).stringValue();
        }

        /** The stand-in for SQL Server counts all users' together. */
        long refused() {
            return target.refusedLogins(blue) + (target == EveryTarget.MSSQL ? 0 : target.refusedLogins(green));
        }

        List<Operation> calls() {
            return manager.operations();
        }

        @Override
        public void close() {
            manager.close();
        }
    }

    private static String code(ActionRun.Ended ended) {
        return ended.document().path("error").path("code").asString("none");
    }

    private static String message(ActionRun.Ended ended) {
        return ended.document().path("error").path("message").asString("none");
    }

    @ParameterizedTest
    @MethodSource("targets")
    void r1_r6_r10_theyAlternate_andActiveWorksAtEveryCall(EveryTarget target) {
        try (Pair pair = new Pair(target)) {
            long refused = pair.refused();
            List<String> refusedAt = new ArrayList<>();
            pair.manager.afterEffect(call -> {
                if (!pair.accepts(pair.active())) {
                    refusedAt.add(call.operation() + " of " + pair.activeUser());
                }
            });
            List<String> users = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String before = pair.active();
                ActionRun.Ended ended = Scene.rotate(i == 0 ? pair.withSecond(pair.arguments()) : pair.arguments());
                assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
                assertEquals(before, pair.manager.chain(pair.secretId).previous());
                assertTrue(pair.accepts(before), "what was active works on");
                assertTrue(pair.accepts(pair.active()));
                assertEquals("active", ended.document().path("live").path(Scene.KEY).stringValue());
                assertTrue(ended.document().path("overlap").path(Scene.KEY).booleanValue());
                assertEquals("kept", Scene.JSON.readTree(pair.active()).path("note").stringValue());
                assertEquals(0, ended.document().path("warnings").size(), ended.document().toPrettyString());
                users.add(pair.activeUser());
            }
            assertEquals(List.of(pair.green, pair.blue, pair.green, pair.blue), users);
            assertEquals(List.of(), refusedAt);
            assertEquals(List.of(Operation.START, Operation.UPDATE_PENDING, Operation.COMPLETE), pair.calls().subList(9, 12));
            assertEquals(12, pair.calls().size());
            assertEquals(refused, pair.refused(), "R6: no refused login");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void theIdleAccountsOldValueStops(EveryTarget target) {
        try (Pair pair = new Pair(target)) {
            pair.chain(pair.document(pair.green, pair.greenPassword), pair.document(pair.blue, pair.bluePassword), null);
            assertEquals(0, Scene.rotate(pair.arguments()).exitCode());
            assertFalse(target.accepts(pair.green, pair.greenPassword));
            assertTrue(target.accepts(pair.blue, pair.bluePassword));
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void r3_r6_aPendingValueIsGoneOnWith_liveOrNot(EveryTarget target) {
        for (boolean live : new boolean[] {true, false}) {
            try (Pair pair = new Pair(target)) {
                String found = live ? pair.greenPassword : "Found-Pass-1-its!";
                pair.chain(pair.document(pair.green, live ? "Gone-Pass-1!" : pair.greenPassword), pair.document(pair.blue, pair.bluePassword),
                        pair.document(pair.green, found));
                long refused = pair.refused();
                ActionRun.Ended ended = Scene.rotate(pair.arguments());
                assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
                assertEquals(pair.document(pair.green, found), pair.active());
                assertTrue(pair.accepts(pair.active()));
                assertEquals(refused + (live ? 0 : 1), pair.refused(), "R6");
            }
        }
    }

    @Test
    void theFirstRotationNeedsASecondAccount_andSaysSo() {
        try (Pair pair = new Pair(EveryTarget.POSTGRESQL)) {
            ActionRun.Ended ended = Scene.rotate(pair.arguments());
            assertEquals("KT-406", code(ended));
            assertEquals("failed", ended.document().path("job").stringValue());
            assertEquals(List.of(Operation.START, Operation.FAIL), pair.calls());
            ObjectNode itself = pair.arguments();
            itself.putObject("secondAccount").put("user", pair.blue).put("password", pair.bluePassword);
            assertEquals("KT-406", code(Scene.rotate(itself)));
        }
    }

    @Test
    void r8_theSecondPasswordIsShownNowhere_andTheUsersAre() {
        try (Pair pair = new Pair(EveryTarget.POSTGRESQL)) {
            String result = Scene.rotate(pair.withSecond(pair.arguments())).document().toString();
            assertFalse(result.contains(pair.greenPassword) || result.contains(Scene.password(pair.active())), result);
            assertTrue(result.contains("turn of " + pair.green) && result.contains(pair.blue), result);
        }
    }

    @Test
    void anIdleAccountWithFewerRightsIsAnOutage_andStopsTheRotation() {
        try (Pair pair = new Pair(EveryTarget.POSTGRESQL)) {
            String role = "readers_of_" + pair.blue;
            Scene.SERVER.execute("CREATE ROLE " + role + "; GRANT " + role + " TO " + pair.blue);
            ActionRun.Ended ended = Scene.rotate(pair.withSecond(pair.arguments()));
            assertEquals("KT-505", code(ended));
            assertTrue(message(ended).contains(role), message(ended));
            assertTrue(worksFor(pair, pair.green, pair.greenPassword), "nothing was changed");
            // The other way round: more rights than active has are no obstacle.
            Scene.SERVER.execute("REVOKE " + role + " FROM " + pair.blue + "; GRANT " + role + " TO " + pair.green);
            assertEquals(0, Scene.rotate(pair.withSecond(pair.arguments())).exitCode());
        }
    }

    private static boolean worksFor(Pair pair, String user, String password) {
        return pair.target.accepts(user, password);
    }

    @Test
    void r2_r12_aPendingValueOfAThirdAccountIsNeitherTriedNorReplaced() {
        try (Pair pair = new Pair(EveryTarget.POSTGRESQL)) {
            String third = pair.document("third", "Third-Pass-1!");
            pair.chain(pair.document(pair.green, pair.greenPassword), pair.document(pair.blue, pair.bluePassword), third);
            ActionRun.Ended ended = Scene.rotate(pair.arguments());
            assertEquals("KT-407", code(ended));
            assertEquals("left-open", ended.document().path("job").stringValue(), "fail could drop the only place where its password stands");
            assertEquals(third, pair.manager.chain(pair.secretId).pending());
            assertEquals(0, Scene.SERVER.refusedLogins("third"));
            String fix = ended.document().path("error").path("fix").asString("");
            assertTrue(fix.contains("remove it from the pending stage") && !fix.contains("secondAccount"), "previous goes before the argument: " + fix);
        }
    }

    @Test
    void aPendingValueOfAnEarlierSecondAccountIsGoneOnWithWhenThatIsNamedAgain_asTheErrorSays() {
        try (Pair pair = new Pair(EveryTarget.POSTGRESQL)) {
            pair.chain(null, pair.document(pair.blue, pair.bluePassword), pair.document(pair.green, "Found-Pass-1-its!"));
            ObjectNode another = pair.arguments();
            another.putObject("secondAccount").put("user", "third").put("password", "Third-Pass-1!");
            ActionRun.Ended ended = Scene.rotate(another);
            assertEquals("KT-407", code(ended));
            assertTrue(ended.document().path("error").path("fix").asString("").contains("secondAccount"));
            assertEquals(0, Scene.rotate(pair.withSecond(pair.arguments())).exitCode());
            assertEquals(pair.document(pair.green, "Found-Pass-1-its!"), pair.active());
        }
    }

    @Test
    void r2_aPendingValueOfTheActiveAccountIsReplacedOnlyWhenActiveWorks() {
        try (Pair pair = new Pair(EveryTarget.POSTGRESQL)) {
            String green = pair.document(pair.green, pair.greenPassword);
            pair.chain(green, pair.document(pair.blue, "Not-Its-Pass-1!"), pair.document(pair.blue, pair.bluePassword));
            ActionRun.Ended ended = Scene.rotate(pair.arguments());
            assertEquals("left-open", ended.document().path("job").stringValue(), ended.document().toPrettyString());
            assertEquals(pair.bluePassword, Scene.password(pair.manager.chain(pair.secretId).pending()));

            pair.chain(green, pair.document(pair.blue, pair.bluePassword), pair.document(pair.blue, "Not-Its-Pass-1!"));
            assertEquals(0, Scene.rotate(pair.arguments()).exitCode());
            assertEquals(pair.green, pair.activeUser());
            assertTrue(pair.accepts(pair.active()));
        }
    }

    @Test
    void anIdleAccountWhoseValueWasLostHarmsNobody_andSecondAccountMendsIt() {
        try (Pair pair = new Pair(EveryTarget.POSTGRESQL)) {
            pair.chain(pair.document(pair.green, "Lost-Pass-1!"), pair.document(pair.blue, pair.bluePassword), null);
            ActionRun.Ended ended = Scene.rotate(pair.arguments());
            assertEquals("KT-501", code(ended));
            assertEquals("failed", ended.document().path("job").stringValue());
            assertTrue(ended.document().path("error").path("fix").asString("").contains("secondAccount"), ended.document().toPrettyString());
            assertTrue(pair.accepts(pair.active()));
            assertEquals(0, Scene.rotate(pair.withSecond(pair.arguments())).exitCode());
            assertEquals(pair.green, pair.activeUser());
        }
    }

    @Test
    void anActiveValueThatIsRefusedIsMendedByTheOther() {
        try (Pair pair = new Pair(EveryTarget.POSTGRESQL)) {
            pair.chain(pair.document(pair.green, pair.greenPassword), pair.document(pair.blue, "Not-Its-Pass-1!"), null);
            ActionRun.Ended ended = Scene.rotate(pair.arguments());
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertTrue(pair.accepts(pair.active()));
            assertFalse(ended.document().path("overlap").path(Scene.KEY).booleanValue(), "what was active did not work before either");
        }
    }

    @Test
    void r12_anAdministratorGivesTheSecondAccountItsFirstPassword() {
        try (Pair pair = new Pair(EveryTarget.POSTGRESQL)) {
            Scene.SERVER.execute("CREATE ROLE boss_" + pair.blue + " LOGIN SUPERUSER PASSWORD 'Boss-Pass-1!'");
            ObjectNode arguments = pair.arguments();
            arguments.putObject("secondAccount").put("user", pair.green);
            assertEquals("KT-103", code(Scene.rotate(arguments)), "without an administrator nobody knows a password");
            arguments.putObject("admin").put("user", "boss_" + pair.blue).put("password", "Boss-Pass-1!").putArray("hosts").add("localhost");
            ActionRun.Ended ended = Scene.rotate(arguments);
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertEquals(pair.green, pair.activeUser());
            assertTrue(pair.accepts(pair.active()));
            assertTrue(worksFor(pair, pair.blue, pair.bluePassword));
        }
    }

    @Test
    void r4_whatCannotBeCompletedIsPutBack_onTheIdleAccount() {
        try (Pair pair = new Pair(EveryTarget.POSTGRESQL)) {
            pair.chain(pair.document(pair.green, pair.greenPassword), pair.document(pair.blue, pair.bluePassword), null);
            pair.manager.on(Operation.COMPLETE).beforeEffect(Fault.status(422));
            ActionRun.Ended ended = Scene.rotate(pair.arguments());
            assertEquals("KT-304", code(ended));
            assertEquals("failed", ended.document().path("job").stringValue());
            assertEquals("previous", ended.document().path("live").path(Scene.KEY).stringValue());
            assertTrue(worksFor(pair, pair.blue, pair.bluePassword));
            assertTrue(worksFor(pair, pair.green, pair.greenPassword));
        }
    }

    @Test
    void aCheckTellsWhoseTurnItIs_andChangesNothing() {
        try (Pair pair = new Pair(EveryTarget.POSTGRESQL)) {
            pair.chain(pair.document(pair.green, pair.greenPassword), pair.document(pair.blue, pair.bluePassword), null);
            CheckRun.Ended ended = CheckRun.run(pair.arguments().toString(), null, List.of(), Map.of(), List.of(), Progress.NONE);
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            JsonNode account = ended.document().path("accounts").path(0);
            assertEquals(pair.green, account.path("user").stringValue());
            assertEquals("works", account.path("stages").path("active").stringValue());
            assertEquals("works", account.path("stages").path("previous").stringValue());
            assertTrue(account.path("overlap").booleanValue());
            String wouldDo = ended.document().path("wouldDo").toString();
            assertTrue(wouldDo.contains(pair.green + " changes its own password") && wouldDo.contains(pair.blue + " is not touched"), wouldDo);
            assertTrue(worksFor(pair, pair.green, pair.greenPassword));
            assertEquals(List.of(Operation.GET_VALUES), pair.calls());
        }
    }

    @Test
    void aMadeUpUserIsNoUser() {
        try (Pair pair = new Pair(EveryTarget.POSTGRESQL)) {
            ActionRun.Ended ended = Scene.rotate(pair.withSecond(pair.arguments()).put("generator", "auto"));
            assertEquals("KT-405", code(ended));
            assertEquals(List.of(Operation.START, Operation.FAIL), pair.calls());
        }
    }

    @Test
    void aUserThatRotatesAloneIsAMistake() {
        try (Pair pair = new Pair(EveryTarget.POSTGRESQL)) {
            pair.secretId = pair.manager.createSecret(new Chain(null, pair.active(), null), USER);
            assertEquals("KT-405", code(Scene.rotate(pair.arguments())));
        }
    }
}
