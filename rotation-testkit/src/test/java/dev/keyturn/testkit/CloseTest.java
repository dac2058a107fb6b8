package dev.keyturn.testkit;

import static dev.keyturn.testkit.Caller.job;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The time limit is there so that a server that hangs fails the test; nothing measures time. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CloseTest {

    static Stream<Arguments> waits() {
        return Stream.of(Fault.hang(), Fault.delay(Duration.ofHours(1)))
                .flatMap(fault -> Stream.of(Arguments.of(fault, false), Arguments.of(fault, true)));
    }

    @ParameterizedTest
    @MethodSource("waits")
    void close_ends_calls_that_wait_and_no_thread_is_left(Fault fault, boolean after) throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        LocalSecretManager manager = LocalSecretManager.builder().start();
        String secretId = manager.createSecret("{\"a\":\"1\"}", "a");
        String token = manager.trigger(secretId);
        CountDownLatch arrived = new CountDownLatch(2);
        if (after) {
            manager.on(Operation.START).afterEffect(fault);
            manager.afterEffect(call -> arrived.countDown());
        } else {
            manager.on(Operation.START).beforeEffect(fault);
            manager.beforeEffect(call -> arrived.countDown());
        }
        Caller caller = new Caller(manager);
        List<CompletableFuture<HttpResponse<String>>> calls = List.of(
                caller.sendLater("POST", job(secretId, token, "start")),
                caller.sendLater("POST", job(secretId, manager.trigger(secretId), "start")));
        assertTrue(arrived.await(30, TimeUnit.SECONDS));
        List<Thread> serving = Thread.getAllStackTraces().keySet().stream().filter(thread -> !before.contains(thread))
                .filter(thread -> thread.getName().startsWith("local-secret-manager-")
                        || thread.getName().startsWith("HTTP-Dispatcher")).toList();
        assertTrue(serving.size() >= 3, "one for each call and one that accepts: " + serving);
        assertTrue(serving.stream().allMatch(Thread::isDaemon), "a forgotten server keeps no JVM alive");
        assertFalse(calls.get(0).isDone() || calls.get(1).isDone());

        manager.close();

        assertEquals(List.of(), serving.stream().filter(Thread::isAlive).toList());
        for (CompletableFuture<HttpResponse<String>> call : calls) {
            assertThrows(ExecutionException.class, () -> call.get(30, TimeUnit.SECONDS));
        }
        assertEquals(after ? JobState.IN_PROGRESS : JobState.NEW, manager.job(token));
        assertEquals(List.of("closed", "closed"), manager.calls().stream().map(CallRecord::answer).toList());
    }

    @ParameterizedTest
    @MethodSource("waits")
    void a_listener_that_swallows_the_interrupt_of_close_does_not_keep_a_call_waiting(Fault fault, boolean after)
            throws Exception {
        LocalSecretManager manager = LocalSecretManager.builder().start();
        CompletableFuture<Thread> serving = new CompletableFuture<>();
        manager.beforeEffect(call -> {
            serving.complete(Thread.currentThread());
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // Swallowed on purpose.
            }
        });
        if (after) {
            manager.on(Operation.START).afterEffect(fault);
        } else {
            manager.on(Operation.START).beforeEffect(fault);
        }
        String secretId = manager.createSecret("{}");
        new Caller(manager).sendLater("POST", job(secretId, manager.trigger(secretId), "start"));
        Thread thread = serving.get(30, TimeUnit.SECONDS);
        manager.close();
        assertFalse(thread.isAlive());
    }

    @Test
    void close_frees_the_port_may_be_repeated_and_leaves_the_record() throws Exception {
        LocalSecretManager manager = LocalSecretManager.builder().start();
        Caller caller = new Caller(manager);
        String secretId = manager.createSecret("{}");
        caller.send("GET", "/api/v1/secrets/" + secretId + "/values", "");
        manager.close();
        manager.close();
        assertThrows(ConnectException.class, () -> new Caller(manager).post("/any", ""));
        assertEquals(List.of(Operation.GET_VALUES), manager.operations());
        try (LocalSecretManager next = LocalSecretManager.builder().port(manager.endpoint().getPort()).start()) {
            assertEquals(manager.endpoint(), next.endpoint());
        }
    }

    @Test
    void a_port_that_is_taken_is_named() {
        try (LocalSecretManager manager = LocalSecretManager.builder().start()) {
            int port = manager.endpoint().getPort();
            Exception e = assertThrows(java.io.UncheckedIOException.class,
                    () -> LocalSecretManager.builder().port(port).start());
            assertTrue(e.getMessage().contains(Integer.toString(port)));
        }
    }
}
