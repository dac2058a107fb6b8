package dev.keyturn.plugin.postgresql;

import static dev.keyturn.plugin.postgresql.Fixture.OLD;
import static dev.keyturn.plugin.postgresql.Fixture.credential;
import static dev.keyturn.plugin.postgresql.Fixture.refused;
import static dev.keyturn.plugin.postgresql.Fixture.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is found out before anything is stored. */
class SurveyTest {

    private static Survey survey(String session, String about) throws TargetException {
        try (TargetSession open = Fixture.open(session, OLD)) {
            return open.survey(credential(about, OLD));
        }
    }

    /** As the engine does it where nobody else makes the change: the question goes with the login. */
    private static Survey ownSurvey(Credential account) throws TargetException {
        try (TargetSession open = new PostgresqlTarget().open(account, Fixture.context(Fixture.verified(), 5_000).beforeSurvey())) {
            return open.survey(account);
        }
    }

    private static Survey adminSurvey(String about) throws TargetException {
        try (TargetSession open = Fixture.open(Fixture.admin(), Fixture.verified())) {
            return open.survey(credential(about, OLD));
        }
    }

    @Test
    void aRoleMayChangeItselfAndHasOnePassword() throws Exception {
        String role = Fixture.role();
        Survey survey = survey(role, role);
        assertFalse(survey.overlap());
        assertTrue(survey.warnings().isEmpty());
        assertEquals(Set.of("inherit"), survey.rights());
    }

    @Test
    void aRoleWithoutTheRightMayNotChangeAnother() {
        String role = Fixture.role();
        String other = Fixture.role();
        refused(Kind.FORBIDDEN, () -> survey(other, role));
    }

    @Test
    void whatAnAdministratorNeedsDependsOnTheVersion() throws Exception {
        String role = Fixture.role();
        String helper = Fixture.role();
        server().execute("ALTER ROLE " + helper + " CREATEROLE");
        if (Fixture.version() >= 16) {
            refused(Kind.FORBIDDEN, () -> survey(helper, role));
            server().execute("GRANT " + role + " TO " + helper + " WITH ADMIN OPTION");
        }
        try (TargetSession session = Fixture.open(helper, OLD)) {
            session.survey(credential(role, OLD));
            session.change(Fixture.change(role));
        }
        assertEquals(PostgresqlServer.Login.ACCEPTED, server().login(role, Fixture.NEW));
        refused(Kind.FORBIDDEN, () -> survey(helper, server().adminUser()));
    }

    /** The survey says what the server would say. */
    @Test
    void aRoleWithReplicationMayChangeItselfFromPostgresql16On() throws Exception {
        String role = Fixture.role();
        server().execute("ALTER ROLE " + role + " REPLICATION");
        try (TargetSession session = Fixture.open(role, OLD)) {
            if (Fixture.version() >= 16) {
                session.survey(credential(role, OLD));
                session.change(Fixture.change(role));
            } else {
                refused(Kind.FORBIDDEN, () -> session.survey(credential(role, OLD)));
                refused(Kind.FORBIDDEN, () -> session.change(Fixture.change(role)));
            }
        }
    }

    @Test
    void aNameInAnotherCaseIsAnotherName() {
        String role = Fixture.role();
        var e = refused(Kind.MISCONFIGURED, () -> adminSurvey(role.toUpperCase()));
        assertTrue(e.fix().orElse("").contains("case"));
    }

    @Test
    void aRoleThatCannotLogInIsLocked() {
        String role = Fixture.role();
        server().execute("ALTER ROLE " + role + " VALID UNTIL '2001-01-01'");
        refused(Kind.LOCKED, () -> adminSurvey(role));
        server().execute("ALTER ROLE " + role + " VALID UNTIL 'infinity' NOLOGIN");
        refused(Kind.LOCKED, () -> adminSurvey(role));
    }

    @Test
    void aPasswordThatEndsSoonIsAWarning() throws Exception {
        String role = Fixture.role();
        String soon = server().query("SELECT (now() + interval '2 days')::text").get(0);
        server().execute("ALTER ROLE " + role + " VALID UNTIL '" + soon + "'");
        assertEquals(1, survey(role, role).warnings().size());
        server().execute("ALTER ROLE " + role + " VALID UNTIL 'infinity'");
        assertEquals(0, survey(role, role).warnings().size());
    }

    @Test
    void aRoleWithoutAConnectionToSpareCouldNotBeTested() throws Exception {
        String role = Fixture.role();
        server().execute("ALTER ROLE " + role + " CONNECTION LIMIT 1");
        refused(Kind.UNREACHABLE, () -> survey(role, role));
        server().execute("ALTER ROLE " + role + " CONNECTION LIMIT 2");
        survey(role, role);
    }

    @Test
    void oneRunAtATimeChangesARole() throws Exception {
        String role = Fixture.role();
        String other = Fixture.role();
        try (TargetSession first = Fixture.open(role, OLD)) {
            first.survey(credential(role, OLD));
            refused(Kind.CONFLICT, () -> adminSurvey(role));
            refused(Kind.CONFLICT, () -> survey(role, role));
            adminSurvey(other);
        }
        adminSurvey(role);
    }

    /** A limit of the server's: the README says so. */
    @Test
    void theLockIsNotSeenInAnotherDatabase() throws Exception {
        String role = Fixture.role();
        try (TargetSession first = Fixture.open(role, OLD);
                TargetSession second = Fixture.open(credential(role, OLD).with("database", "template1"), Fixture.verified())) {
            first.survey(credential(role, OLD));
            second.survey(credential(role, OLD));
        }
    }

    @Test
    void equalRolesHaveEqualRightsAndALesserOneHasLess() throws Exception {
        String blue = Fixture.role();
        String green = Fixture.role();
        String lesser = Fixture.role();
        String group = "readers_" + blue.hashCode() % 100_000;
        String table = "shared_" + group;
        server().execute("CREATE ROLE \"" + group + "\"", "CREATE TABLE \"" + table + "\" (x int)");
        for (String role : new String[] {blue, green}) {
            server().execute("GRANT \"" + group + "\" TO " + role, "ALTER ROLE " + role + " CREATEDB",
                    "GRANT SELECT ON \"" + table + "\" TO " + role, "ALTER ROLE " + role + " SET work_mem = '8MB'");
        }
        Set<String> rights = survey(blue, blue).rights();
        assertEquals(rights, survey(green, green).rights());
        assertEquals(rights, adminSurvey(blue).rights(), "whoever asks");
        assertEquals(5, rights.size(), rights.toString());
        assertTrue(rights.stream().anyMatch(right -> right.contains("member of " + group)), "a person reads them: " + rights);
        assertTrue(rights.stream().anyMatch(right -> right.contains("grants on public." + table)), "a person reads them: " + rights);
        assertTrue(rights.containsAll(survey(lesser, lesser).rights()));
        assertFalse(survey(lesser, lesser).rights().containsAll(rights));
        assertTrue(rights.stream().noneMatch(right -> right.contains(blue)), rights.toString());
        server().execute("ALTER ROLE " + green + " RESET work_mem");
        assertFalse(survey(green, green).rights().containsAll(rights));
    }

    @Test
    void askedWithTheLogin_theAnswerIsTheSame() throws Exception {
        String role = Fixture.role();
        server().execute("ALTER ROLE " + role + " CREATEDB");
        assertEquals(survey(role, role).rights(), ownSurvey(credential(role, OLD)).rights());
        String soon = server().query("SELECT (now() + interval '2 days')::text").get(0);
        server().execute("ALTER ROLE " + role + " VALID UNTIL '" + soon + "'");
        assertEquals(survey(role, role).warnings(), ownSurvey(credential(role, OLD)).warnings());
        try (TargetSession first = Fixture.open(role, OLD)) {
            first.survey(credential(role, OLD));
            refused(Kind.CONFLICT, () -> ownSurvey(credential(role, OLD)));
        }
        ownSurvey(credential(role, OLD));
        server().execute("ALTER ROLE " + role + " CONNECTION LIMIT 1");
        refused(Kind.UNREACHABLE, () -> ownSurvey(credential(role, OLD)));
    }

    /** Somebody may have changed the role in between, and the session may be asked about another. */
    @Test
    void anAnswerThatCameWithTheLoginServesOnce_andForThatRoleOnly() throws Exception {
        Credential account = credential(Fixture.role(), OLD);
        String locked = Fixture.role();
        server().execute("ALTER ROLE " + account.user() + " SUPERUSER", "ALTER ROLE " + locked + " NOLOGIN");
        TargetContext next = Fixture.context(Fixture.verified(), 5_000).beforeSurvey();
        try (TargetSession open = new PostgresqlTarget().open(account, next); TargetSession again = new PostgresqlTarget().open(account, next)) {
            refused(Kind.LOCKED, () -> open.survey(credential(locked, OLD)));
            open.survey(account);
            refused(Kind.CONFLICT, () -> again.survey(account));
            server().execute("ALTER ROLE " + account.user() + " NOLOGIN");
            refused(Kind.LOCKED, () -> open.survey(account));
            refused(Kind.LOCKED, () -> again.survey(account));
        }
    }

    /** Not a refused login: the password was taken. */
    @Test
    void aQuestionThatIsForbiddenIsNamedAsOne() throws Exception {
        Credential there = credential(Fixture.role(), OLD).with("database", "hardened");
        server().execute("CREATE DATABASE hardened");
        try (Connection admin = server().admin("hardened"); Statement statement = admin.createStatement()) {
            statement.execute("REVOKE EXECUTE ON FUNCTION pg_try_advisory_lock(bigint) FROM PUBLIC");
        }
        try (TargetSession open = Fixture.open(there, Fixture.verified())) {
            assertEquals(refused(Kind.FORBIDDEN, () -> open.survey(there)).getMessage(), refused(Kind.FORBIDDEN, () -> ownSurvey(there)).getMessage());
        }
    }
}
