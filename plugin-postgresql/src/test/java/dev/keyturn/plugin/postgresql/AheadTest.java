package dev.keyturn.plugin.postgresql;

import static dev.keyturn.plugin.postgresql.Fixture.NEW;
import static dev.keyturn.plugin.postgresql.Fixture.OLD;
import static dev.keyturn.plugin.postgresql.Fixture.change;
import static dev.keyturn.plugin.postgresql.Fixture.credential;
import static dev.keyturn.plugin.postgresql.Fixture.refused;
import static dev.keyturn.plugin.postgresql.Fixture.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A login that connects early and waits with the rest until it is wanted. */
class AheadTest {

    static Stream<TlsSettings> everyTls() {
        return Stream.of(Fixture.verified(), TlsSettings.required(), TlsSettings.off());
    }

    @ParameterizedTest
    @MethodSource("everyTls")
    void aLoginThatWaitedForTheChangeIsAccepted(TlsSettings tls) throws Exception {
        String role = Fixture.role();
        try (Held held = new Held(); Relay relay = new Relay("127.0.0.1", server().port())) {
            FutureTask<TargetSession> early = begin(through(relay, role, NEW), context(tls, 10_000).withGate(held));
            held.reached.await();
            Fixture.until("it is connected", () -> relay.open() == 1);
            assertEquals(0, server().sessions(role), "it takes none of the role's connections yet");
            try (TargetSession session = Fixture.open(role, OLD)) {
                session.survey(credential(role, OLD));
                session.change(change(role));
                held.wanted.countDown();
                try (TargetSession proof = early.get(20, TimeUnit.SECONDS)) {
                    assertEquals(session.identity(), proof.identity());
                }
            }
            assertEquals(1, held.passed.get());
            assertEquals(0, server().refusedLogins(role));
        }
    }

    @ParameterizedTest
    @MethodSource("everyTls")
    void theGateIsPassedOnceAlsoByALoginThatIsRefused(TlsSettings tls) throws Exception {
        String role = Fixture.role();
        AtomicInteger passed = new AtomicInteger();
        TargetContext counted = context(tls, 10_000).withGate(passed::incrementAndGet);
        new PostgresqlTarget().open(credential(role, OLD), counted).close();
        assertEquals(1, passed.get());
        refused(Kind.REJECTED, () -> new PostgresqlTarget().open(credential(role, NEW), counted));
        assertEquals(2, passed.get());
    }

    @Test
    void whatGetsNoConnectionDoesNotAsk() {
        AtomicInteger passed = new AtomicInteger();
        for (TlsSettings tls : new TlsSettings[] {TlsSettings.required(), TlsSettings.verify()}) {
            refused(Kind.MISCONFIGURED, () -> new PostgresqlTarget().open(Fixture.standbyAdmin(), context(tls, 10_000).withGate(passed::incrementAndGet)));
        }
        refused(Kind.MISCONFIGURED, () -> new PostgresqlTarget().open(credential("somebody", OLD),
                context(TlsSettings.verify(), 10_000).withGate(passed::incrementAndGet)));
        assertEquals(0, passed.get());
    }

    @ParameterizedTest
    @MethodSource("everyTls")
    void aLoginThatIsNotWantedLeavesNothingBehind(TlsSettings tls) throws Exception {
        String role = Fixture.role();
        try (Relay relay = new Relay("127.0.0.1", server().port())) {
            TargetException e = refused(Kind.UNREACHABLE, () -> new PostgresqlTarget().open(through(relay, role, OLD),
                    context(tls, 10_000).withGate(() -> {
                        Fixture.until("it is connected", () -> relay.open() == 1);
                        throw new TargetException(Kind.UNREACHABLE, "nobody wants it");
                    })));
            assertEquals("nobody wants it", e.getMessage());
            Fixture.until("the server has closed its end", () -> relay.open() == 0);
        }
        assertEquals(0, server().acceptedLogins(role) + server().refusedLogins(role));
    }

    @Test
    void aLoginThatIsInterruptedLeavesNothingBehind() throws Exception {
        String role = Fixture.role();
        try (Held held = new Held(); Relay relay = new Relay("127.0.0.1", server().port())) {
            FutureTask<TargetSession> early = begin(through(relay, role, OLD), context(Fixture.verified(), 10_000).withGate(held));
            held.reached.await();
            held.thread.interrupt();
            ExecutionException e = assertThrows(ExecutionException.class, () -> early.get(20, TimeUnit.SECONDS));
            assertTrue(e.getCause() instanceof TargetException, e.toString());
            Fixture.until("the server has closed its end", () -> relay.open() == 0);
        }
        assertEquals(0, server().acceptedLogins(role) + server().refusedLogins(role));
    }

    @ParameterizedTest
    @MethodSource("everyTls")
    void waitingTakesNothingOfTheLoginsOwnTime(TlsSettings tls) throws Exception {
        String role = Fixture.role();
        int limit = 1_500;
        CountDownLatch never = new CountDownLatch(1);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * limit);
        new PostgresqlTarget().open(credential(role, OLD), context(tls, limit).withGate(() -> {
            try {
                while (System.nanoTime() < end) {
                    never.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        })).close();
    }

    @ParameterizedTest
    @MethodSource("everyTls")
    void theLimitHoldsForWhatComesAfterTheWait(TlsSettings tls) throws Exception {
        try (Relay relay = new Relay("127.0.0.1", server().port())) {
            refused(Kind.UNREACHABLE, () -> new PostgresqlTarget().open(through(relay, Fixture.role(), OLD),
                    context(tls, 1_500).withGate(relay::mute)));
        }
    }

    /** A gate that says when somebody has come to it, and holds until it is told otherwise. */
    private static final class Held implements TargetContext.Gate, AutoCloseable {

        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch wanted = new CountDownLatch(1);
        final AtomicInteger passed = new AtomicInteger();
        volatile Thread thread = Thread.currentThread();

        @Override
        public void pass() throws TargetException {
            passed.incrementAndGet();
            thread = Thread.currentThread();
            reached.countDown();
            try {
                wanted.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TargetException(Kind.UNREACHABLE, "interrupted");
            }
        }

        @Override
        public void close() {
            wanted.countDown();
        }
    }

    private static FutureTask<TargetSession> begin(Credential credential, TargetContext context) {
        FutureTask<TargetSession> login = new FutureTask<>(() -> new PostgresqlTarget().open(credential, context));
        Thread thread = new Thread(login, "early login");
        thread.setDaemon(true);
        thread.start();
        return login;
    }

    private static Credential through(Relay relay, String role, String password) {
        return credential(role, password).with(Credential.HOST, relay.host()).with(Credential.PORT, Integer.toString(relay.port()));
    }

    private static TargetContext context(TlsSettings tls, int loginMillis) {
        return TargetContext.of(loginMillis, 5_000, tls, Map.of());
    }
}
