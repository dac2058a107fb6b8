package dev.keyturn.plugin.mssql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A login that connects ahead and waits before it sends its password. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class AheadTest {

    private static final String OLD = "Old-1st_Value";
    private static final String NEW = "New-2nd_Value";

    @Parameter
    boolean encrypted;

    private TdsStandIn server;
    private Credential from;
    private Credential to;

    @BeforeEach
    void start() throws IOException {
        server = newServer();
        server.createLogin("app", OLD);
        from = Plain.credential(server, "app", OLD);
        to = from.with("password", NEW);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private TdsStandIn newServer() throws IOException {
        return encrypted ? TdsStandIn.start() : TdsStandIn.startWithoutTls();
    }

    private TargetContext context(int loginMillis) {
        return TargetContext.of(loginMillis, 10_000, encrypted ? TlsSettings.verify().withCa(server.ca()) : TlsSettings.off(), Map.of());
    }

    private int logins() {
        return server.acceptedLogins() + server.refusedLogins();
    }

    /** Holds until it is let go, and tells when it is reached. */
    private static final class Held implements TargetContext.Gate {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch letGo = new CountDownLatch(1);

        @Override
        public void pass() throws TargetException {
            reached.countDown();
            try {
                letGo.await();
            } catch (InterruptedException e) {
                throw new TargetException(Kind.UNREACHABLE, "interrupted");
            }
        }
    }

    private static FutureTask<String> login(Credential credential, TargetContext context) {
        return new FutureTask<>(() -> {
            try (TargetSession session = new MssqlTarget().open(credential, context)) {
                return session.identity();
            }
        });
    }

    @Test
    void everythingButTheLoginIsAhead() throws Exception {
        assertTrue(new MssqlTarget().connectsAhead());
        Held gate = new Held();
        try (TargetSession session = new MssqlTarget().open(from, context(10_000))) {
            session.survey(from);
            FutureTask<String> login = login(to, context(10_000).withGate(gate));
            new Thread(login, "login-ahead").start();
            assertTrue(gate.reached.await(10, TimeUnit.SECONDS));

            assertEquals(2, server.openConnections());
            assertEquals(encrypted ? 2 : 0, server.handshakes.get(), "TLS is done");
            assertEquals(1, logins(), "the first session's");
            session.change(Change.of(from, to));
            assertEquals(1, logins());
            gate.letGo.countDown();

            assertEquals(session.identity(), login.get(10, TimeUnit.SECONDS));
        }
        assertEquals(2, server.acceptedLogins());
        assertEquals(0, server.refusedLogins());
    }

    @Test
    void aLoginThatIsNotWantedLeavesNothing() throws Exception {
        TargetException unwanted = new TargetException(Kind.CONFLICT, "not wanted");

        assertSame(unwanted, assertThrows(TargetException.class, () -> new MssqlTarget().open(from, context(10_000).withGate(() -> {
            throw unwanted;
        }))));
        assertThrows(IllegalStateException.class, () -> new MssqlTarget().open(from, context(10_000).withGate(() -> {
            throw new IllegalStateException("a gate with a bug");
        })));

        Plain.untilNoneIsOpen(server);
        assertEquals(0, logins());
    }

    @Test
    void anInterruptedLoginLeavesNothing() throws Exception {
        Held gate = new Held();
        FutureTask<String> login = login(from, context(10_000).withGate(gate));
        Thread thread = new Thread(login, "login-ahead");
        thread.start();
        assertTrue(gate.reached.await(10, TimeUnit.SECONDS));
        thread.interrupt();

        assertThrows(ExecutionException.class, () -> login.get(10, TimeUnit.SECONDS));
        Plain.untilNoneIsOpen(server);
        assertEquals(0, logins());
    }

    /** For longer than the login may take, by the same clock. */
    private static TargetContext.Gate longerThan(int millis) {
        return () -> {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis + 100);
            CountDownLatch never = new CountDownLatch(1);
            try {
                for (long left = 1; left > 0; left = end - System.nanoTime()) {
                    assertFalse(never.await(left, TimeUnit.NANOSECONDS));
                }
            } catch (InterruptedException e) {
                throw new TargetException(Kind.UNREACHABLE, "interrupted");
            }
        };
    }

    @Test
    void theTimeThatItWaitsDoesNotCount() throws Exception {
        try (TargetSession session = new MssqlTarget().open(from, context(1_500).withGate(longerThan(1_500)))) {
            assertEquals("app@STAND-IN", session.identity());
        }
    }

    @Test
    void aClientThatIsSentOnHasItsTimeAndWaitsOnce() throws Exception {
        AtomicInteger passed = new AtomicInteger();
        TargetContext.Gate gate = longerThan(1_500);
        try (TdsStandIn gateway = newServer()) {
            gateway.createLogin("app", OLD);
            gateway.sendOnTo(server.port());
            TlsSettings tls = encrypted ? TlsSettings.required() : TlsSettings.off();
            Credential there = Plain.credential(gateway, "app", OLD);

            new MssqlTarget().open(there, TargetContext.of(1_500, 10_000, tls, Map.of()).withGate(() -> {
                passed.incrementAndGet();
                gate.pass();
            })).close();

            assertEquals(List.of(1, 1), List.of(gateway.acceptedLogins(), server.acceptedLogins()));
            assertEquals(1, passed.get());
        }
    }

    @Test
    void everyLoginWaitsOnce() throws Exception {
        AtomicInteger passed = new AtomicInteger();
        TargetContext counting = context(10_000).withGate(passed::incrementAndGet);

        assertEquals(Kind.REJECTED, assertThrows(TargetException.class, () -> new MssqlTarget().open(to, counting)).kind());
        assertEquals(1, passed.get());
        try (TargetSession session = new MssqlTarget().open(from, counting)) {
            session.survey(from);
            session.change(Change.of(from, to));
        }
        assertEquals(2, passed.get());
        Credential nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            nobody = to.with("port", Integer.toString(free.getLocalPort()));
        }
        assertThrows(TargetException.class, () -> new MssqlTarget().open(nobody, counting));
        assertEquals(2, passed.get(), "nobody to send a password to");
    }

    @Test
    void connectingHasALimitStill() throws Exception {
        // Nobody accepts, so after a few the system answers no more of them.
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            try {
                while (waiting.size() < 20) {
                    Socket socket = new Socket();
                    waiting.add(socket);
                    socket.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 300);
                }
                Assumptions.abort("not tried: a server whose queue is full; this system's never is");
            } catch (SocketTimeoutException e) {
                // As it should be.
            }
            Credential there = from.with("port", Integer.toString(full.getLocalPort()));
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertEquals(Kind.UNREACHABLE,
                    assertThrows(TargetException.class, () -> new MssqlTarget().open(there, context(700))).kind()));
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }
}
