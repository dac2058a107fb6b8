package dev.keyturn.engine.rotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.Redactor;
import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** R7: how long a call to Secret Manager may take, and when it is made again. The random part of every pause is nothing here. */
class AskTest {

    private static final Reply UNCLEAR = new Reply.Unclear("no answer");

    private final List<Long> limits = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private long now;

    @Test
    void r7_aCallForwardHasItsShareOfTheTimeBeforeTheReserve_oneAtTheEndOfAllThatIsLeft() {
        job(6_000).ask(this::done, 3);
        job(6_000).askBeforeEnd(this::done, 2);
        job(6_000).askAtEnd(this::done, 3);
        job(6_000).askAtEnd(this::done, 0);
        assertEquals(List.of(1_000L, 2_000L, 1_500L, 6_000L), limits);
        now += 6_000;
        limits.clear();
        Job over = job(3);
        now += 3;
        over.ask(this::done, 0);
        assertEquals(List.of(1L), limits);
    }

    @Test
    void r7_aTryIsMadeOnlyIfMoreThanThreeTenthsOfASecondRemainForIt() {
        job(600).ask(this::unclear, 0);
        assertEquals(1, limits.size(), "400 ms before the reserve, 100 of them for the pause");
        job(601).ask(this::unclear, 0);
        assertEquals(3, limits.size(), "one more");
    }

    @Test
    void whileSecretManagerIsThrottledTheCallWaits_butNotInTheReserve() {
        Reply throttled = new Reply.Throttled("HTTP 429");
        Job.Outcome outcome = job(60_000).ask(limit -> noted(limit, throttled), 0);
        assertEquals(List.of(0L, 400L, 1_200L, 2_800L, 5_300L, 7_800L), times.subList(0, 6));
        assertTrue(times.get(times.size() - 1) < 40_000, times.toString());
        assertTrue(times.get(times.size() - 1) > 35_000, times.toString());
        assertEquals("HTTP 429", outcome.what());
        List<Long> forward = List.copyOf(times);
        times.clear();
        now = 0;
        job(60_000).askBeforeEnd(limit -> noted(limit, throttled), 0);
        assertEquals(forward, times);
        times.clear();
        now = 0;
        job(60_000).askAtEnd(limit -> noted(limit, throttled), 0);
        assertTrue(times.get(times.size() - 1) > 50_000 && times.get(times.size() - 1) < 60_000, times.toString());
    }

    @Test
    void betweenTriesTimePasses() {
        Job.Outcome outcome = job(60_000).askAtEnd(this::unclear, 0);
        assertEquals(List.of(0L, 100L, 300L, 700L, 1_500L, 3_100L), times);
        assertTrue(outcome.maybeDone());
        assertEquals("no answer", outcome.what());
    }

    @Test
    void r7_anInterruptedRunDoesNotRepeat() {
        Thread.currentThread().interrupt();
        job(60_000).ask(this::unclear, 0);
        assertTrue(Thread.interrupted());
        assertEquals(1, limits.size());
    }

    @Test
    void r7_aPauseThatIsInterruptedIsNotForgotten() {
        Ticker impatient = new Ticker() {
            @Override
            public long millis() {
                return 0;
            }

            @Override
            public void pause(long millis) throws InterruptedException {
                throw new InterruptedException();
            }
        };
        new Deadline(impatient, 1_000).pause(10);
        assertTrue(Thread.interrupted());
    }

    private Reply done(long limitMillis) {
        limits.add(limitMillis);
        return new Reply.Success(Json.object());
    }

    private Reply unclear(long limitMillis) {
        return noted(limitMillis, UNCLEAR);
    }

    private Reply noted(long limitMillis, Reply reply) {
        limits.add(limitMillis);
        times.add(now);
        return reply;
    }

    private Job job(int timeoutMillis) {
        Ticker ticker = new Ticker() {
            @Override
            public long millis() {
                return now;
            }

            @Override
            public void pause(long millis) {
                now += millis;
            }
        };
        Redactor redactor = new Redactor();
        RotationRequest request = new RotationRequest("secret", "token", RotationRequest.Generator.LOCAL, timeoutMillis, 3, Optional.empty(), Map.of(),
                List.of());
        return new Job(request, new BenchManager(new Bench()), new Deadline(ticker, timeoutMillis), new Journal("", redactor, Progress.NONE, ticker), redactor,
                () -> 0);
    }
}
