package dev.keyturn.engine.rotation;

import static dev.keyturn.engine.rotation.LiveValueTest.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.Reply;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Start, and which accounts its answer stands for (R7, R12). */
class StartStepTest {

    private final Bench bench = new Bench();

    @Test
    void r7_aRefusedStartIsNotFailed_itMayBeAnotherRunsJob() {
        bench.on("start", BenchManager.REFUSED);
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.NOT_STARTED, report.job());
        assertEquals(ErrorCode.START_REFUSED, error(report).code());
        assertEquals("Secret Manager did not start the job: HTTP 400", error(report).message());
        assertEquals(List.of("start"), bench.calls);
        Bench throttled = new Bench();
        throttled.on("start", Collections.nCopies(6, new Reply.NotDone("throttled")).toArray());
        report = throttled.run();
        assertEquals("Secret Manager did not start the job: throttled", error(report).message());
        assertEquals(RotationReport.Job.NOT_STARTED, report.job());
        assertEquals(6, throttled.calls.size());
    }

    @Test
    void r7_aStartWithoutAnAnswerIsRepeated_andWhatIsNotKnownIsSaid() {
        bench.on("start", BenchManager.UNCLEAR, new Reply.NotDone("throttled"));
        assertTrue(bench.run().done());
        Bench silent = new Bench();
        silent.on("start", Collections.nCopies(6, BenchManager.UNCLEAR).toArray());
        RotationReport report = silent.run();
        assertEquals(RotationReport.Job.UNKNOWN, report.job());
        assertEquals(ErrorCode.START_UNKNOWN, error(report).code());
        assertEquals(Collections.nCopies(6, "start"), silent.calls);
    }

    @Test
    void r7_aRepeatThatIsRefusedIsNoRefusal_andTheChainIsReadInstead() {
        bench.on("start", BenchManager.UNCLEAR, BenchManager.REFUSED);
        RotationReport report = bench.run();
        assertTrue(report.done());
        assertEquals(List.of("start's answer was lost, and a repeat was refused (HTTP 400); the chain was read instead"), report.warnings());
        assertEquals(List.of("start", "start", "read", "open app Active"), bench.calls.subList(0, 4));
        Bench blind = new Bench();
        blind.on("start", BenchManager.UNCLEAR, BenchManager.REFUSED);
        blind.on("read", BenchManager.REFUSED);
        report = blind.run();
        assertEquals(RotationReport.Job.UNKNOWN, report.job());
        assertEquals("whether the job started is not known: HTTP 400", error(report).message());
    }

    @Test
    void r7_aJobIsFailedBeforeAnyAccountIsKnown_onlyIfNoPendingValueStandsInTheChain() {
        bench.manager.keys = List.of();
        RotationReport report = bench.run();
        assertEquals(ErrorCode.NO_ROTATING_KEY, error(report).code());
        assertEquals(RotationReport.Job.FAILED, report.job());
        for (ObjectNode pending : List.of(Bench.document("app", "Found-1"), Bench.document("app", "Active-1"))) {
            Bench found = new Bench();
            found.manager.pending = pending;
            found.manager.active.remove("host");
            assertEquals(pending.toString().contains("Found") ? RotationReport.Job.LEFT_OPEN : RotationReport.Job.FAILED, found.run().job());
        }
    }

    @Test
    void r7_aChainThatCannotBeReadIsTakenForOneWithAPendingValue() {
        bench.on("start", new Reply.Success(Json.object()));
        assertEquals(RotationReport.Job.LEFT_OPEN, bench.run().job());
        String active = "\"active\": \"no JSON\"";
        for (String pending : List.of("\"x\"", "\"\"", "null", "5")) {
            Bench odd = new Bench();
            odd.on("start", new Reply.Success(Json.object("{\"decryptedSecretChain\": {" + active + ", \"pending\": " + pending + "}}").orElseThrow()));
            assertEquals(pending.equals("\"x\"") ? RotationReport.Job.LEFT_OPEN : RotationReport.Job.FAILED, odd.run().job(), pending);
        }
    }

    @Test
    void r8_everyValueOfTheChainIsHidden_butNoUser() {
        bench.manager.keys = List.of("user", "password");
        bench.manager.previous = Bench.document("application2", "Previous-1");
        bench.manager.pending = Bench.document("application2", "Found-1");
        bench.live.put("application2@db1", new HashSet<>(Set.of("Found-1")));
        bench.run();
        assertEquals("*** *** *** application2", bench.redactor.clean("Active-1 Previous-1 Found-1 application2"));
    }

    @Test
    void r12_onlyTheRotatingValueOfAnotherStageIsUsed() {
        bench.manager.pending = Bench.document("stranger", "Found-1").put("host", "elsewhere");
        bench.run();
        assertTrue(bench.calls.stream().noneMatch(call -> call.contains("stranger") || call.contains("elsewhere")), bench.calls.toString());
    }

    @Test
    void r12_aRotatingKeyThatIsNoPasswordIsRefusedBeforeAnythingIsSent() {
        for (String key : List.of("host", "missing")) {
            Bench other = new Bench();
            other.manager.keys = List.of(key);
            assertEquals(key.equals("host") ? ErrorCode.KEY_CANNOT_ROTATE : ErrorCode.FIELD_MISSING, error(other.run()).code());
            assertEquals(List.of("start", "fail"), other.calls);
        }
    }

    @Test
    void r12_anAddressThatIsNoneIsRefusedBeforeAnythingIsSentThere() {
        for (ObjectNode active : List.of(Bench.document("app", "Active-1").put("host", "db1/x"), Bench.document("app", "Active-1").put("port", "70000"))) {
            bench.calls.clear();
            bench.manager.active = active;
            RotationReport report = bench.run();
            assertEquals(ErrorCode.of(Kind.MISCONFIGURED), error(report).code());
            assertEquals(Step.PREFLIGHT, error(report).step());
            assertEquals(List.of("start", "fail"), bench.calls);
        }
    }

    @Test
    void r7_everyCallHasItsShareOfTheTime() {
        bench.run();
        // 40 seconds before the reserve, less 10 ms for start; four calls to the target and three to Secret Manager.
        assertEquals(List.of(39_990 / 7, 39_990 / 7), bench.statementLimits);
        Bench nodes = new Bench();
        nodes.nodes = List.of(new RotationRequest.Node("db1", 1), new RotationRequest.Node("db2", 2));
        nodes.run();
        assertEquals(39_990 / 11, nodes.statementLimits.get(0));
        Bench turns = new Bench();
        turns.manager.keys = List.of("user", "password");
        turns.manager.previous = Bench.document("app2", "Previous-1");
        turns.run();
        assertEquals(39_990 / 9, turns.statementLimits.get(0));
    }

    @Test
    void r7_withTooLittleTimeNothingIsBegun() {
        bench.timeoutMillis = 1_065;
        bench.run();
        // A third is the reserve, and start took 10: 700 for seven calls.
        assertEquals(List.of("start", "open app Active"), bench.calls.subList(0, 2));
        Bench shorter = new Bench();
        shorter.timeoutMillis = 1_063;
        assertEquals("too little time is left for a rotation: 99 ms for each of 7 calls, and 100 ms is the least (timeoutMillis is 1063)",
                error(shorter.run()).message());
        assertEquals(List.of("start", "fail"), shorter.calls);
    }
}
