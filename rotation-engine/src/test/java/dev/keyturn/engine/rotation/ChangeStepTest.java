package dev.keyturn.engine.rotation;

import static dev.keyturn.engine.rotation.LiveValueTest.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Step;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Change and test: what is concluded from each answer, and what is put back (R4, R5, R7). */
class ChangeStepTest {

    private final Bench bench = new Bench();

    @Test
    void r5_aDefiniteRefusalIsBelieved_andActiveProvenBeforeFail() {
        long begin = bench.millis();
        bench.on("change", Kind.FORBIDDEN);
        RotationReport report = bench.run();
        assertTrue(bench.millis() - begin < 200, "nothing has to be waited for; took " + (bench.millis() - begin));
        assertEquals(ErrorCode.of(Kind.FORBIDDEN), error(report).code());
        assertEquals(Step.CHANGE, error(report).step());
        assertEquals("password: the change on bench at db1:5432: told to", error(report).message());
        assertEquals(List.of("change app Active>new1", "read", "open app Active", "fail"), bench.from("change"));
        assertEquals(RotationReport.Job.FAILED, report.job());
    }

    @Test
    void r5_r7_aChangeWithoutAnAnswerIsFoundOut_andFinished() {
        bench.on("change", new Bench.After(Kind.UNKNOWN));
        RotationReport report = bench.run();
        assertTrue(report.done());
        assertEquals(List.of("change app Active>new1", "open app new1", "open app new1", "change app new1>new1", "complete"), bench.from("change"));
        assertEquals(List.of("password: the change has no definite answer (UNKNOWN, told to); a login finds out"), report.warnings());
    }

    @Test
    void r7_notDoneIsConcludedAfterTheServersLimit_andNotBefore() {
        long begin = bench.millis();
        bench.on("change", Kind.UNKNOWN);
        RotationReport report = bench.run();
        assertEquals(List.of("change app Active>new1", "open app new1", "open app Active", "fail"), bench.from("change"));
        assertEquals(ErrorCode.of(Kind.UNKNOWN), error(report).code());
        assertEquals(Step.CHANGE, error(report).step());
        assertEquals("password: the change on bench at db1:5432 did not happen; the active value still works: told to", error(report).message());
        // Each call may take a seventh of the 40 seconds before the reserve; a second is added for the way there.
        long took = bench.millis() - begin;
        assertTrue(took > 6_700 && took < 8_000, "took " + took);
        assertEquals(RotationReport.Job.FAILED, report.job());
    }

    @Test
    void r7_aChangeThatLandsWhileWeWaitIsSeen() {
        bench.on("change", Kind.UNKNOWN);
        bench.on("open app Active", Bench.DONE, (Runnable) () -> bench.accept("app", "nothing"));
        bench.on("open app new1", Bench.DONE, (Runnable) () -> bench.live.get("app@db1").add(stored()));
        RotationReport report = bench.run();
        assertEquals(List.of("change app Active>new1", "open app new1", "open app Active", "open app new1", "open app new1", "change app new1>new1",
                "complete"),
                bench.from("change"));
        assertTrue(report.done());
    }

    @Test
    void r7_ifNeitherWorksTheJobIsLeftOpen_byName() {
        bench.on("change", (Runnable) () -> bench.accept("app", "nothing"));
        bench.on("open app new1", Kind.REJECTED, Kind.REJECTED, Kind.REJECTED);
        RotationReport report = bench.run();
        assertEquals(List.of("change app Active>new1", "open app new1", "open app Active", "read", "open app new1", "open app Active"), bench.from("change"));
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
        assertEquals(ErrorCode.NOT_PUT_BACK, error(report).code());
        assertEquals(Step.TEST, error(report).step());
        assertTrue(error(report).message().startsWith("after "), error(report).message());
        assertEquals(Map.of("password", Optional.empty()), report.live());
        assertTrue(report.warnings().contains("password: the active value is not proven to work: REJECTED, wrong password"), report.warnings().toString());
        assertTrue(report.warnings().contains("the job is left open: pending may be the value that works, and Secret Manager may drop pending at fail"),
                report.warnings().toString());
    }

    @Test
    void r6_r7_whereNothingIsSeenAfterTheWait_pendingIsAskedOnceMore_andThatIsFinal() {
        bench.on("survey", (Runnable) () -> bench.accept("app", "nothing"));
        bench.on("change", Kind.UNKNOWN);
        RotationReport report = bench.run();
        assertEquals(List.of("change app Active>new1", "open app new1", "open app Active", "open app new1", "read", "open app new1", "open app Active"),
                bench.from("change"));
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
    }

    @Test
    void r5_aChangeThatWasConfirmedAndDidNothingIsFoundOut() {
        bench.on("open app new1", Kind.REJECTED);
        bench.on("change", (Runnable) () -> bench.on("open app Active", Bench.DONE));
        bench.on("open app Active", Bench.DONE, (Runnable) () -> bench.accept("app", "Active-1"));
        RotationReport report = bench.run();
        assertTrue(error(report).message().startsWith("password: login to bench at db1:5432 with the pending value of app (the target confirmed the"
                + " change, yet"),
                error(report).message());
        assertEquals(Step.TEST, error(report).step());
        assertEquals(RotationReport.Job.FAILED, report.job());
        assertEquals(List.of("open app new1", "open app Active", "fail"), bench.from("open app new1"));
    }

    @Test
    void r7_anUnreachableTargetIsAskedAgainUntilTheReserve_thenTheChangeIsPutBack() {
        bench.on("open app new1", Kind.UNREACHABLE, Kind.UNREACHABLE, Kind.UNREACHABLE);
        assertTrue(bench.run().done());
        Bench gone = new Bench();
        gone.on("open app new1", Collections.nCopies(40, Kind.UNREACHABLE).toArray());
        RotationReport report = gone.run();
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
        assertEquals(ErrorCode.NOT_PUT_BACK, error(report).code());
        assertTrue(error(report).message().startsWith("after " + ErrorCode.of(Kind.UNREACHABLE).id()), error(report).message());
        assertTrue(gone.millis() - 1_000_000 < 60_000, "ended after " + (gone.millis() - 1_000_000));
        assertTrue(report.warnings().contains("password: the active value could not be put back: UNREACHABLE, told to"), report.warnings().toString());
        long asked = gone.calls.stream().filter("open app new1"::equals).count();
        assertTrue(asked > 20 && asked < 40, "asked " + asked + " times");
        Bench locked = new Bench();
        locked.on("open app new1", Kind.LOCKED);
        report = locked.run();
        assertEquals(List.of("open app new1", "read", "open app new1", "change app new1>Active", "open app Active", "fail"), locked.from("open app new1"));
        assertEquals("password: login to bench at db1:5432 with the pending value of app, after the change was sent: told to", error(report).message());
    }

    @Test
    void r4_aChangeThatCannotBeFinishedIsPutBack() {
        bench.on("change app Active>new1", new Bench.After(Kind.UNREACHABLE));
        bench.on("change app new1>new1", Kind.FORBIDDEN);
        RotationReport report = bench.run();
        assertEquals("password: the new value works on bench at db1:5432, and the change could not be finished: told to", error(report).message());
        assertEquals(List.of("change app new1>new1", "read", "open app new1", "change app new1>Active", "open app Active", "fail"),
                bench.from("change app new1>new1"));
        assertEquals(RotationReport.Job.FAILED, report.job());
    }

    @Test
    void r10_theReportSaysWhatBecomesOfTheOldValue() {
        bench.surveys.put("app", Survey.empty().withOverlap());
        assertEquals("password: bench at db1:5432 took the new value; the old one works until the next rotation",
                LiveValueTest.outcome(bench.run(), Step.CHANGE));
        assertEquals("password: bench at db1:5432 took the new value", LiveValueTest.outcome(new Bench().run(), Step.CHANGE));
    }

    @Test
    void r7_aSurveyThatMissesTheLockLeavesEverythingToTheOtherRun() {
        bench.on("survey", Kind.CONFLICT);
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
        assertEquals(List.of("start", "open app Active", "survey app"), bench.calls);
        assertTrue(report.warnings().contains("the job is left open: another run is at work on the account, and Secret Manager may drop pending at fail"),
                report.warnings().toString());
        Bench forbidden = new Bench();
        forbidden.on("survey", Kind.READ_ONLY);
        assertEquals(RotationReport.Job.FAILED, forbidden.run().job());
    }

    @Test
    void r7_aChangeThatMayHaveHappenedAndCannotBeSeenIsLeftOpen() {
        bench.on("change", new Bench.After(Kind.UNKNOWN));
        bench.on("open app new1", Kind.LOCKED, Kind.LOCKED);
        RotationReport report = bench.run();
        assertEquals(List.of("change app Active>new1", "open app new1", "read", "open app new1", "open app Active"), bench.from("change"));
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
        assertEquals(ErrorCode.NOT_PUT_BACK, error(report).code());
        assertTrue(report.warnings().contains("password: the active value could not be put back: LOCKED, told to"), report.warnings().toString());
    }

    @Test
    void r4_wherePendingCannotBeTriedTheProofOfActiveDecides() {
        bench.on("change", Kind.UNKNOWN);
        bench.on("open app new1", Kind.LOCKED, Kind.LOCKED);
        RotationReport report = bench.run();
        assertEquals(List.of("change app Active>new1", "open app new1", "read", "open app new1", "open app Active", "fail"), bench.from("change"));
        assertEquals(Map.of("password", Optional.of(Stage.ACTIVE)), report.live());
        assertEquals(RotationReport.Job.FAILED, report.job());
    }

    @Test
    void r5_aCompareThatMissedHasNoEffectLater() {
        long begin = bench.millis();
        bench.on("change", Kind.CONFLICT);
        RotationReport report = bench.run();
        assertEquals(List.of("change app Active>new1", "open app new1", "open app Active", "fail"), bench.from("change"));
        assertTrue(bench.millis() - begin < 200, "took " + (bench.millis() - begin));
        assertEquals(RotationReport.Job.FAILED, report.job());
    }

    @Test
    void r4_whatAKilledRunKeptAndCannotBeStopped_failsTheJob_andActiveWorks() {
        bench.surveys.put("app", Survey.empty().withOverlap());
        bench.overlap = RotationRequest.Overlap.OFF;
        bench.manager.pending = Bench.document("app", "Found-1");
        bench.accept("app", "Active-1", "Found-1");
        bench.on("change app Found>Found", Kind.FORBIDDEN);
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.FAILED, report.job());
        assertTrue(bench.accepted("app").contains("Active"), bench.accepted("app").toString());
    }

    @Test
    void r10_whoFinishesAChangeThatKeptActive_retiresNothing() {
        bench.surveys.put("app", Survey.empty().withOverlap());
        bench.accept("app", "Active-1", "Previous-1");
        bench.on("change app Active", new Bench.After(Kind.UNKNOWN));
        bench.run();
        assertTrue(bench.calls.contains("change app Active>new1 keeping retiring Previous"), bench.calls.toString());
        assertTrue(bench.calls.contains("change app new1>new1"), bench.calls.toString());
        assertEquals(Set.of("Active", "new1"), bench.accepted("app"));
    }

    @Test
    void r10_whatWasToBeRetiredIsRetiredByWhoFinishesAChangeThatKeptNothing() {
        bench.surveys.put("app", Survey.empty().withOverlap());
        bench.overlap = RotationRequest.Overlap.OFF;
        bench.accept("app", "Active-1", "Previous-1");
        bench.on("change app Active", new Bench.After(Kind.UNKNOWN));
        bench.run();
        assertTrue(bench.calls.contains("change app new1>new1 retiring Previous"), bench.calls.toString());
    }

    private String stored() {
        return Objects.requireNonNull(bench.manager.pending).path("password").asString();
    }
}
