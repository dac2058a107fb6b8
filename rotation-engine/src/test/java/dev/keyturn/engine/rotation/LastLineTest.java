package dev.keyturn.engine.rotation;

import static dev.keyturn.engine.rotation.LiveValueTest.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.engine.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said at the end of a run, and what a mistake of our own leads to. */
class LastLineTest {

    private final Bench bench = new Bench();

    @Test
    void theLastLineHasTheErrorsCode_theStep_theJobAndTheRemedy() {
        bench.run();
        assertEquals("completed, 70 ms in all", last(bench));
        Bench failed = new Bench();
        failed.on("survey", Kind.CONFLICT);
        failed.run();
        String code = ErrorCode.of(Kind.CONFLICT).id();
        assertTrue(last(failed).startsWith(code
                + " at preflight, job left-open: password: before any change, bench at db1:5432 was asked whether one can succeed: "
                + "told to. Fix: " + ErrorCode.of(Kind.CONFLICT).fix()), last(failed));
    }

    @Test
    void r4_afterAFailureTheLastLineSaysWhetherClientsGetIn() {
        Bench works = new Bench();
        works.on("change", Kind.FORBIDDEN);
        works.run();
        assertTrue(last(works).startsWith(ErrorCode.of(Kind.FORBIDDEN).id() + " at change, job failed, active works: "), last(works));
        Bench drifted = new Bench();
        drifted.accept("app", "Elsewhere-1");
        drifted.run();
        assertTrue(last(drifted).startsWith(ErrorCode.DRIFTED.id() + " at preflight, job failed, active is not proven to work: "), last(drifted));
        Bench turns = TurnsStepsTest.turns();
        turns.accept("app2", "Elsewhere-1");
        turns.run();
        assertTrue(last(turns).contains(", job failed, active works: "), last(turns));
        Bench none = new Bench();
        none.manager.keys = List.of();
        none.run();
        assertTrue(last(none).startsWith(ErrorCode.NO_ROTATING_KEY.id() + " at preflight, job failed: "), last(none));
    }

    @Test
    void whatWasNoticedInTheArgumentsIsReported() {
        bench.warnings = List.of("an argument that nobody knows");
        assertEquals(bench.warnings, bench.run().warnings());
    }

    @Test
    void r8_aMistakeOfOurOwnIsNamedByItsClassAndPlace_notByItsText() {
        bench.on("start", (Runnable) () -> {
            throw new IllegalStateException("password=hunter2");
        });
        RotationReport report = bench.run();
        assertEquals(ErrorCode.INTERNAL, error(report).code());
        assertTrue(error(report).message().startsWith("a mistake in Keyturn: java.lang.IllegalStateException at dev.keyturn.engine.rotation."),
                error(report).message());
        assertTrue(!error(report).message().contains("hunter2"));
        Bench bare = new Bench();
        bare.on("start", (Runnable) () -> {
            IllegalStateException e = new IllegalStateException();
            e.setStackTrace(new StackTraceElement[0]);
            throw e;
        });
        assertEquals("a mistake in Keyturn: java.lang.IllegalStateException", error(bare.run()).message());
    }

    @Test
    void r7_aMistakeOfOurOwnAfterTheChangeIsPutBack() {
        bench.on("complete", (Runnable) () -> {
            throw new IllegalStateException();
        });
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.FAILED, report.job());
        assertEquals(List.of("complete", "read", "open app new1", "change app new1>Active", "open app Active", "fail"), bench.from("complete"));
    }

    private static String last(Bench bench) {
        return bench.notes.get(bench.notes.size() - 1);
    }
}
