package dev.keyturn.engine.rotation;

import static dev.keyturn.engine.rotation.LiveValueTest.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.Reply;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The end of a job that did not succeed: put back, proven, failed; or left open (R4, R7). */
class PutBackTest {

    private final Bench bench = new Bench();

    @Test
    void r4_aRefusedCompleteIsPutBack_provenAndFailed_inThatOrder() {
        bench.on("complete", BenchManager.REFUSED);
        RotationReport report = bench.run();
        assertEquals(List.of("complete", "read", "read", "open app new1", "change app new1>Active", "open app Active", "fail"), bench.from("complete"));
        assertEquals(ErrorCode.COMPLETE_REFUSED, error(report).code());
        assertEquals(RotationReport.Job.FAILED, report.job());
        assertEquals(List.of(Step.PUT_BACK, Step.FAIL), report.steps().stream().map(RotationReport.StepTime::step).skip(5).toList());
        assertEquals(List.of(20L, 10L), report.steps().stream().map(RotationReport.StepTime::millis).skip(5).toList());
        assertEquals("password: bench at db1:5432 took the active value again", LiveValueTest.outcome(report, Step.PUT_BACK));
        assertEquals(Map.of("password", Optional.of(false)), report.overlap());
        assertEquals(List.of(), report.warnings());
    }

    @Test
    void r7_aCompleteThatTheChainShowsIsDone_whateverWasAnswered() {
        bench.on("complete", BenchManager.UNCLEAR, BenchManager.REFUSED);
        bench.on("read", (Runnable) () -> bench.manager.active = Objects.requireNonNull(bench.manager.pending));
        RotationReport report = bench.run();
        assertTrue(report.done());
        assertEquals(List.of("complete", "complete", "read"), bench.from("complete"));
        assertEquals("pending is the active value now, as the chain says", LiveValueTest.outcome(report, Step.COMPLETE));
        assertEquals("pending is the active value now", LiveValueTest.outcome(new Bench().run(), Step.COMPLETE));
    }

    @Test
    void r7_aCompleteOfWhichNothingIsKnownIsNeverFailed_norPutBack() {
        bench.on("complete", BenchManager.UNCLEAR, BenchManager.REFUSED);
        bench.on("read", BenchManager.REFUSED);
        RotationReport report = bench.run();
        assertEquals(List.of("complete", "complete", "read"), bench.from("complete"));
        assertEquals(ErrorCode.COMPLETE_UNKNOWN, error(report).code());
        assertTrue(error(report).message().endsWith("is not known: the first reply was lost, and a repeat was answered with HTTP 400"),
                error(report).message());
        assertEquals(RotationReport.Job.UNKNOWN, report.job());
        assertEquals(Map.of("password", Optional.of(Stage.PENDING)), report.live());
    }

    @Test
    void r7_aRefusedCompleteWithAChainThatCannotBeReadIsBelieved() {
        for (Reply unreadable : List.of(BenchManager.REFUSED, new Reply.Success(Json.object()))) {
            Bench blind = new Bench();
            blind.on("complete", BenchManager.REFUSED);
            blind.on("read", unreadable, unreadable);
            assertEquals(RotationReport.Job.FAILED, blind.run().job());
            assertTrue(blind.calls.contains("change app new1>Active"), blind.calls.toString());
        }
    }

    @Test
    void r7_wherePendingBecameActiveMeanwhileNothingIsPutBack() {
        bench.on("open app new1", Kind.LOCKED);
        bench.on("read", (Runnable) () -> bench.manager.active = Objects.requireNonNull(bench.manager.pending));
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.UNKNOWN, report.job());
        assertEquals(List.of("open app new1", "read"), bench.from("open app new1"));
    }

    @Test
    void r7_whereAnotherRunStoredAValueOfItsOwnNothingIsPutBack() {
        bench.on("open app new1", Kind.LOCKED);
        bench.on("read", (Runnable) () -> bench.manager.pending = Bench.document("app", "Found-1"));
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
        assertEquals(List.of("open app new1", "read"), bench.from("open app new1"));
        Bench same = new Bench();
        same.on("open app new1", Kind.LOCKED);
        same.on("read", (Runnable) () -> same.manager.pending = Bench.document("app", "Active-1"));
        assertEquals(RotationReport.Job.FAILED, same.run().job());
    }

    @Test
    void r7_aChainThatCannotBeReadAgainChangesNothing() {
        for (Reply reply : List.of(BenchManager.REFUSED, new Reply.Success(Json.object()))) {
            Bench blind = new Bench();
            blind.on("open app new1", Kind.LOCKED);
            blind.on("read", reply);
            assertEquals(RotationReport.Job.FAILED, blind.run().job());
            assertTrue(blind.calls.contains("change app new1>Active"), blind.calls.toString());
        }
    }

    @Test
    void r7_failWithoutAConfirmationIsNotCalledFailed_unlessItsRepeatIsRefused() {
        bench.on("change", Kind.FORBIDDEN);
        bench.on("fail", BenchManager.REFUSED);
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.UNKNOWN, report.job());
        assertTrue(report.warnings().contains("Secret Manager did not confirm fail: HTTP 400"), report.warnings().toString());
        Bench repeated = new Bench();
        repeated.on("change", Kind.FORBIDDEN);
        repeated.on("fail", BenchManager.UNCLEAR, BenchManager.REFUSED);
        assertEquals(RotationReport.Job.FAILED, repeated.run().job());
        Bench silent = new Bench();
        silent.on("change", Kind.FORBIDDEN);
        silent.on("fail", Collections.nCopies(20, BenchManager.UNCLEAR).toArray());
        assertEquals(RotationReport.Job.UNKNOWN, silent.run().job());
    }

    @Test
    void r4_puttingBackIsRepeatedWhereItMayHaveMissed_withPausesThatGrow() {
        for (Kind kind : List.of(Kind.UNREACHABLE, Kind.UNKNOWN, Kind.CONFLICT)) {
            Bench unsteady = new Bench();
            unsteady.on("complete", BenchManager.REFUSED);
            unsteady.on("change app new1>Active", kind, kind, kind, kind, kind);
            RotationReport report = unsteady.run();
            assertEquals(RotationReport.Job.FAILED, report.job(), kind.name());
            assertEquals(6, unsteady.calls.stream().filter("change app new1>Active"::equals).count(), kind.name());
            // 250, 500, 1,000, 2,000 and 2,000 ms of pauses, and 20 for each try.
            assertEquals(5_750 + 6 * 20, report.steps().stream().filter(step -> step.step() == Step.PUT_BACK).findFirst().orElseThrow().millis(), kind.name());
        }
    }

    @Test
    void r4_puttingBackStopsInTimeForFail_andTheJobIsLeftOpen() {
        bench.on("complete", BenchManager.REFUSED);
        bench.on("change app new1>Active", Collections.nCopies(60, Kind.CONFLICT).toArray());
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
        long took = bench.millis() - 1_000_000;
        assertTrue(took > 55_000 && took < 58_500, "took " + took);
        assertEquals(Map.of("password", Optional.empty()), report.live());
        assertEquals(ErrorCode.NOT_PUT_BACK, error(report).code());
        assertEquals(Step.COMPLETE, error(report).step());
    }

    @Test
    void r4_pendingThatIsRefusedNeedsNoPuttingBack() {
        bench.on("open app new1", Kind.LOCKED, Kind.REJECTED);
        bench.on("change", (Runnable) () -> bench.on("open app Active", Bench.DONE));
        RotationReport report = bench.run();
        assertTrue(report.warnings().stream().noneMatch(warning -> warning.contains("could not be put back")), report.warnings().toString());
    }

    @Test
    void r4_activeIsAskedAgainOnlyWhereTheTargetIsAway() {
        bench.on("change", Kind.FORBIDDEN);
        bench.on("open app Active", Bench.DONE, Kind.UNREACHABLE, Kind.UNREACHABLE);
        RotationReport report = bench.run();
        assertEquals(List.of("open app Active", "open app Active", "open app Active", "fail"), bench.from("read").subList(1, 5));
        assertEquals(List.of(), report.warnings());
        Bench locked = new Bench();
        locked.on("change", Kind.FORBIDDEN);
        locked.on("open app Active", Bench.DONE, Kind.LOCKED);
        report = locked.run();
        assertEquals(List.of("password: the active value is not proven to work: LOCKED, told to"), report.warnings());
        assertEquals(RotationReport.Job.FAILED, report.job());
        Bench away = new Bench();
        away.on("change", Kind.FORBIDDEN);
        away.on("open app Active", Bench.DONE);
        away.on("open app Active", Collections.nCopies(60, Kind.UNREACHABLE).toArray());
        report = away.run();
        assertEquals(List.of("password: the active value is not proven to work: UNREACHABLE, told to"), report.warnings());
        long took = away.millis() - 1_000_000;
        assertTrue(took > 55_000 && took < 58_600, "took " + took);
        assertEquals(RotationReport.Job.FAILED, report.job());
    }

    @Test
    void r7_aRefusalOfTheChangeAndOfActiveCannotBothBeTrue() {
        bench.on("change", (Runnable) () -> bench.accept("app", "nothing"), Kind.FORBIDDEN);
        bench.on("open app new1", Kind.LOCKED);
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
    }

    @Test
    void r4_r10_whereActiveWasKeptItIsProvenBesidePending() {
        bench.surveys.put("app", Survey.empty().withOverlap());
        bench.on("complete", BenchManager.REFUSED);
        bench.on("change app new1>Active", Kind.FORBIDDEN);
        RotationReport report = bench.run();
        assertEquals(List.of("complete", "read", "read", "open app new1", "change app new1>Active", "open app Active", "fail"), bench.from("complete"));
        assertEquals(RotationReport.Job.FAILED, report.job());
        assertEquals(Map.of("password", Optional.of(false)), report.overlap());
        Bench single = new Bench();
        single.on("complete", BenchManager.REFUSED);
        single.on("change app new1>Active", Kind.FORBIDDEN);
        assertEquals(RotationReport.Job.LEFT_OPEN, single.run().job());
        assertEquals("change app new1>Active", single.calls.get(single.calls.size() - 1));
    }

    @Test
    void r4_pendingThatWorkedAndIsRefusedNowLeadsToTheProofOfActive() {
        bench.on("complete", (Runnable) () -> bench.accept("app", "Active-1"));
        bench.manager.refuseComplete = true;
        RotationReport report = bench.run();
        assertEquals(List.of("complete", "read", "read", "open app new1", "open app Active", "fail"), bench.from("complete"));
        assertEquals(Map.of("password", Optional.of(Stage.ACTIVE)), report.live());
        assertEquals(RotationReport.Job.FAILED, report.job());
    }

    @Test
    void r4_theValueThatWorkedBeforeARefusedChangeIsStillReported() {
        bench.accept("app", "Previous-1");
        bench.on("change", Kind.READ_ONLY);
        RotationReport report = bench.run();
        assertEquals(Map.of("password", Optional.of(Stage.PREVIOUS)), report.live());
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
    }

    @Test
    void r7_aRefusedChangeIsNotTakenForAnotherRunsCompletion() {
        bench.on("change", Kind.FORBIDDEN);
        bench.on("read", (Runnable) () -> bench.manager.active = Objects.requireNonNull(bench.manager.pending));
        assertEquals(RotationReport.Job.FAILED, bench.run().job());
        assertEquals(List.of("read", "open app Active", "fail"), bench.from("read"));
    }
}
