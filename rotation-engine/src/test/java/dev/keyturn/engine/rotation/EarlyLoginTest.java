package dev.keyturn.engine.rotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The login that proves a new value connects early where the plugin can, and says nothing of the value before it is set. */
class EarlyLoginTest {

    private static final List<String> AS_EVER = List.of("start", "open app Active", "survey app", "store new1", "change app Active>new1",
            "open app new1", "complete");

    private final Bench bench = new Bench();
    private final CountDownLatch connected = new CountDownLatch(1);

    @BeforeEach
    void connectsAhead() {
        bench.ahead = true;
    }

    private void awaitConnected() {
        try {
            assertTrue(connected.await(10, TimeUnit.SECONDS), "not connected");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void itConnectsBeforeTheValueIsStored_andLogsInAfterItIsSet() {
        bench.connecting.put("new1", connected::countDown);
        bench.on("store", (Runnable) this::awaitConnected);
        assertEquals(RotationReport.Job.COMPLETED, bench.run().job());
        assertEquals(AS_EVER, bench.calls);
        assertEquals(List.of("Active", "new1"), bench.connected);
    }

    @Test
    void r8_aValueThatIsMadeAheadIsHiddenBeforeAPluginHasIt() {
        CompletableFuture<String> cleaned = new CompletableFuture<>();
        bench.connecting.put("new1", () -> cleaned.complete(bench.redactor.clean(bench.value("new1"))));
        bench.on("store", (Runnable) () -> assertTrue("***".equals(cleaned.orTimeout(10, TimeUnit.SECONDS).join()), "not hidden"));
        assertEquals(RotationReport.Job.COMPLETED, bench.run().job());
    }

    @Test
    void aPluginThatCannotIsNotAskedTo() {
        bench.ahead = false;
        assertEquals(RotationReport.Job.COMPLETED, bench.run().job());
        assertEquals(AS_EVER, bench.calls);
    }

    @Test
    void ofAValueThatIsKnownLateItConnectsWhileTheChangeIsOnItsWay() {
        bench.generator = RotationRequest.Generator.SERVICE;
        bench.connecting.put("new1", connected::countDown);
        bench.on("change", (Runnable) this::awaitConnected);
        assertEquals(RotationReport.Job.COMPLETED, bench.run().job());
        assertEquals(List.of("Active", "new1"), bench.connected);
    }

    @Test
    void r6_whatIsNotWantedAnyMoreNeverLogsIn() throws Exception {
        bench.connecting.put("new1", connected::countDown);
        bench.on("store", (Runnable) this::awaitConnected);
        bench.on("change", Kind.FORBIDDEN);
        assertEquals(RotationReport.Job.FAILED, bench.run().job());
        assertFalse(bench.calls.contains("open app new1"), bench.calls::toString);
        assertNoThreads();
    }

    @Test
    void oneThatDidNotConnectSaysNothingOfTheValue() {
        CompletableFuture<Thread> failed = new CompletableFuture<>();
        bench.connecting.put("new1", () -> {
            if (failed.complete(Thread.currentThread())) {
                throw new TargetException(Kind.UNREACHABLE, "told to");
            }
        });
        bench.on("change", (Runnable) () -> {
            Thread thread = failed.orTimeout(10, TimeUnit.SECONDS).join();
            // It waits for its next call, or has it, which is this one: so the login has ended, with its result.
            while (thread != Thread.currentThread() && thread.getState() != Thread.State.TIMED_WAITING) {
                assertTrue(thread.isAlive() && !Thread.currentThread().isInterrupted());
                Thread.onSpinWait();
            }
        });
        assertEquals(RotationReport.Job.COMPLETED, bench.run().job());
        assertEquals(AS_EVER, bench.calls);
        assertEquals(List.of("Active", "new1", "new1"), bench.connected);
        assertEquals(0, bench.pauses, "waited before it was tried again");
    }

    @Test
    void oneThatHasWaitedLongIsNotUsed() {
        bench.connecting.put("new1", connected::countDown);
        bench.on("store", (Runnable) () -> {
            awaitConnected();
            bench.pause(5_000);
        });
        assertEquals(RotationReport.Job.COMPLETED, bench.run().job());
        assertEquals(AS_EVER, bench.calls);
        assertEquals(List.of("Active", "new1", "new1"), bench.connected);
    }

    @Test
    void aValueThatIsExchangedTakesItsLoginWithIt() {
        bench.connecting.put("new1", connected::countDown);
        bench.on("store", (Runnable) this::awaitConnected);
        bench.on("change", Kind.VALUE_REFUSED);
        assertEquals(RotationReport.Job.COMPLETED, bench.run().job());
        assertEquals(Set.of("new2"), bench.accepted("app"));
        assertFalse(bench.calls.contains("open app new1"), bench.calls::toString);
        assertTrue(bench.calls.contains("open app new2"), bench.calls::toString);
    }

    @Test
    void whereNothingIsAcceptedNothingIsLeftWaiting() throws Exception {
        bench.accept("app", "Other-1");
        bench.connecting.put("new1", connected::countDown);
        bench.on("fail", (Runnable) this::awaitConnected);
        assertEquals(RotationReport.Job.FAILED, bench.run().job());
        assertEquals(List.of("start", "open app Active", "open app Previous", "read", "fail"), bench.calls);
        assertNoThreads();
    }

    /** Threads end a moment after the run. */
    private static void assertNoThreads() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("keyturn-plugin-") && thread != Thread.currentThread()) {
                thread.join(30_000);
                assertFalse(thread.isAlive(), thread::getName);
            }
        }
    }
}
