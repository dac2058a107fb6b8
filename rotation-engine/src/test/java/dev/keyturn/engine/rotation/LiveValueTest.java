package dev.keyturn.engine.rotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Preflight: which value works, found out with as few refused logins as can be (R5, R6), and what that leads to. */
class LiveValueTest {

    private final Bench bench = new Bench();

    @Test
    void r1_r2_r6_anOrdinaryRotationCallByCall() {
        RotationReport report = bench.run();
        assertEquals(List.of("start", "open app Active", "survey app", "store new1", "change app Active>new1", "open app new1", "complete"), bench.calls);
        assertEquals(Map.of("password", Optional.of(Stage.ACTIVE)), report.live());
        assertEquals(Map.of("password", Optional.of(false)), report.overlap());
        assertEquals(List.of(), report.warnings());
        assertEquals(List.of(Step.START, Step.PREFLIGHT, Step.PENDING, Step.CHANGE, Step.TEST, Step.COMPLETE),
                report.steps().stream().map(RotationReport.StepTime::step).toList());
        assertEquals(List.of(10L, 20L, 10L, 10L, 10L, 10L), report.steps().stream().map(RotationReport.StepTime::millis).toList());
        assertEquals(false, report.resumed());
    }

    @Test
    void r3_aFoundPendingThatWorksIsKept_andFinished() {
        bench.manager.pending = Bench.document("app", "Found-1");
        bench.accept("app", "Found-1");
        RotationReport report = bench.run();
        assertEquals(List.of("start", "open app Found", "survey app", "change app Found>Found", "open app Found", "complete"), bench.calls);
        assertTrue(report.resumed());
        assertEquals(Map.of("password", Optional.of(Stage.ACTIVE)), report.live());
        assertEquals(Map.of("password", Optional.of(false)), report.overlap());
    }

    @Test
    void r3_r6_aFoundPendingThatDoesNotWorkCostsOneLogin_andIsUsed() {
        bench.manager.pending = Bench.document("app", "Found-1");
        assertTrue(bench.run().done());
        assertEquals(List.of("start", "open app Found", "open app Active", "survey app", "change app Active>Found", "open app Found", "complete"),
                bench.calls);
    }

    @Test
    void r6_noValueIsTriedTwice_whereverItStands() {
        bench.manager.previous = Bench.document("app", "Active-1");
        bench.manager.pending = Bench.document("app", "Active-1");
        bench.accept("app", "Elsewhere-1");
        assertEquals(ErrorCode.DRIFTED, error(bench.run()).code());
        assertEquals(List.of("start", "open app Active"), bench.calls.subList(0, 2));
        assertEquals(1, bench.calls.stream().filter(call -> call.startsWith("open")).count());
        bench.calls.clear();
        bench.manager.previous = Bench.document("app", "Found-1");
        bench.manager.pending = Bench.document("app", "Found-1");
        assertEquals(ErrorCode.DRIFTED, error(bench.run()).code());
        assertEquals(List.of("open app Found", "open app Active"), bench.calls.stream().filter(call -> call.startsWith("open")).toList());
    }

    @Test
    void r3_anAccountThatStillHasThePreviousValueIsMended_withAWarning() {
        bench.accept("app", "Previous-1");
        RotationReport report = bench.run();
        assertEquals(List.of("start", "open app Active", "open app Previous", "survey app", "store new1", "change app Previous>new1", "open app new1",
                "complete"),
                bench.calls);
        assertEquals(List.of("password: active is refused, previous works; a rotation mends that"), report.warnings());
        assertEquals(List.of("Previous"), bench.surveyed);
    }

    @Test
    void r6_maxRefusedLoginsEndsTheSearch() {
        bench.maxRefused = 1;
        bench.accept("app", "Previous-1");
        RotationReport report = bench.run();
        assertEquals(ErrorCode.of(Kind.REJECTED), error(report).code());
        assertEquals(List.of("start", "open app Active", "read", "fail"), bench.calls);
    }

    @Test
    void r5_anyOtherAnswerEndsTheSearch() {
        for (Kind kind : Set.of(Kind.LOCKED, Kind.UNREACHABLE, Kind.UNKNOWN, Kind.NOT_PROVABLE)) {
            bench.calls.clear();
            bench.on("open app Active", kind);
            RotationReport report = bench.run();
            assertEquals(ErrorCode.of(kind), error(report).code());
            assertTrue(error(report).message().startsWith("password: login to bench at db1:5432 with the active value of app: "), error(report).message());
            assertEquals(List.of("start", "open app Active", "read", "fail"), bench.calls);
        }
    }

    @Test
    void r5_whereNoValueWorksTheReportSaysWhatWasTried() {
        bench.accept("app", "Elsewhere-1");
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.FAILED, report.job());
        assertEquals("password: no value of the chain is accepted by bench at db1:5432 for app (tried [active, previous]; last answer: wrong password)",
                error(report).message());
        assertEquals(ErrorCode.DRIFTED.fix(), error(report).fix());
        assertEquals(List.of("start", "open app Active", "open app Previous", "read", "fail"), bench.calls);
        assertEquals(Map.of("password", Optional.empty()), report.live());
    }

    @Test
    void r5_aLoginThatAnotherServerAnswersProvesNothing() {
        bench.identity = "app@one";
        bench.on("open app new1", (Runnable) () -> bench.identity = "app@two");
        RotationReport report = bench.run();
        assertEquals(ErrorCode.NOT_PUT_BACK, error(report).code());
        assertTrue(error(report).message().startsWith("after " + ErrorCode.of(Kind.NOT_PROVABLE).id()), error(report).message());
        assertTrue(error(report).message().contains("the login was answered by app@two, an earlier one by app@one"), error(report).message());
    }

    @Test
    void r5_aLoginThatTellsNoNameIsNoOther() {
        bench.identity = "app@one";
        bench.on("open app new1", (Runnable) () -> bench.identity = "");
        assertTrue(bench.run().done());
        Bench without = new Bench();
        without.identity = "app@one";
        without.on("open app new1", (Runnable) () -> without.identity = null);
        assertTrue(without.run().done());
    }

    @Test
    void aServerThatTellsWhoWasLoggedIn_isQuotedInTheSteps() {
        bench.identity = "app@one";
        RotationReport report = bench.run();
        assertEquals("password: the new value works, as app@one", outcome(report, Step.TEST));
        bench.identity = "";
        assertEquals("password: the new value works", outcome(bench.run(), Step.TEST));
    }

    @Test
    void r10_roomIsMadeForAnotherValue_onlyAfterActiveWasProven_andNeverOfOneThatIsWanted() {
        bench.surveys.put("app", Survey.empty().withOverlap());
        bench.accept("app", "Active-1", "Previous-1");
        assertEquals(Map.of("password", Optional.of(true)), bench.run().overlap());
        assertEquals(List.of("start", "open app Active", "survey app", "store new1", "change app Active>new1 keeping retiring Previous", "open app new1",
                "complete"), bench.calls);
        assertEquals(Set.of("Active", "new1"), bench.accepted("app"));
        Bench wanted = new Bench();
        wanted.surveys.put("app", Survey.empty().withOverlap());
        wanted.accept("app", "Active-1");
        wanted.manager.pending = Bench.document("app", "Previous-1");
        wanted.run();
        assertEquals(List.of("start", "open app Previous", "open app Active", "survey app", "change app Active>Previous keeping", "open app Previous",
                "complete"),
                wanted.calls);
    }

    @Test
    void r10_roomIsMadeForAFoundValueToo() {
        bench.surveys.put("app", Survey.empty().withOverlap());
        bench.accept("app", "Active-1", "Previous-1");
        bench.manager.pending = Bench.document("app", "Found-1");
        bench.run();
        assertEquals(List.of("change app Active>Found keeping retiring Previous", "open app Found", "complete"), bench.from("change"));
    }

    @Test
    void r10_nothingIsRetiredWhereAnotherValueThanActiveWorks_orOnlyOneCan() {
        bench.accept("app", "Active-1");
        bench.run();
        assertTrue(bench.calls.stream().noneMatch(call -> call.contains("retiring")), bench.calls.toString());
        Bench former = new Bench();
        former.surveys.put("app", Survey.empty().withOverlap());
        former.accept("app", "Previous-1");
        assertEquals(Map.of("password", Optional.of(false)), former.run().overlap());
        assertTrue(former.calls.contains("change app Previous>new1"), former.calls.toString());
        assertTrue(former.calls.stream().noneMatch(call -> call.contains("retiring")), former.calls.toString());
    }

    @Test
    void whatTheSurveyWarnsOfIsReported() {
        bench.surveys.put("app", Survey.empty().withWarning("a replica lags"));
        assertEquals(List.of("password: a replica lags"), bench.run().warnings());
        assertEquals(List.of("Active"), bench.surveyed);
        assertEquals(List.of("Active"), bench.toBeSurveyed, "the login with the new value only proves it");
    }

    @Test
    void r10_overlapOffIsKept_andRequiredIsRefusedBeforeAnythingIsStored() {
        bench.surveys.put("app", Survey.empty().withOverlap());
        bench.overlap = RotationRequest.Overlap.OFF;
        assertEquals(Map.of("password", Optional.of(false)), bench.run().overlap());
        assertTrue(bench.calls.contains("change app Active>new1 retiring Previous"), bench.calls.toString());
        Bench required = new Bench();
        required.overlap = RotationRequest.Overlap.REQUIRED;
        assertEquals(ErrorCode.NO_OVERLAP, error(required.run()).code());
        assertEquals(List.of("start", "open app Active", "survey app", "fail"), required.calls);
        Bench met = new Bench();
        met.overlap = RotationRequest.Overlap.REQUIRED;
        met.surveys.put("app", Survey.empty().withOverlap());
        assertTrue(met.run().done());
    }

    @Test
    void r10_whatAKilledRunKeptIsNotKnown_unlessItIsToStop() {
        bench.surveys.put("app", Survey.empty().withOverlap());
        bench.manager.pending = Bench.document("app", "Found-1");
        bench.accept("app", "Active-1", "Found-1");
        assertEquals(Map.of("password", Optional.empty()), bench.run().overlap());
        assertEquals(List.of("start", "open app Found", "survey app", "change app Found>Found", "open app Found", "complete"), bench.calls);
        Bench off = new Bench();
        off.surveys.put("app", Survey.empty().withOverlap());
        off.overlap = RotationRequest.Overlap.OFF;
        off.manager.pending = Bench.document("app", "Found-1");
        off.accept("app", "Active-1", "Found-1");
        assertEquals(Map.of("password", Optional.of(false)), off.run().overlap());
        assertEquals(List.of("start", "open app Found", "survey app", "change app Found>Found retiring Active", "open app Found", "complete"), off.calls);
    }

    static RotationReport.Error error(RotationReport report) {
        return report.error().orElseThrow();
    }

    static String outcome(RotationReport report, Step step) {
        return report.steps().stream().filter(done -> done.step() == step).findFirst().orElseThrow().outcome();
    }
}
