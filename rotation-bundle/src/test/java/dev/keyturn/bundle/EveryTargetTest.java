package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.testkit.Chain;
import dev.keyturn.testkit.Fault;
import dev.keyturn.testkit.LocalSecretManager;
import dev.keyturn.testkit.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The same rotation on every target, looked at from outside of the plugin. */
class EveryTargetTest {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    static Stream<EveryTarget> targets() {
        return Arrays.stream(EveryTarget.values()).filter(target -> {
            if (!target.available()) {
                System.out.println("not tried: " + target.type() + " has no server for this platform");
            }
            return target.available();
        });
    }

    /** One account and its secret. */
    private static final class Case implements AutoCloseable {
        final EveryTarget target;
        final LocalSecretManager manager = LocalSecretManager.builder().start();
        final String user = "every" + NUMBER.incrementAndGet();
        final String password = "Old-Pass-" + user + "-1!";
        final long refusedBefore;
        String secretId = "";
        int refusedByUs;

        Case(EveryTarget target) {
            target.started();
            this.target = target;
            target.create(user, password);
            this.refusedBefore = target.refusedLogins(user);
            chain(null, password, null);
        }

        void chain(String previous, String active, String pending) {
            secretId = manager.createSecret(new Chain(document(previous), document(active), document(pending)), Scene.KEY);
        }

        private String document(String value) {
            return value == null ? null : Scene.JSON.createObjectNode().put("cdbHost", target.host()).put("cdbPort", target.port())
                    .put("cdbUser", user).put(Scene.KEY, value).toString();
        }

        ActionRun.Ended rotate() {
            return rotate("auto");
        }

        /** What the target says to each value. */
        List<Boolean> accepted(String... values) {
            return Arrays.stream(values).map(value -> {
                boolean accepted = target.accepts(user, value);
                refusedByUs += accepted ? 0 : 1;
                return accepted;
            }).toList();
        }

        ActionRun.Ended rotate(String overlap) {
            ObjectNode arguments = Scene.JSON.createObjectNode().put("secretId", secretId).put("jobToken", manager.trigger(secretId))
                    .put("accessKey", manager.accessKey()).put("secretKey", manager.secretKey())
                    .put("endpoint", manager.endpoint().toString()).put("targetType", target.type())
                    .put("overlap", overlap);
            ObjectNode options = arguments.putObject("options");
            if (target.ca().isEmpty()) {
                options.put("tls", "off");
            } else {
                options.put("ca", target.ca());
            }
            return Scene.rotate(arguments);
        }

        String activePassword() {
            return Scene.password(manager.chain(secretId).active());
        }

        long refused() {
            return target.refusedLogins(user) - refusedBefore;
        }

        List<Operation> jobCalls() {
            return manager.operations().stream().filter(call -> call != Operation.GET_VALUES).toList();
        }

        @Override
        public void close() {
            manager.close();
        }
    }

    private static void assertDone(ActionRun.Ended ended) {
        assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aWrongPasswordIsRefused(EveryTarget target) {
        try (Case one = new Case(target)) {
            assertFalse(target.accepts(one.user, "wrong"));
            assertTrue(target.accepts(one.user, one.password));
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void ordinary_onlyTheNewValueWorks_andNoLoginWasRefused(EveryTarget target) {
        try (Case one = new Case(target)) {
            assertDone(one.rotate());
            assertEquals(0, one.refused());
            assertEquals(List.of(Operation.START, Operation.UPDATE_PENDING, Operation.COMPLETE), one.jobCalls());
            assertTrue(target.accepts(one.user, one.activePassword()));
            assertEquals(target.overlaps(), target.accepts(one.user, one.password), "the old value, by default");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void r10_theOldValueWorksUntilTheNextRotation_andWithOverlapOffNotAMoment(EveryTarget target) {
        try (Case one = new Case(target)) {
            String first = one.password;
            ActionRun.Ended ended = one.rotate();
            assertDone(ended);
            assertEquals(target.overlaps(), ended.document().path("overlap").path(Scene.KEY).booleanValue());
            String second = one.activePassword();
            assertDone(one.rotate());
            String third = one.activePassword();
            assertEquals(List.of(false, target.overlaps(), true), one.accepted(first, second, third), "after two rotations");
            ended = one.rotate("off");
            assertDone(ended);
            assertFalse(ended.document().path("overlap").path(Scene.KEY).booleanValue());
            assertEquals(List.of(false, false, false, true), one.accepted(first, second, third, one.activePassword()), "and one with overlap off");
            assertEquals(0, one.refused() - one.refusedByUs, "refused logins of the rotations");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void r10_resumedAfterAChangeThatKeptActive_offStopsItAndOtherwiseItIsNotKnown(EveryTarget target) {
        for (String overlap : List.of("auto", "off")) {
            try (Case one = new Case(target)) {
                // What a run leaves that is killed between change and complete.
                assertDone(one.rotate());
                String fresh = one.activePassword();
                one.chain(null, one.password, fresh);
                ActionRun.Ended ended = one.rotate(overlap);
                assertDone(ended);
                boolean open = target.overlaps() && overlap.equals("auto");
                assertEquals(open, ended.document().path("overlap").path(Scene.KEY).isNull(), ended.document().toPrettyString());
                assertEquals(List.of(open, true), one.accepted(one.password, fresh), overlap);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void r10_overlapRequired_whereItCannotBeHadNothingIsStored(EveryTarget target) {
        try (Case one = new Case(target)) {
            ActionRun.Ended ended = one.rotate("required");
            if (target.overlaps()) {
                assertDone(ended);
            } else {
                assertEquals("KT-504", ended.document().path("error").path("code").stringValue(), ended.document().toPrettyString());
                assertEquals(List.of(Operation.START, Operation.FAIL), one.jobCalls());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void r3_killedAfterTheChange_resumedWithoutARefusedLogin(EveryTarget target) {
        try (Case one = new Case(target)) {
            one.chain(null, "The-Value-Before-1!", one.password);
            ActionRun.Ended ended = one.rotate();
            assertDone(ended);
            assertTrue(ended.document().path("resumed").booleanValue());
            assertEquals(one.password, one.activePassword());
            assertEquals(0, one.refused());
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void r3_killedBeforeTheChange_resumedWithOneRefusedLogin(EveryTarget target) {
        try (Case one = new Case(target)) {
            one.chain(null, one.password, "The-Pending-Value-1!");
            assertDone(one.rotate());
            assertEquals("The-Pending-Value-1!", one.activePassword());
            assertEquals(1, one.refused());
            assertTrue(target.accepts(one.user, one.activePassword()));
            assertEquals(target.overlaps(), target.accepts(one.user, one.password), "the old value, by default");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void r6_noValueWorks_eachIsTriedOnce(EveryTarget target) {
        try (Case one = new Case(target)) {
            one.chain("Not-The-Password-1!", "Nor-This-One-1!", null);
            JsonNode document = one.rotate().document();
            assertEquals("KT-501", document.path("error").path("code").stringValue(), document.toPrettyString());
            assertEquals("failed", document.path("job").stringValue());
            assertEquals(2, one.refused());
            assertTrue(target.accepts(one.user, one.password), "nothing was changed");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void r4_completeIsRefused_activeIsPutBack(EveryTarget target) {
        try (Case one = new Case(target)) {
            one.manager.on(Operation.COMPLETE).beforeEffect(Fault.status(403));
            JsonNode document = one.rotate().document();
            assertEquals("KT-304", document.path("error").path("code").stringValue(), document.toPrettyString());
            assertEquals("failed", document.path("job").stringValue());
            assertTrue(target.accepts(one.user, one.password));
            assertFalse(target.accepts(one.user, String.valueOf(Scene.password(one.manager.chain(one.secretId).pending()))));
        }
    }
}
