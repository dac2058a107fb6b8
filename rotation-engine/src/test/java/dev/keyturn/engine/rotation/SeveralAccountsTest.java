package dev.keyturn.engine.rotation;

import static dev.keyturn.engine.rotation.LiveValueTest.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.engine.ErrorCode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Several keys and several nodes: one unit of work (R4). */
class SeveralAccountsTest {

    private final Bench bench = new Bench();

    private Bench twoKeys() {
        bench.manager.keys = List.of("password", "password2");
        bench.manager.active.put("user2", "report").put("password2", "Active-2");
        bench.manager.previous = null;
        bench.fieldsOf = Map.of("password2", Map.of("user", "user2"));
        bench.accept("report", "Active-2");
        return bench;
    }

    @Test
    void r1_allValuesAreStoredInOneDocument_thenEachIsChangedAndTested() {
        RotationReport report = twoKeys().run();
        assertEquals(List.of("store new1 new2", "change app Active>new1", "open app new1", "change report Active>new2", "open report new2", "complete"),
                bench.from("store"));
        assertEquals(List.of("password", "password2"), List.copyOf(report.live().keySet()));
        assertTrue(report.done());
    }

    @Test
    void r4_aRefusalAtTheSecondPutsBackInTheOtherOrder() {
        twoKeys().on("open report new2", Kind.LOCKED);
        RotationReport report = bench.run();
        assertEquals(List.of("open report new2", "read", "open report new2", "change report new2>Active", "open report Active", "open app new1",
                "change app new1>Active", "open app Active", "fail"), bench.from("open report new2"));
        assertEquals(RotationReport.Job.FAILED, report.job());
    }

    @Test
    void r4_anAccountThatWasNotTouchedNeedsNoProof() {
        twoKeys().on("change app", Kind.FORBIDDEN);
        bench.run();
        assertEquals(List.of("change app Active>new1", "read", "open app Active", "fail"), bench.from("change app"));
    }

    @Test
    void r3_aMixedResumeGoesOnWithTheSameValues() {
        twoKeys().manager.pending = Bench.document("app", "Found-1").put("user2", "report").put("password2", "Found-2");
        bench.accept("app", "Found-1");
        RotationReport report = bench.run();
        assertTrue(report.done());
        assertTrue(bench.calls.contains("change app Found>Found") && bench.calls.contains("change report Active>Found"), bench.calls.toString());
        assertTrue(report.resumed());
    }

    @Test
    void r2_aRefusedValueIsExchangedAlone_andTheOthersStayAsTheyAre() {
        twoKeys().on("change report", Kind.VALUE_REFUSED);
        assertTrue(bench.run().done());
        assertTrue(bench.calls.contains("store new1 new3"), bench.calls.toString());
    }

    @Test
    void r2_ofTwoFoundValuesOnlyTheOneThatItsTargetCannotHoldIsReplaced() {
        twoKeys().manager.pending = Bench.document("app", "Found-\t").put("user2", "report").put("password2", "Found-2");
        bench.accept("report", "Found-2");
        assertTrue(bench.run().done());
        assertTrue(bench.calls.contains("store new1 Found"), bench.calls.toString());
    }

    @Test
    void eachKeysValueIsMadeByItsOwnTargetsRules() {
        twoKeys().lengthOf = Map.of("password2", 12);
        assertTrue(bench.run().done());
        assertEquals(List.of(20, 12), List.of("password", "password2").stream().map(key -> bench.manager.active.path(key).stringValue().length()).toList());
    }

    @Test
    void r5_aValueThatTheFirstNodeRefusesIsExchanged_forTheOthersHaveNotHeardOfIt() {
        bench.nodes = List.of(new RotationRequest.Node("db1", 1), new RotationRequest.Node("db2", 2));
        bench.live.put("app@db2", new HashSet<>(Set.of("Active-1")));
        bench.on("change app Active", Kind.VALUE_REFUSED);
        assertTrue(bench.run().done());
        assertEquals(List.of("change app Active>new1", "open app Active", "survey app", "store new2", "change app Active>new2", "open app new2",
                "change app@db2 Active>new2", "open app@db2 new2", "complete"), bench.from("change"));
    }

    @Test
    void r3_onNodesEachHasItsOwnState_andTheSameValue() {
        bench.nodes = List.of(new RotationRequest.Node("db1", 1), new RotationRequest.Node("db2", 2));
        bench.live.put("app@db2", new HashSet<>(Set.of("Previous-1")));
        RotationReport report = bench.run();
        assertEquals(List.of("start", "open app Active", "survey app", "open app@db2 Active", "open app@db2 Previous", "survey app@db2", "store new1",
                "change app Active>new1", "open app new1", "change app@db2 Previous>new1", "open app@db2 new1", "complete"), bench.calls);
        assertEquals(Map.of("password@db1:1", Optional.of(Stage.ACTIVE), "password@db2:2", Optional.of(Stage.ACTIVE)), report.live());
        Bench one = new Bench();
        one.nodes = List.of(new RotationRequest.Node("db1", 1));
        assertEquals(Set.of("password"), one.run().live().keySet());
    }

    @Test
    void r2_onNodesAFoundValueThatIsLiveOnOneIsKept_evenIfTheTargetCannotHoldIt() {
        bench.nodes = List.of(new RotationRequest.Node("db1", 1), new RotationRequest.Node("db2", 2));
        bench.manager.pending = Bench.document("app", "Found-\t");
        bench.live.put("app@db2", new HashSet<>(Set.of("Found-\t")));
        bench.run();
        assertTrue(bench.calls.stream().noneMatch(call -> call.startsWith("store")), bench.calls.toString());
    }

    @Test
    void twoKeysOfOneAccountAreRefused_beforeAnythingIsSentToIt() {
        twoKeys().fieldsOf = Map.of();
        RotationReport report = bench.run();
        assertEquals(ErrorCode.KEY_CANNOT_ROTATE, error(report).code());
        assertEquals("\"password\" and \"password2\" are the same account (bench at db1:5432), which has only one password", error(report).message());
        assertEquals(List.of("start", "fail"), bench.calls);
    }

    @Test
    void aKeyThatNoArgumentTellsThePluginOfIsRefused() {
        bench.commonTarget = false;
        RotationReport report = bench.run();
        assertEquals(ErrorCode.WHICH_PLUGIN, error(report).code());
        assertEquals(List.of("start", "fail"), bench.calls);
    }

    @Test
    void r10_aUserKeyOfAnyNameIsKnownFromTheFieldsOfItsPassword() {
        bench.manager.keys = List.of("who", "password");
        bench.fieldsOf = Map.of("password", Map.of("user", "who"));
        bench.manager.active.put("who", "app");
        bench.manager.previous = Bench.document("app", "Previous-1").put("who", "app2");
        bench.accept("app2", "Previous-1");
        assertTrue(bench.run().done());
        assertEquals("app2", bench.manager.active.path("who").stringValue());
        assertEquals("who app2", bench.redactor.clean("who app2"));
    }

    @Test
    void aUserThatRotatesWithoutItsPasswordIsRefused() {
        bench.manager.keys = List.of("user");
        RotationReport report = bench.run();
        assertEquals(ErrorCode.KEY_CANNOT_ROTATE, error(report).code());
        assertEquals("the secret rotates the key \"user\", which is an account's user, and no rotating key is that account's password",
                error(report).message());
        assertEquals("choose the password's key as a rotation target too, or only that one", error(report).fix());
    }

    @Test
    void aUserThatTheServiceWouldMakeUpIsRefused() {
        bench.manager.keys = List.of("user", "password");
        bench.generator = RotationRequest.Generator.AUTO;
        RotationReport report = bench.run();
        assertEquals("the secret rotates the user \"user\", and with \"generator\": \"auto\" Secret Manager would make up a user", error(report).message());
        assertEquals(List.of("start", "fail"), bench.calls);
    }

    @Test
    void r10_withTurnsOnNodesEachNodesActiveAccountIsLookedAt() {
        bench.manager.keys = List.of("user", "password");
        bench.manager.previous = Bench.document("app2", "Previous-1");
        bench.nodes = List.of(new RotationRequest.Node("db1", 1), new RotationRequest.Node("db2", 2));
        bench.accept("app2", "Previous-1");
        bench.live.put("app@db2", new HashSet<>(Set.of("Active-1")));
        bench.live.put("app2@db2", new HashSet<>(Set.of("Previous-1")));
        assertTrue(bench.run().done());
        assertEquals(List.of("start", "open app Active", "survey app", "open app2 Previous", "survey app2", "open app@db2 Active", "survey app@db2",
                "open app2@db2 Previous", "survey app2@db2", "store app2 new1"), bench.calls.subList(0, 10));
    }

    @Test
    void r10_oneUserKeyForTwoAccountsMustMeanTheSameSecondAccount() {
        bench.manager.keys = List.of("user", "password", "password2");
        bench.manager.active.put("password2", "Active-2").put("host2", "db2");
        bench.manager.previous = Bench.document("app2", "Previous-1").put("password2", "Previous-2");
        bench.fieldsOf = Map.of("password2", Map.of("host", "host2"));
        bench.accept("app2", "Previous-1");
        bench.live.put("app@db2", new HashSet<>(Set.of("Active-2")));
        bench.live.put("app2@db2", new HashSet<>(Set.of("Previous-2")));
        assertTrue(bench.run().done());
        assertTrue(bench.calls.contains("store app2 new1 new2"), bench.calls.toString());
        bench.calls.clear();
        bench.manager.previous = null;
        bench.fieldsOf = Map.of("password", Map.of(), "password2", Map.of("host", "host2"));
        bench.secondOf = Map.of("password", new RotationRequest.SecondAccount("this", Optional.empty()),
                "password2", new RotationRequest.SecondAccount("that", Optional.empty()));
        RotationReport report = bench.run();
        assertEquals("the key \"user\" is the user of several accounts, whose other accounts are that and this", error(report).message());
        assertEquals(List.of("start", "fail"), bench.calls);
    }
}
