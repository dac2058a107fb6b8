package dev.keyturn.plugin.postgresql;

import static dev.keyturn.plugin.postgresql.Fixture.NEW;
import static dev.keyturn.plugin.postgresql.Fixture.OLD;
import static dev.keyturn.plugin.postgresql.Fixture.credential;
import static dev.keyturn.plugin.postgresql.Fixture.refused;
import static dev.keyturn.plugin.postgresql.Fixture.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What a login proves, and what is said when it fails (R5, R6, R9). */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LoginTest {

    /** First of all: these servers let anybody in unless they are told otherwise, and then no test here would mean anything. */
    @Test
    @Order(1)
    void aWrongPasswordIsRejectedAndTriedOnce() {
        String role = Fixture.role();
        refused(Kind.REJECTED, () -> Fixture.open(role, NEW).close());
        Fixture.until("the server has logged it", () -> server().refusedLogins(role) == 1);
        assertEquals(PostgresqlServer.Login.REFUSED, server().login(role, NEW));
        assertEquals(PostgresqlServer.Login.ACCEPTED, server().login(role, OLD));
    }

    @Test
    void aLoginIsOneLogin() throws Exception {
        String role = Fixture.role();
        Fixture.open(role, OLD).close();
        assertEquals(1, server().acceptedLogins(role));
        assertEquals(0, server().refusedLogins(role));
    }

    @Test
    void anUnknownRoleAndARoleWithoutPasswordAreRejected() {
        refused(Kind.REJECTED, () -> Fixture.open("nobody", OLD).close());
        server().execute("CREATE ROLE without_password LOGIN");
        refused(Kind.REJECTED, () -> Fixture.open("without_password", OLD).close());
    }

    @Test
    void aPasswordWhoseTimeHasPassedIsRejectedAndTheMessageNamesThatCause() {
        String role = Fixture.role();
        server().execute("ALTER ROLE " + role + " VALID UNTIL '2001-01-01'");
        assertTrue(refused(Kind.REJECTED, () -> Fixture.open(role, OLD).close()).getMessage().contains("VALID UNTIL"));
    }

    @Test
    void aRoleThatMayNotLogInIsLockedOnlyIfThePasswordIsRight() {
        String role = Fixture.role();
        server().execute("ALTER ROLE " + role + " NOLOGIN");
        refused(Kind.LOCKED, () -> Fixture.open(role, OLD).close());
        refused(Kind.REJECTED, () -> Fixture.open(role, NEW).close());
    }

    @Test
    void aServerThatAsksForNoPasswordProvesNothing() {
        String role = member("ask_nothing");
        refused(Kind.NOT_PROVABLE, () -> Fixture.open(role, NEW).close());
        assertEquals(PostgresqlServer.Login.ACCEPTED, server().login(role, NEW), "the server takes anything");
    }

    @Test
    void aServerThatAsksForThePlainPasswordDoesNotGetIt() {
        String role = member("ask_plain");
        refused(Kind.NOT_PROVABLE, () -> Fixture.open(role, OLD).close());
        assertEquals(0, server().acceptedLogins(role));
        assertEquals(0, server().refusedLogins(role));
    }

    @Test
    void anAddressThatTheServerDoesNotAdmitIsMisconfigured() {
        String role = member("ask_nobody");
        assertTrue(refused(Kind.MISCONFIGURED, () -> Fixture.open(role, OLD).close()).fix().orElse("").contains("pg_hba.conf"));
    }

    @Test
    void aDatabaseThatIsMissingOrForbiddenIsMisconfigured() {
        String role = Fixture.role();
        server().execute("CREATE DATABASE forbidden", "REVOKE CONNECT ON DATABASE forbidden FROM PUBLIC",
                "CREATE DATABASE shut ALLOW_CONNECTIONS false");
        for (String database : List.of("missing", "forbidden", "shut")) {
            refused(Kind.MISCONFIGURED,
                    () -> Fixture.open(credential(role, OLD).with("database", database), Fixture.verified()).close());
        }
        server().execute("DROP DATABASE forbidden", "DROP DATABASE shut");
    }

    @Test
    void aFullServerIsUnreachable() throws Exception {
        String role = Fixture.role();
        server().execute("ALTER ROLE " + role + " CONNECTION LIMIT 1");
        try (TargetSession only = Fixture.open(role, OLD)) {
            refused(Kind.UNREACHABLE, () -> Fixture.open(role, OLD).close());
            assertTrue(only.identity().startsWith(role));
        }
    }

    @Test
    void theIdentityIsTheSameForTwoSessionsAndAnotherOnAnotherServer() throws Exception {
        String role = Fixture.role();
        String first;
        try (TargetSession session = Fixture.open(role, OLD)) {
            first = session.identity();
        }
        try (TargetSession session = Fixture.open(credential(role, OLD).with(Credential.HOST, "127.0.0.1"), Fixture.verified())) {
            assertEquals(first, session.identity());
        }
        assertTrue(first.startsWith(role + "@"), first);
        try (TargetSession here = Fixture.open(Fixture.admin(), Fixture.verified());
                TargetSession there = Fixture.open(Fixture.standbyAdmin(), TlsSettings.off())) {
            assertNotEquals(here.identity(), there.identity());
        }
    }

    @Test
    void aNameIsTakenAsItIs() throws Exception {
        String secret = "p'\"\\;%?${}";
        for (String name : List.of("Mixed Case", "quo\"te'd", "a;b--c", "a?ssl=false&user=postgres", "line\nbreak", "r\u00f6le\u4e2d",
                "%41", "{d '2001-01-01'}", "$1", " ", "back\\slash", "x".repeat(63))) {
            server().createRole(name, secret);
            try (TargetSession session = Fixture.open(name, secret)) {
                assertTrue(session.identity().startsWith(name + "@"));
                session.survey(credential(name, secret));
                session.change(Change.of(credential(name, secret), credential(name, NEW)));
            }
            assertEquals(PostgresqlServer.Login.ACCEPTED, server().login(name, NEW), name);
            server().execute("DROP ROLE " + PostgresqlServer.quoted(name));
        }
    }

    @Test
    void aNameThatTheServerWouldCutOffIsNotProvable() {
        String role = "y".repeat(63);
        server().createRole(role, OLD);
        refused(Kind.NOT_PROVABLE, () -> Fixture.open(role + "zzz", OLD).close());
        server().execute("DROP ROLE " + role);
    }

    @Test
    void noFieldBecomesASettingOrAnotherField() throws Exception {
        String role = Fixture.role();
        Credential good = credential(role, OLD);
        refused(Kind.MISCONFIGURED, () -> Fixture.open(good.with("user", role + "\0database\0template1"), Fixture.verified()).close());
        refused(Kind.MISCONFIGURED, () -> Fixture.open(good.with("database", "postgres\0user\0postgres"), Fixture.verified()).close());
        for (String database : List.of("postgres?sslmode=disable", "postgres&user=postgres", "/template1", "../x", "a'b\"c;d",
                "host=elsewhere", "line\nbreak", "\u4e2d")) {
            refused(Kind.MISCONFIGURED, () -> Fixture.open(good.with("database", database), Fixture.verified()).close());
        }
        server().execute("CREATE DATABASE \"odd?sslmode=disable&\"\"x\"");
        Fixture.open(good.with("database", "odd?sslmode=disable&\"x"), Fixture.verified()).close();
        server().execute("DROP DATABASE \"odd?sslmode=disable&\"\"x\"");
        for (String host : List.of("localhost,evil", "localhost/x?a=b", "localhost:1", "[::1]", "a b", "localhost\0", "l\nm")) {
            refused(Kind.MISCONFIGURED, () -> Fixture.open(good.with("host", host), Fixture.verified()).close());
        }
        Fixture.open(good.with("sslmode", "disable").with("requireAuth", "none").with("socketFactory", "x"), Fixture.verified()).close();
    }

    @Test
    void aSessionShowsNoValue() throws Exception {
        String role = Fixture.role();
        try (TargetSession session = Fixture.open(role, OLD)) {
            assertFalse(session.toString().contains(OLD));
            assertFalse(session.identity().contains(OLD));
        }
    }

    private static String member(String group) {
        String role = Fixture.role();
        server().execute("GRANT " + group + " TO " + role);
        return role;
    }
}
