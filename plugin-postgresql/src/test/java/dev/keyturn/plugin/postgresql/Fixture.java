package dev.keyturn.plugin.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.function.Executable;

/** One server for all tests, a fresh role for each. */
final class Fixture {

    static final String OLD = "Old-value-7f3a";
    static final String NEW = "New-value-9c1e";

    private static final AtomicInteger ROLES = new AtomicInteger();

    private static final class Primary {
        static final PostgresqlServer SERVER = PostgresqlServer.start();
    }

    private static final class Standby {
        static final PostgresqlServer SERVER = PostgresqlServer.startStandby();
    }

    private Fixture() {
    }

    static PostgresqlServer server() {
        return Primary.SERVER;
    }

    static PostgresqlServer standby() {
        return Standby.SERVER;
    }

    /** The server's main version: some rules differ. */
    static int version() {
        return Integer.parseInt(server().query("SHOW server_version_num").get(0)) / 10_000;
    }

    /** A new role with the password {@link #OLD}. */
    static String role() {
        String name = "role" + ROLES.incrementAndGet();
        server().createRole(name, OLD);
        return name;
    }

    static Credential credential(String user, String password) {
        PostgresqlServer server = server();
        return Credential.of(Map.of("host", server.host(), "port", Integer.toString(server.port()), "user", user,
                "password", password, "database", server.database()));
    }

    static Credential admin() {
        return credential(server().adminUser(), server().adminPassword());
    }

    static Credential standbyAdmin() {
        return credential(standby().adminUser(), standby().adminPassword())
                .with(Credential.PORT, Integer.toString(standby().port()));
    }

    static TlsSettings verified() {
        return TlsSettings.verify().withCa(server().caPem());
    }

    static TargetContext context(TlsSettings tls, int statementMillis) {
        return TargetContext.of(10_000, statementMillis, tls, Map.of());
    }

    static TargetSession open(String user, String password) throws TargetException {
        return open(credential(user, password), verified());
    }

    static TargetSession open(Credential credential, TlsSettings tls) throws TargetException {
        return new PostgresqlTarget().open(credential, context(tls, 5_000));
    }

    /** From {@link #OLD} to {@link #NEW}. */
    static Change change(String role) {
        return Change.of(credential(role, OLD), credential(role, NEW));
    }

    /** Expects a refusal of this kind that shows no value and drags no driver exception along. */
    static TargetException refused(Kind kind, Executable work) {
        TargetException e = assertThrows(TargetException.class, work);
        assertEquals(kind, e.kind(), e.getMessage());
        assertNull(e.getCause());
        for (String secret : new String[] {OLD, NEW, server().adminPassword()}) {
            assertFalse((e.getMessage() + e.fix()).contains(secret), e.getMessage());
        }
        return e;
    }

    /** Waits for something that the server does in its own time. */
    static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                fail("still not so after 20 s: " + what);
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
