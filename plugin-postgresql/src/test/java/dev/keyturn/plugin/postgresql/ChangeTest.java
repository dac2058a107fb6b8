package dev.keyturn.plugin.postgresql;

import static dev.keyturn.plugin.postgresql.Fixture.NEW;
import static dev.keyturn.plugin.postgresql.Fixture.OLD;
import static dev.keyturn.plugin.postgresql.Fixture.change;
import static dev.keyturn.plugin.postgresql.Fixture.credential;
import static dev.keyturn.plugin.postgresql.Fixture.refused;
import static dev.keyturn.plugin.postgresql.Fixture.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What a change does, and what is known about it when it fails. */
class ChangeTest {

    private static void holds(String role, String password, String dead) {
        assertEquals(PostgresqlServer.Login.ACCEPTED, server().login(role, password));
        assertEquals(PostgresqlServer.Login.REFUSED, server().login(role, dead));
    }

    private static String verifier(String role) {
        return server().query("SELECT rolpassword FROM pg_authid WHERE rolname = '" + role + "'").get(0);
    }

    @Test
    void aRoleChangesItsOwnPassword() throws Exception {
        String role = Fixture.role();
        try (TargetSession session = Fixture.open(role, OLD)) {
            session.survey(credential(role, OLD));
            session.change(change(role));
        }
        holds(role, NEW, OLD);
    }

    @Test
    void anAdministratorChangesAnotherRolesPassword() throws Exception {
        String role = Fixture.role();
        try (TargetSession session = Fixture.open(Fixture.admin(), Fixture.verified())) {
            session.survey(credential(role, OLD));
            session.change(change(role));
        }
        holds(role, NEW, OLD);
        try (TargetSession session = Fixture.open(Fixture.admin(), Fixture.verified())) {
            session.survey(credential(role, OLD));
            session.change(Change.reset(credential(role, OLD)));
        }
        holds(role, OLD, NEW);
        assertEquals(PostgresqlServer.Login.ACCEPTED, server().login(server().adminUser(), server().adminPassword()));
    }

    @Test
    void aRepeatDoesNoHarm() throws Exception {
        String role = Fixture.role();
        Fixture.open(role, OLD).close();
        for (String live : new String[] {OLD, NEW}) {
            try (TargetSession session = Fixture.open(role, live)) {
                session.change(change(role));
            }
            holds(role, NEW, OLD);
        }
    }

    @Test
    void whatIsLiveAlreadyIsNotSentAgain() throws Exception {
        String role = Fixture.role();
        String before = verifier(role);
        try (TargetSession session = Fixture.open(role, OLD)) {
            session.change(Change.of(credential(role, OLD), credential(role, OLD)));
        }
        assertEquals(before, verifier(role));
    }

    /** R8: only a verifier is sent. The fixture's own statement, with the first value in it, shows that the log shows all. */
    @Test
    void noValueIsInTheServersLog() throws Exception {
        String role = Fixture.role();
        String[] values = {OLD, "Only-in-this-test-4b1d", "Only-in-this-test-88e0"};
        for (int i = 1; i < values.length; i++) {
            try (TargetSession session = Fixture.open(role, values[i - 1])) {
                session.survey(credential(role, values[i - 1]));
                session.change(Change.of(credential(role, values[i - 1]), credential(role, values[i])));
            }
        }
        refused(Kind.REJECTED, () -> Fixture.open(role, "Only-in-this-test-wrong").close());
        String log = server().log();
        assertTrue(log.contains("CREATE ROLE \"" + role + "\" LOGIN PASSWORD '" + OLD));
        assertEquals(2, log.split("ALTER ROLE \"" + role + "\" PASSWORD 'SCRAM-SHA-256\\$", -1).length - 1);
        assertFalse(log.contains("Only-in-this-test"));
        assertFalse(log.contains(Base64.getEncoder().encodeToString(values[1].getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void theServersNumberOfIterationsIsUsed() throws Exception {
        String role = Fixture.role();
        if (Fixture.version() < 16) {
            System.out.println("scram_iterations: not before PostgreSQL 16, left out");
            return;
        }
        server().execute("ALTER ROLE " + role + " SET scram_iterations = 10000");
        try (TargetSession session = Fixture.open(role, OLD)) {
            session.change(change(role));
        }
        assertTrue(verifier(role).startsWith("SCRAM-SHA-256$10000:"), verifier(role));
        holds(role, NEW, OLD);
    }

    /** A client of the role's may not know SCRAM, and the server says so in password_encryption. */
    @Test
    void anMd5SumStaysOneWhereTheServerWantsIt() throws Exception {
        String role = Fixture.role();
        server().execute("GRANT ask_md5 TO " + role, "ALTER ROLE " + role + " SET password_encryption = 'md5'",
                "SET password_encryption = 'md5'", "ALTER ROLE " + role + " PASSWORD '" + OLD + "'");
        try (TargetSession session = Fixture.open(role, OLD)) {
            session.change(change(role));
        }
        assertTrue(verifier(role).startsWith("md5"), verifier(role));
        holds(role, NEW, OLD);
    }

    /** The default of PostgreSQL 13 with a pg_hba.conf that wants SCRAM: an MD5 sum would shut the role out. */
    @Test
    void aRoleThatLogsInByScramIsNotShutOutByAnMd5Setting() throws Exception {
        String role = Fixture.role();
        server().execute("ALTER ROLE " + role + " SET password_encryption = 'md5'");
        try (TargetSession session = Fixture.open(role, OLD)) {
            session.change(change(role));
        }
        assertTrue(verifier(role).startsWith("SCRAM"), verifier(role));
        holds(role, NEW, OLD);
    }

    /** Two roles that take turns both become their owner role at login, so that all objects have one owner. */
    @Test
    void aRoleThatBecomesAnotherAtLoginChangesItself() throws Exception {
        String role = Fixture.role();
        server().execute("CREATE ROLE owner_of_" + role, "GRANT owner_of_" + role + " TO " + role,
                "ALTER ROLE " + role + " SET ROLE owner_of_" + role);
        try (TargetSession session = Fixture.open(role, OLD)) {
            assertTrue(session.identity().startsWith(role + "@"));
            session.survey(credential(role, OLD));
            session.change(change(role));
        }
        holds(role, NEW, OLD);
    }

    @Test
    void aReadOnlyDefaultIsNoObstacle() throws Exception {
        String role = Fixture.role();
        server().execute("ALTER ROLE " + role + " SET default_transaction_read_only = on");
        try (TargetSession session = Fixture.open(role, OLD)) {
            assertEquals(1, session.survey(credential(role, OLD)).warnings().size());
            session.change(change(role));
        }
        holds(role, NEW, OLD);
    }

    /** The owner of a database may set a search path for it; functions of his must not run in an administrator's session. */
    @Test
    void aSearchPathOfTheDatabaseIsNotFollowed() throws Exception {
        String role = Fixture.role();
        String database = "trap_" + role;
        server().execute("CREATE DATABASE " + database, "ALTER DATABASE " + database + " SET search_path = trap, pg_catalog");
        try (Connection there = server().admin(database); Statement statement = there.createStatement()) {
            statement.execute("CREATE SCHEMA trap");
            statement.execute("CREATE FUNCTION trap.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true'");
        }
        try (TargetSession session = Fixture.open(Fixture.admin().with("database", database), Fixture.verified())) {
            session.survey(credential(role, OLD));
            session.change(change(role));
        }
        holds(role, NEW, OLD);
        server().execute("DROP DATABASE " + database);
    }

    @Test
    void otherLimitsDoNotEndASessionThatWaits() throws Exception {
        String role = Fixture.role();
        if (Fixture.version() < 14) {
            System.out.println("idle_session_timeout: not before PostgreSQL 14, left out");
            return;
        }
        server().execute("ALTER ROLE " + role + " SET idle_session_timeout = '50ms'");
        try (TargetSession session = Fixture.open(role, OLD)) {
            Fixture.until("idle for longer than the limit", () -> server().query("SELECT count(*) FROM pg_stat_activity WHERE usename = '"
                    + role + "' AND state_change > now() - interval '300 ms'").get(0).equals("0"));
            session.change(change(role));
        }
        holds(role, NEW, OLD);
    }

    /** Such a wait has no limit on the server: the change would come true when a standby does, perhaps a day later. */
    @Test
    void aChangeDoesNotWaitForAStandbyThatIsNotThere() throws Exception {
        String role = Fixture.role();
        server().execute("ALTER ROLE " + role + " SET synchronous_commit = 'on'");
        try {
            synchronousStandbys("nobody");
            try (TargetSession session = Fixture.open(role, OLD)) {
                session.change(change(role));
            }
            holds(role, NEW, OLD);
        } finally {
            synchronousStandbys("");
        }
    }

    private static void synchronousStandbys(String names) {
        server().execute("ALTER SYSTEM SET synchronous_standby_names = '" + names + "'", "SELECT pg_reload_conf()");
        Fixture.until("synchronous_standby_names is " + names,
                () -> server().query("SHOW synchronous_standby_names").get(0).equals(names));
    }

    @Test
    void aRoleThatHasGoneIsMisconfigured() throws Exception {
        String role = Fixture.role();
        try (TargetSession session = Fixture.open(Fixture.admin(), Fixture.verified())) {
            session.survey(credential(role, OLD));
            server().execute("DROP ROLE " + role);
            refused(Kind.MISCONFIGURED, () -> session.change(change(role)));
        }
    }

    @Test
    void aMissingRightIsForbidden() throws Exception {
        String role = Fixture.role();
        String other = Fixture.role();
        try (TargetSession session = Fixture.open(other, OLD)) {
            refused(Kind.FORBIDDEN, () -> session.change(change(role)));
        }
        holds(role, OLD, NEW);
    }

    @Test
    void aStandbyIsReadOnly() throws Exception {
        Credential admin = Fixture.standbyAdmin();
        try (TargetSession session = Fixture.open(admin, TlsSettings.off())) {
            refused(Kind.READ_ONLY, () -> session.survey(admin));
            refused(Kind.READ_ONLY, () -> session.change(Change.of(admin, admin.with(Credential.PASSWORD, NEW))));
        }
        try (TargetSession session = new PostgresqlTarget().open(admin, Fixture.context(TlsSettings.off(), 5_000).beforeSurvey())) {
            refused(Kind.READ_ONLY, () -> session.survey(admin));
        }
    }

    /** The server's own module for that can say no to a verifier only where the password is the name. */
    @Test
    void aValueThatThePasswordCheckRefusesIsRefused() throws Exception {
        String role = Fixture.role();
        server().execute("ALTER ROLE " + role + " SET session_preload_libraries = 'passwordcheck'");
        try (TargetSession session = Fixture.open(role, OLD)) {
            refused(Kind.VALUE_REFUSED, () -> session.change(Change.of(credential(role, OLD), credential(role, role))));
        }
        holds(role, OLD, role);
    }

    @Test
    void aChangeThatIsHeldUpEndsOnTheServerFirst() throws Exception {
        String role = Fixture.role();
        try (Connection other = server().admin(); Statement statement = other.createStatement();
                TargetSession session = brief(role)) {
            other.setAutoCommit(false);
            statement.execute("ALTER ROLE " + role + " CONNECTION LIMIT 50");
            refused(Kind.CONFLICT, () -> session.change(change(role)));
            other.rollback();
        }
        holds(role, OLD, NEW);
    }

    /** 57014: taken back, and the session goes on. */
    @Test
    void aCancelledChangeDidNotHappen() throws Exception {
        assertEquals(Kind.UNREACHABLE, disturbed("pg_cancel_backend", OLD, NEW));
    }

    /** 57P01: the server may end a session after the commit, so this is never taken for a refusal. */
    @Test
    void aChangeWhoseSessionIsEndedMayHaveHappened() throws Exception {
        assertEquals(Kind.UNKNOWN, disturbed("pg_terminate_backend", OLD, NEW));
    }

    private static Kind disturbed(String how, String live, String dead) throws Exception {
        String role = Fixture.role();
        try (Connection other = server().admin(); Statement statement = other.createStatement();
                TargetSession session = Fixture.open(role, OLD)) {
            other.setAutoCommit(false);
            statement.execute("ALTER ROLE " + role + " CONNECTION LIMIT 50");
            CompletableFuture<Kind> answer = CompletableFuture.supplyAsync(() -> kindOf(session, role));
            Fixture.until("the change waits for the other's end", () -> server().query(
                    "SELECT count(*) FROM pg_stat_activity WHERE usename = '" + role + "' AND wait_event_type = 'Lock'").get(0).equals("1"));
            server().query("SELECT " + how + "(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
            Kind kind = answer.join();
            other.rollback();
            holds(role, live, dead);
            return kind;
        }
    }

    private static Kind kindOf(TargetSession session, String role) {
        try {
            session.change(change(role));
        } catch (TargetException e) {
            return e.kind();
        }
        throw new CompletionException(new AssertionError("the change went through"));
    }

    @Test
    void theLoserOfTwoChangesAtTheSameMomentHasAConflict() throws Exception {
        String role = Fixture.role();
        try (Connection other = server().admin(); Statement statement = other.createStatement();
                TargetSession session = Fixture.open(role, OLD)) {
            other.setAutoCommit(false);
            statement.execute("ALTER ROLE " + role + " CONNECTION LIMIT 50");
            CompletableFuture<Kind> answer = CompletableFuture.supplyAsync(() -> kindOf(session, role));
            Fixture.until("the change waits for the other's end", () -> server().query(
                    "SELECT count(*) FROM pg_stat_activity WHERE usename = '" + role + "' AND wait_event_type = 'Lock'").get(0).equals("1"));
            other.commit();
            assertEquals(Kind.CONFLICT, answer.join());
        }
        holds(role, OLD, NEW);
    }

    @Test
    void aChangeWhoseAnswerIsLostMayHaveHappened() throws Exception {
        String role = Fixture.role();
        try (Relay relay = new Relay("127.0.0.1", server().port())) {
            Credential there = credential(role, OLD).with(Credential.PORT, Integer.toString(relay.port()));
            try (TargetSession session = new PostgresqlTarget().open(there, Fixture.context(Fixture.verified(), 200))) {
                relay.mute();
                refused(Kind.UNKNOWN, () -> session.change(change(role)));
            }
        }
        // And here it has.
        Fixture.until("the server has carried it out", () -> server().login(role, NEW) == PostgresqlServer.Login.ACCEPTED);
    }

    private static TargetSession brief(String role) throws TargetException {
        return new PostgresqlTarget().open(credential(role, OLD), Fixture.context(Fixture.verified(), 400));
    }
}
