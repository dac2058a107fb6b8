package dev.keyturn.engine.rotation;

import static dev.keyturn.engine.rotation.LiveValueTest.error;
import static dev.keyturn.engine.rotation.LiveValueTest.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Step;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two accounts that take turns: app is the one that clients use, app2 the idle one (R10). */
class TurnsStepsTest {

    private final Bench bench = new Bench();

    TurnsStepsTest() {
        bench.manager.keys = List.of("user", "password");
        bench.manager.previous = Bench.document("app2", "Previous-1");
        bench.accept("app2", "Previous-1");
    }

    @Test
    void r1_r6_r10_theIdleAccountIsChanged_andTheActiveOneOnlyLoggedInTo() {
        RotationReport report = bench.run();
        assertEquals(List.of("start", "open app Active", "survey app", "open app2 Previous", "survey app2", "store app2 new1", "change app2 Previous>new1",
                "open app2 new1", "complete"), bench.calls);
        assertEquals(List.of("Active", "Previous"), bench.toBeSurveyed);
        assertEquals(Map.of("password", Optional.of(true)), report.overlap());
        assertEquals(Map.of("password", Optional.of(Stage.ACTIVE)), report.live());
        assertEquals("password: bench at db1:5432 took the new value; app works as before", outcome(report, Step.CHANGE));
        assertEquals("password: it is the turn of app2: previous works; app stays as it is, on bench at db1:5432", outcome(report, Step.PREFLIGHT));
        assertEquals(List.of(), report.warnings());
    }

    @Test
    void r10_aRefusedActiveIsMended_withAWarning_andTheReportDoesNotPromiseOverlap() {
        bench.accept("app", "Elsewhere-1");
        RotationReport report = bench.run();
        assertTrue(report.done());
        assertEquals(Map.of("password", Optional.of(false)), report.overlap());
        assertEquals(List.of("password: active (app) is refused on bench at db1:5432; the rotation mends that"), report.warnings());
    }

    @Test
    void r5_anyOtherAnswerOfTheActiveAccountEndsTheRotation() {
        bench.on("open app Active", Kind.LOCKED);
        RotationReport report = bench.run();
        assertEquals("password: login to bench at db1:5432 with the active value (app): told to", error(report).message());
        assertEquals(List.of("start", "open app Active", "read", "fail"), bench.calls);
    }

    @Test
    void r2_aPendingValueOfTheActiveAccountIsReplaced_onlyIfActiveWorksWithoutIt() {
        bench.manager.pending = Bench.document("app", "Found-1");
        RotationReport report = bench.run();
        assertTrue(report.done());
        assertEquals(List.of("password: the pending value that was found is of the active account, which works without it; it is replaced"),
                report.warnings());
        assertTrue(bench.calls.contains("store app2 new1"), bench.calls.toString());
        Bench lost = turns();
        lost.manager.pending = Bench.document("app", "Found-1");
        lost.accept("app", "Found-1");
        report = lost.run();
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
        assertEquals(List.of("start", "open app Active", "read"), lost.calls);
        Bench same = turns();
        same.manager.pending = Bench.document("app", "Active-1");
        same.accept("app", "Elsewhere-1");
        assertTrue(same.run().done());
    }

    @Test
    void r3_aPendingValueOfTheIdleAccountIsResumed_andOneThatIsItsOwnIsNone() {
        bench.manager.pending = Bench.document("app2", "Found-1");
        bench.accept("app2", "Found-1");
        RotationReport report = bench.run();
        assertEquals(List.of("open app2 Found", "survey app2", "change app2 Found>Found", "open app2 Found", "complete"), bench.from("open app2"));
        assertTrue(report.resumed());
        assertEquals(List.of(), report.warnings());
        Bench same = turns();
        same.manager.pending = Bench.document("app2", "Previous-1");
        assertEquals(false, same.run().resumed());
        assertEquals(List.of("open app2 Previous", "survey app2", "store app2 new1", "change app2 Previous>new1", "open app2 new1", "complete"),
                same.from("open app2"));
    }

    @Test
    void r2_aPendingValueOfAThirdAccountEndsTheRotation() {
        bench.manager.pending = Bench.document("app3", "Found-1");
        RotationReport report = bench.run();
        assertEquals(ErrorCode.PENDING_OF_ANOTHER, error(report).code());
        assertEquals("the pending value that was found is of the account app3, and it is the turn of app2", error(report).message());
        assertEquals(List.of("start"), bench.calls);
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
    }

    @Test
    void r10_anIdleAccountThatMayDoLessIsAnError_beforeAnythingIsStored() {
        bench.surveys.put("app", Survey.empty().withRights(Set.of("a", "b", "c", "d", "e", "f", "g")));
        bench.surveys.put("app2", Survey.empty().withRights(Set.of("g", "more")));
        RotationReport report = bench.run();
        assertEquals("password: on bench at db1:5432 the idle account app2 lacks 6 of the rights that the active one, app, has: a; b; c; d; e; ...",
                error(report).message());
        assertEquals(List.of("start", "open app Active", "survey app", "open app2 Previous", "survey app2"), bench.calls.subList(0, 5));
        assertTrue(bench.calls.stream().noneMatch(call -> call.startsWith("store")), bench.calls.toString());
        bench.surveys.put("app2", Survey.empty().withRights(Set.of("f", "g")));
        assertTrue(error(bench.run()).message().endsWith("lacks 5 of the rights that the active one, app, has: a; b; c; d; e"));
        bench.surveys.put("app2", bench.surveys.get("app"));
        assertTrue(bench.run().done());
    }

    @Test
    void r10_rightsThatNobodyToldAreAWarning() {
        bench.surveys.put("app", Survey.empty().withRights(Set.of("a")));
        RotationReport report = bench.run();
        assertTrue(report.done());
        assertEquals(List.of("password: whether app2 may do what app may was not told"), report.warnings());
        Bench untold = turns();
        untold.on("survey app", Kind.FORBIDDEN);
        assertEquals(List.of("password: what the active account may do was not told: FORBIDDEN, told to"), untold.run().warnings());
    }

    @Test
    void r7_whereActiveIsProvenOrHasNoPendingTheJobIsFailed() {
        bench.manager.pending = Bench.document("app", "Found-1");
        bench.on("change", Kind.FORBIDDEN);
        assertEquals(RotationReport.Job.FAILED, bench.run().job());
        Bench untold = turns();
        untold.on("survey app", Kind.FORBIDDEN);
        untold.on("change", Kind.FORBIDDEN);
        assertEquals(RotationReport.Job.FAILED, untold.run().job());
        Bench refused = turns();
        refused.accept("app", "Elsewhere-1");
        refused.on("change", Kind.FORBIDDEN);
        assertEquals(RotationReport.Job.FAILED, refused.run().job());
    }

    @Test
    void r4_whatIsLeftOpenIsTheIdleAccount_andTheMessageSaysThatClientsAreServed() {
        bench.on("open app2 new1", Kind.LOCKED, Kind.LOCKED);
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
        assertEquals(ErrorCode.NOT_PUT_BACK, error(report).code());
        assertTrue(error(report).message().contains(") the idle account's value (active is untouched, and works) could not be put back"), error(report).message());
    }

    @Test
    void r7_aLockOfTheActiveAccountThatAnotherRunHoldsIsRespected() {
        bench.on("survey app", Kind.CONFLICT);
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
        assertEquals("password: the active account on bench at db1:5432 was asked for its rights: told to", error(report).message());
    }

    @Test
    void r10_theAdministratorsSurveyDoesNotHideWhatTheIdleAccountMayDo() {
        bench.admin = Optional.of(new RotationRequest.Admin("root", "Admin-1", List.of("db1"), false));
        bench.accept("root", "Admin-1");
        bench.surveys.put("app", Survey.empty().withRights(Set.of("a")));
        bench.on("survey app2", (Runnable) () -> bench.surveys.put("app2", Survey.empty().withRights(Set.of("a"))),
                (Runnable) () -> bench.surveys.put("app2", Survey.empty()));
        RotationReport report = bench.run();
        assertEquals(List.of("open app2 Previous", "survey app2", "open root Admin", "survey app2", "store app2 new1", "change app2 Previous>new1",
                "open app2 new1", "complete"), bench.from("open app2"));
        assertEquals(List.of(), report.warnings());
        Bench silent = turns();
        silent.admin = bench.admin;
        silent.accept("root", "Admin-1");
        silent.surveys.put("app", Survey.empty().withRights(Set.of("a")));
        silent.on("survey app2", Kind.FORBIDDEN);
        assertEquals(List.of("password: whether app2 may do what app may was not told"), silent.run().warnings());
    }

    @Test
    void r4_whatIsPutBackIsTheIdleAccountsValue() {
        bench.on("complete", BenchManager.REFUSED);
        RotationReport report = bench.run();
        assertEquals(List.of("complete", "read", "read", "open app2 new1", "change app2 new1>Previous", "open app2 Previous", "fail"), bench.from("complete"));
        assertEquals("password: bench at db1:5432 took the previous value again", outcome(report, Step.PUT_BACK));
        assertEquals(Map.of("password", Optional.of(Stage.PREVIOUS)), report.live());
    }

    @Test
    void r7_whatAnotherRunCompletedIsKnownByValueAndUser() {
        for (String user : List.of("app2", "app")) {
            Bench twin = turns();
            twin.on("open app2 new1", Kind.LOCKED);
            twin.on("read", (Runnable) () -> twin.manager.active = Objects.requireNonNull(twin.manager.pending).deepCopy().put("user", user));
            RotationReport report = twin.run();
            assertEquals(user.equals("app2") ? RotationReport.Job.UNKNOWN : RotationReport.Job.FAILED, report.job());
            assertEquals(Step.TEST, error(report).step());
            assertEquals("password: login to bench at db1:5432 with the pending value of app2, after the change was sent: told to", error(report).message());
        }
    }

    @Test
    void r10_turnsNeedNoSecondPassword_andUseNone() {
        bench.overlap = RotationRequest.Overlap.REQUIRED;
        assertTrue(bench.run().done());
        Bench able = turns();
        able.surveys.put("app2", Survey.empty().withOverlap());
        able.second = Optional.of(new RotationRequest.SecondAccount("app2", Optional.of("Second-1")));
        assertTrue(able.run().done());
        assertEquals(List.of("survey app2", "store app2 new1", "change app2 Previous>new1", "open app2 new1", "complete"), able.from("survey app2"));
    }

    static Bench turns() {
        return new TurnsStepsTest().bench;
    }
}
