package dev.keyturn.testkit;

import static dev.keyturn.testkit.Caller.data;
import static dev.keyturn.testkit.Caller.job;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordOfCallsTest {

    private static final String CANARY = "canary-7Tq";

    private final LocalSecretManager manager = LocalSecretManager.builder().start();
    private final Caller caller = new Caller(manager);
    private final String secretId = manager.createSecret("{\"a\":\"" + CANARY + "\"}", "a");
    private final String token = manager.trigger(secretId);

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void a_record_holds_what_was_asked_and_what_came_of_it() throws Exception {
        data(caller.post(job(secretId, token, "start"), ""));
        caller.put(job(secretId, token, "pending"), "[]");
        CallRecord start = manager.calls().get(0);
        assertEquals(new CallRecord(Operation.START, "POST", job(secretId, token, "start"), secretId, token, "", "",
                CallRecord.TokenHeader.ABSENT, true, 200), start);
        CallRecord update = manager.calls().get(1);
        assertEquals("{\"value\":\"[]\"}", update.body());
        assertEquals("400", update.answer());
        assertFalse(update.effect());
    }

    @Test
    void no_text_shows_a_secret() throws Exception {
        data(caller.post(job(secretId, token, "start"), ""));
        data(caller.put(job(secretId, token, "pending"), "{\"a\":\"" + CANARY + "\"}"));
        List<Object> things = new ArrayList<>(manager.calls());
        things.add(manager);
        things.add(manager.chain(secretId));
        things.add(LocalSecretManager.builder());
        things.add(new Settings(Behaviour.standard(), "", 0, CANARY, CANARY, java.time.Clock.systemUTC(), 1));
        things.add(Reply.json(200, CANARY));
        for (Object thing : things) {
            String text = thing.toString();
            assertFalse(text.contains(CANARY), text);
            assertFalse(text.contains(manager.secretKey()), text);
            assertFalse(text.contains(token), text);
        }
        assertTrue(manager.calls().get(1).toString().startsWith("UPDATE_PENDING PUT secret=" + secretId + " job="
                + token.substring(0, 8) + "…"));
        assertEquals("Chain[previous=empty, active=set, pending=set]", manager.chain(secretId).toString());
    }

    @Test
    void listeners_stand_on_both_sides_of_the_effect_and_before_the_answer() throws Exception {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        manager.beforeEffect(call -> heard.add("before " + call.effect() + " " + call.answer() + " " + manager.job(token)));
        manager.afterEffect(call -> heard.add("after " + call.effect() + " " + call.answer() + " " + manager.job(token)));
        data(caller.post(job(secretId, token, "start"), ""));
        assertEquals(List.of("before false open NEW", "after true open IN_PROGRESS"), heard);
    }

    @Test
    void a_listener_that_throws_closes_the_connection_there_and_is_logged() {
        List<Throwable> logged = Collections.synchronizedList(new ArrayList<>());
        Logger logger = Logger.getLogger(HttpFront.class.getName());
        logger.setFilter(line -> {
            logged.add(line.getThrown());
            return false;
        });
        try {
            IllegalStateException problem = new IllegalStateException("thrown by a test's listener on purpose");
            manager.beforeEffect(call -> {
                throw problem;
            });
            assertThrows(IOException.class, () -> caller.post(job(secretId, token, "start"), ""));
            manager.close();
            assertEquals(List.of(problem), logged);
            assertEquals(JobState.NEW, manager.job(token));
            assertEquals("closed", manager.calls().get(0).answer());
        } finally {
            logger.setFilter(null);
        }
    }

    @Test
    void secrets_are_served_at_once_and_keep_apart() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            List<Callable<String>> rotations = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String next = "{\"a\":\"" + i + "\"}";
                rotations.add(() -> {
                    String secret = manager.createSecret("{\"a\":\"old\"}", "a");
                    String job = manager.trigger(secret);
                    data(caller.post(job(secret, job, "start"), ""));
                    data(caller.put(job(secret, job, "pending"), next));
                    data(caller.post(job(secret, job, "complete"), ""));
                    return manager.chain(secret).equals(new Chain("{\"a\":\"old\"}", next, null))
                            && manager.job(job) == JobState.COMPLETED ? "ok" : secret;
                });
            }
            for (Future<String> done : callers.invokeAll(rotations)) {
                assertEquals("ok", done.get());
            }
        } finally {
            callers.shutdownNow();
        }
        assertEquals(72, manager.calls().size());
        assertTrue(manager.calls().stream().allMatch(call -> call.effect() && call.status() == 200));
    }

    @Test
    void of_two_that_complete_at_once_one_is_refused() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(2);
        CyclicBarrier bothArrived = new CyclicBarrier(2);
        manager.beforeEffect(call -> {
            if (call.operation() == Operation.COMPLETE) {
                await(bothArrived);
            }
        });
        try {
            for (int i = 0; i < 100; i++) {
                String job = manager.trigger(secretId);
                data(caller.post(job(secretId, job, "start"), ""));
                data(caller.put(job(secretId, job, "pending"), "{\"a\":\"" + i + "\"}"));
                Callable<HttpResponse<String>> complete = () -> caller.post(job(secretId, job, "complete"), "");
                List<Integer> statuses = new ArrayList<>();
                for (Future<HttpResponse<String>> done : callers.invokeAll(List.of(complete, complete))) {
                    statuses.add(done.get().statusCode());
                }
                Collections.sort(statuses);
                assertEquals(List.of(200, 422), statuses);
            }
        } finally {
            callers.shutdownNow();
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException("the other call did not come", e);
        }
    }
}
