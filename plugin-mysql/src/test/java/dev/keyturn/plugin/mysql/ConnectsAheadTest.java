package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.LOCKED;
import static dev.keyturn.api.TargetException.Kind.MISCONFIGURED;
import static dev.keyturn.api.TargetException.Kind.REJECTED;
import static dev.keyturn.api.TargetException.Kind.UNREACHABLE;
import static dev.keyturn.plugin.mysql.Shared.OVERLAP;
import static dev.keyturn.plugin.mysql.Shared.account;
import static dev.keyturn.plugin.mysql.Shared.change;
import static dev.keyturn.plugin.mysql.Shared.credential;
import static dev.keyturn.plugin.mysql.Shared.name;
import static dev.keyturn.plugin.mysql.Shared.refused;
import static dev.keyturn.plugin.mysql.Shared.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mysql.cj.conf.DefaultPropertySet;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A login connects, waits for the gate once, and only then sends what it made from the password. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ConnectsAheadTest {

    static final List<Boolean> ENCRYPTED = List.of(true, false);

    private static TargetContext context(boolean encrypted, int loginMillis) {
        TlsSettings tls = encrypted ? TlsSettings.verify().withCa(server().ca()) : TlsSettings.off();
        return TargetContext.of(loginMillis, 10_000, tls, Map.of());
    }

    /** A login that has got to its gate. */
    private static final class Held {

        private final CountDownLatch gate = new CountDownLatch(1);
        private final FutureTask<TargetSession> login;
        private final Thread thread;

        Held(Credential credential, TargetContext context) throws InterruptedException {
            CountDownLatch waits = new CountDownLatch(1);
            TargetContext held = context.withGate(() -> {
                waits.countDown();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new TargetException(UNREACHABLE, "interrupted at the gate");
                }
            });
            login = new FutureTask<>(() -> new MysqlTarget().open(credential, held));
            thread = new Thread(login, "held login");
            thread.start();
            waits.await();
        }

        TargetSession session() throws Exception {
            return login.get();
        }
    }

    /** The account's, and those that have not logged in. Not from the process list: in some versions that waits for them. */
    private static String sessions(String user) {
        return server().value("SELECT COUNT(*) FROM performance_schema.threads WHERE NAME = 'thread/sql/one_connection'"
                + " AND IFNULL(PROCESSLIST_USER, '" + user + "') = '" + user + "'");
    }

    private static void nothingIsLeft(String user) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!sessions(user).equals("0")) {
            assertTrue(System.nanoTime() < end, "sessions left");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        assertEquals(0, server().acceptedLogins(user));
        assertEquals(0, server().refusedLogins(user));
    }

    @Test
    void itSaysSo() {
        assertTrue(new MysqlTarget().connectsAhead());
    }

    @ParameterizedTest
    @FieldSource("ENCRYPTED")
    void theServerHearsOfThePasswordWhenTheGateOpens(boolean encrypted) throws Exception {
        String user = account(OVERLAP);
        Held held = new Held(credential(user, "new-1"), context(encrypted, 10_000));
        assertEquals("1", sessions(user));
        change(user, "old-1", "new-1", false);
        assertEquals(1, server().acceptedLogins(user));
        held.gate.countDown();
        try (TargetSession session = held.session()) {
            assertTrue(session.identity().startsWith(user + "@"), session.identity());
        }
        assertEquals(2, server().acceptedLogins(user));
        assertEquals(0, server().refusedLogins(user));
    }

    @ParameterizedTest
    @FieldSource("ENCRYPTED")
    void aLoginThatIsNotWantedSendsNothingAndLeavesNothing(boolean encrypted) {
        String user = account();
        TargetException unwanted = new TargetException(UNREACHABLE, "not wanted");
        TargetContext context = context(encrypted, 10_000).withGate(() -> {
            assertEquals("1", sessions(user));
            throw unwanted;
        });
        assertSame(unwanted, refused(UNREACHABLE, () -> new MysqlTarget().open(credential(user, "old-1"), context)));
        nothingIsLeft(user);
    }

    /** A driver may write what it still has when it closes. */
    @Test
    void afterARefusalNoWriteComesThrough() throws IOException {
        DriverParts.LOGIN.set(new Login(context(false, 10_000).withGate(() -> {
            throw new TargetException(UNREACHABLE, "not wanted");
        })));
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            try (Socket socket = new DriverParts.Sockets().createSocket(new DefaultPropertySet())) {
                socket.connect(listening.getLocalSocketAddress());
                for (int i = 0; i < 2; i++) {
                    assertThrows(IOException.class, () -> socket.getOutputStream().write(new byte[] {1, 2, 3}));
                }
            }
            try (Socket accepted = listening.accept()) {
                assertEquals(-1, accepted.getInputStream().read());
            }
        } finally {
            DriverParts.LOGIN.remove();
        }
    }

    @ParameterizedTest
    @FieldSource("ENCRYPTED")
    void aGateThatBreaksSendsNothingAndLeavesNothing(boolean encrypted) {
        String user = account();
        AtomicInteger asked = new AtomicInteger();
        TargetContext context = context(encrypted, 10_000).withGate(() -> {
            asked.incrementAndGet();
            throw new IllegalStateException("broken");
        });
        refused(MISCONFIGURED, () -> new MysqlTarget().open(credential(user, "old-1"), context));
        assertEquals(1, asked.get());
        nothingIsLeft(user);
    }

    @ParameterizedTest
    @FieldSource("ENCRYPTED")
    void aLoginThatIsInterruptedWhileItWaitsSendsNothingAndLeavesNothing(boolean encrypted) throws Exception {
        String user = account();
        Held held = new Held(credential(user, "old-1"), context(encrypted, 10_000));
        held.thread.interrupt();
        try {
            throw new AssertionError(held.session());
        } catch (ExecutionException e) {
            assertEquals(TargetException.class, e.getCause().getClass());
        }
        nothingIsLeft(user);
    }

    @ParameterizedTest
    @FieldSource("ENCRYPTED")
    void theTimeAtTheGateIsNotTheLogins(boolean encrypted) throws TargetException {
        String user = account();
        int loginMillis = 1_500;
        CountDownLatch never = new CountDownLatch(1);
        TargetContext context = context(encrypted, loginMillis).withGate(() -> {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(loginMillis + 200);
            try {
                for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                    assertTrue(!never.await(left, TimeUnit.NANOSECONDS));
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        try (TargetSession session = new MysqlTarget().open(credential(user, "old-1"), context)) {
            assertTrue(session.identity().startsWith(user + "@"), session.identity());
        }
    }

    @ParameterizedTest
    @FieldSource("ENCRYPTED")
    void theGateIsPassedOnceInEachLogin(boolean encrypted) throws TargetException {
        AtomicInteger passed = new AtomicInteger();
        TargetContext context = context(encrypted, 10_000).withGate(passed::incrementAndGet);
        int logins = 0;
        for (String method : List.of("caching_sha2_password", "sha256_password", "mysql_native_password")) {
            String user = name(); // Other methods than the server's own are asked for in a second round.
            server().execute("CREATE USER " + user + " IDENTIFIED WITH " + method + " BY 'old-1'");
            for (int i = 0; i < 2; i++) { // Whole, and from the server's cache.
                new MysqlTarget().open(credential(user, "old-1"), context).close();
                assertEquals(++logins, passed.get(), method);
            }
            refused(REJECTED, () -> new MysqlTarget().open(credential(user, "wrong"), context));
            assertEquals(++logins, passed.get(), method);
            server().execute("ALTER USER " + user + " PASSWORD EXPIRE");
            new MysqlTarget().open(credential(user, "old-1"), context).close();
            assertEquals(++logins, passed.get(), method);
            server().execute("ALTER USER " + user + " ACCOUNT LOCK");
            refused(LOCKED, () -> new MysqlTarget().open(credential(user, "old-1"), context));
            assertEquals(++logins, passed.get(), method);
        }
    }

    @Test
    void whereNoPasswordIsSentThereIsNoGate() {
        AtomicInteger passed = new AtomicInteger();
        TargetContext context = context(true, 10_000).withGate(passed::incrementAndGet);
        refused(MISCONFIGURED, () -> new MysqlTarget().open(credential("a\nb", "any"), context));
        TargetContext strangers = TargetContext.of(10_000, 10_000, TlsSettings.verify(), Map.of()).withGate(passed::incrementAndGet);
        refused(MISCONFIGURED, () -> new MysqlTarget().open(credential("any", "any"), strangers));
        assertEquals(0, passed.get());
    }
}
