package dev.keyturn.plugin.redis;

import static dev.keyturn.plugin.redis.Rig.credential;
import static dev.keyturn.plugin.redis.Rig.fresh;
import static dev.keyturn.plugin.redis.Rig.open;
import static dev.keyturn.plugin.redis.Rig.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A login that connects early and waits with the rest until it is wanted; with TLS, and without. */
class AheadTest {

    private static RedisServer server;
    private static int tlsPort;

    private final String user = fresh("ahead");

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Certificates own = Certificates.make(folder, "dns:localhost,ip:127.0.0.1");
        tlsPort = RedisServer.freePort();
        server = RedisServer.start(Optional.empty(), true, "tls-port " + tlsPort, "tls-auth-clients no",
                "tls-cert-file " + own.certificate(), "tls-key-file " + own.key(), "tls-ca-cert-file " + own.certificate());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLoginThatWaitedForTheChangeIsAccepted(boolean tls) throws Exception {
        Credential from = create(tls);
        Credential to = from.with("password", "new");
        int logins = server.logins();
        try (Held held = new Held()) {
            FutureTask<TargetSession> early = begin(to, context(tls, 5_000).withGate(held));
            held.reached.await();
            assertEquals(logins, server.logins(), "nothing is said yet");
            try (TargetSession session = open(credential(server, user, "old"))) {
                session.change(Change.of(from, to));
                held.wanted.countDown();
                try (TargetSession proof = early.get(20, TimeUnit.SECONDS)) {
                    assertEquals(session.identity(), proof.identity());
                }
            }
            assertEquals(1, held.passed.get());
        }
        assertEquals(logins + 2, server.logins());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theGateIsPassedOnceAlsoByALoginThatIsRefused(boolean tls) throws Exception {
        Credential right = create(tls);
        AtomicInteger passed = new AtomicInteger();
        TargetContext counted = context(tls, 5_000).withGate(passed::incrementAndGet);
        Rig.TARGET.open(right, counted).close();
        assertEquals(1, passed.get());
        refused(Kind.REJECTED, () -> Rig.TARGET.open(right.with("password", "wrong"), counted));
        assertEquals(2, passed.get());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatGetsNoConnectionDoesNotAsk(boolean tls) throws Exception {
        AtomicInteger passed = new AtomicInteger();
        Credential nobody = create(tls).with("port", String.valueOf(RedisServer.freePort()));
        refused(Kind.UNREACHABLE, () -> Rig.TARGET.open(nobody, context(tls, 5_000).withGate(passed::incrementAndGet)));
        assertEquals(0, passed.get());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLoginThatIsNotWantedLeavesNothingBehind(boolean tls) {
        Credential right = create(tls);
        long connections = connections();
        int logins = server.logins();
        TargetException e = refused(Kind.UNREACHABLE, () -> Rig.TARGET.open(right, context(tls, 5_000).withGate(() -> {
            until(connections + 1, "it is connected");
            throw new TargetException(Kind.UNREACHABLE, "nobody wants it");
        })));
        assertEquals("nobody wants it", e.getMessage());
        until(connections, "it is gone");
        assertEquals(logins, server.logins());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLoginThatIsInterruptedLeavesNothingBehind(boolean tls) throws Exception {
        Credential right = create(tls);
        long connections = connections();
        try (Held held = new Held()) {
            FutureTask<TargetSession> early = begin(right, context(tls, 5_000).withGate(held));
            held.reached.await();
            held.thread.interrupt();
            ExecutionException e = assertThrows(ExecutionException.class, () -> early.get(20, TimeUnit.SECONDS));
            assertTrue(e.getCause() instanceof TargetException, e.toString());
        }
        until(connections, "it is gone");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void waitingTakesNothingOfTheLoginsOwnTime(boolean tls) throws Exception {
        int limit = 1_500;
        CountDownLatch never = new CountDownLatch(1);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * limit);
        Rig.TARGET.open(create(tls), context(tls, limit).withGate(() -> {
            try {
                while (System.nanoTime() < end) {
                    never.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        })).close();
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

    private Credential create(boolean tls) {
        server.createUser(user, "old");
        return credential(server, user, "old").with("port", String.valueOf(tls ? tlsPort : server.port()));
    }

    private static FutureTask<TargetSession> begin(Credential credential, TargetContext context) {
        FutureTask<TargetSession> login = new FutureTask<>(() -> Rig.TARGET.open(credential, context));
        Thread thread = new Thread(login, "early login");
        thread.setDaemon(true);
        thread.start();
        return login;
    }

    private static TargetContext context(boolean tls, int loginMillis) {
        return Rig.context(loginMillis, tls ? TlsSettings.required() : TlsSettings.off());
    }

    private static long connections() {
        return server.admin("CLIENT", "LIST").toString().lines().count();
    }

    private static void until(long connections, String what) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (connections() != connections) {
            assertTrue(System.nanoTime() < end, what);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}
