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

/** A value that the target will not take: exchanged once, and only while it works nowhere (R2, R5). */
class ValueRefusedTest {

    private final Bench bench = new Bench();

    @Test
    void r5_aRefusedValueIsExchangedOnce_andStoredBeforeTheTargetHearsOfIt() {
        bench.on("change", Kind.VALUE_REFUSED);
        RotationReport report = bench.run();
        assertTrue(report.done());
        assertEquals(List.of("password: bench at db1:5432 refused the new value (VALUE_REFUSED, told to); another one is made"), report.warnings());
        assertEquals(List.of("change app Active>new1", "open app Active", "survey app", "store new2", "change app Active>new2", "open app new2", "complete"),
                bench.from("change"));
    }

    @Test
    void r4_aValueThatIsRefusedTwiceFailsTheJob_andActiveIsProven() {
        bench.on("change", Kind.VALUE_REFUSED, Kind.VALUE_REFUSED);
        RotationReport report = bench.run();
        assertEquals(ErrorCode.of(Kind.VALUE_REFUSED), error(report).code());
        assertEquals(RotationReport.Job.FAILED, report.job());
        assertEquals(List.of("store new2", "change app Active>new2", "read", "open app Active", "fail"), bench.from("store new2"));
        assertEquals(Map.of("password", Optional.of(Stage.ACTIVE)), report.live());
    }

    @Test
    void r2_aValueThatMayBeLiveOnAnotherNodeIsNotExchanged() {
        bench.nodes = List.of(new RotationRequest.Node("db1", 1), new RotationRequest.Node("db2", 2));
        bench.live.put("app@db2", new HashSet<>(Set.of("Active-1")));
        bench.on("change app@db2", Kind.VALUE_REFUSED);
        RotationReport report = bench.run();
        assertEquals(ErrorCode.of(Kind.VALUE_REFUSED), error(report).code());
        assertEquals(RotationReport.Job.FAILED, report.job());
        assertEquals(List.of("change app@db2 Active>new1", "read", "open app@db2 Active", "open app new1", "change app new1>Active", "open app Active",
                "fail"),
                bench.from("change app@db2"));
        assertEquals(Map.of("password@db1:1", Optional.of(Stage.ACTIVE), "password@db2:2", Optional.of(Stage.ACTIVE)), report.live());
    }

    @Test
    void r5_aFoundValueThatTheTargetRefusesIsExchangedToo_asItWorksNowhere() {
        bench.manager.pending = Bench.document("app", "Found-1");
        bench.on("change", Kind.VALUE_REFUSED);
        assertTrue(bench.run().done());
        assertTrue(bench.calls.contains("change app Active>new1"), bench.calls.toString());
    }

    @Test
    void r2_aFoundValueThatIsLiveIsNotExchanged() {
        bench.manager.pending = Bench.document("app", "Found-1");
        bench.accept("app", "Found-1");
        bench.on("change app Found>Found", Kind.VALUE_REFUSED);
        bench.on("change app Found>Active", Kind.VALUE_REFUSED);
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
        assertEquals(ErrorCode.NOT_PUT_BACK, error(report).code());
        assertTrue(bench.calls.stream().noneMatch(call -> call.startsWith("store")), bench.calls.toString());
        assertEquals(Map.of("password", Optional.of(Stage.PENDING)), report.live());
        assertTrue(report.warnings().contains("password: the active value could not be put back: VALUE_REFUSED, told to"), report.warnings().toString());
    }
}
