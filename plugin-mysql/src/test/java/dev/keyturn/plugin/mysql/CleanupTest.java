package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.REJECTED;
import static dev.keyturn.plugin.mysql.Shared.account;
import static dev.keyturn.plugin.mysql.Shared.changing;
import static dev.keyturn.plugin.mysql.Shared.context;
import static dev.keyturn.plugin.mysql.Shared.credential;
import static dev.keyturn.plugin.mysql.Shared.open;
import static dev.keyturn.plugin.mysql.Shared.refused;
import static dev.keyturn.plugin.mysql.Shared.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** After close nothing of ours is left, here or on the server; and nothing shows a secret while it is there. */
class CleanupTest {

    private static void eventually(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, what);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private static Set<String> driverThreads() {
        Set<String> names = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().toLowerCase(java.util.Locale.ROOT).contains("mysql")) {
                names.add(thread.getName());
            }
        }
        return names;
    }

    @Test
    void noThreadAndNoSessionIsLeft() throws TargetException {
        String user = account();
        String sessions = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER IN ('" + user + "', 'unauthenticated user')";
        TargetSession session = open(user, "old-1");
        assertEquals("1", server().value(sessions));
        session.survey(credential(user, "old-1"));
        session.change(changing(user, "old-1", "new-1", false));
        session.close();
        for (int i = 0; i < 3; i++) {
            refused(REJECTED, () -> open(user, "wrong"));
        }
        refused(TargetException.Kind.MISCONFIGURED, () -> new MysqlTarget().open(credential(user, "new-1"), context(TlsSettings.verify())));
        eventually("sessions left", () -> server().value(sessions).equals("0"));
        eventually("threads left", () -> driverThreads().isEmpty());
    }

    @Test
    void aSessionThatIsNotWantedAfterAllIsClosed() throws Exception {
        String user = account();
        try (Relay relay = new Relay("127.0.0.1", server().port(), Integer.MAX_VALUE, "\u00068.0.31", "\u00065.7.44")) {
            Credential through = credential(user, "old-1").with(Credential.PORT, Integer.toString(relay.port()));
            refused(TargetException.Kind.MISCONFIGURED, () -> new MysqlTarget().open(through, context(TlsSettings.off())));
            assertEquals(1, server().acceptedLogins(user));
            eventually("sessions left", () -> server().value("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = '"
                    + user + "'").equals("0"));
        }
    }

    @Test
    void theLockIsFreeWhenTheSessionIsClosedAndNotAMomentLater() throws Exception {
        String user = account();
        String quit = "\u0001\0\0\0\u0001";
        String ping = "\u0001\0\0\0\u000e";
        try (Relay relay = new Relay("127.0.0.1", server().port(), Integer.MAX_VALUE, quit, ping)) { // The server hears of no end.
            Credential through = credential(user, "old-1").with(Credential.PORT, Integer.toString(relay.port()));
            TargetSession first = new MysqlTarget().open(through, context(TlsSettings.off()));
            first.survey(through);
            first.close();
            try (TargetSession second = open(user, "old-1")) {
                second.survey(credential(user, "old-1"));
            }
        }
    }

    @Test
    void closingASessionWhoseServerFellSilentTakesNoLongerThanItsLimits() throws Exception {
        String user = account();
        try (Relay relay = new Relay(server().port(), Integer.MAX_VALUE)) {
            TargetSession session = new MysqlTarget().open(credential(user, "old-1").with("port", Integer.toString(relay.port())),
                    TargetContext.of(5_000, 300, TlsSettings.off(), Map.of()));
            session.survey(credential(user, "old-1"));
            relay.silence(false);
            session.close(); // The test ends, and no exception comes out.
        }
        eventually("sessions left", () -> server().value("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = '" + user
                + "'").equals("0"));
    }

    @Test
    void nothingThatCanBePrintedShowsASecret() throws TargetException {
        String user = account();
        try (TargetSession session = open(user, "old-1")) {
            assertFalse(session.toString().contains("old-1"));
            assertTrue(session.toString().contains(user));
            assertFalse(session.survey(credential(user, "old-1")).toString().contains("old-1"));
        }
        assertFalse(new StoredHash("method", "$A$005$secret", "*secret").toString().contains("secret"));
        TargetException refusal = refused(REJECTED, () -> open(user, "s3cret"));
        assertFalse((refusal + " " + refusal.fix()).contains("s3cret"));
        assertEquals(null, refusal.getCause());
    }
}
