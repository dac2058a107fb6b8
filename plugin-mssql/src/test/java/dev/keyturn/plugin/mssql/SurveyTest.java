package dev.keyturn.plugin.mssql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.plugin.mssql.TdsStandIn.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the survey makes of the server's answers, which the stand-in gives as told. */
class SurveyTest {

    private TdsStandIn server;
    private Credential app;
    private Credential admin;

    @BeforeEach
    void start() throws IOException {
        server = TdsStandIn.startWithoutTls();
        server.createLogin("app", "Old-1st_Value");
        app = Plain.credential(server, "app", "Old-1st_Value");
        admin = Plain.credential(server, server.adminUser(), server.adminPassword());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Survey survey(Credential session, Credential account, Map<String, String> options) throws TargetException {
        try (TargetSession open = new MssqlTarget().open(session, Plain.context(5_000, options))) {
            return open.survey(account);
        }
    }

    private Kind refused(Credential session, Credential account) {
        return assertThrows(TargetException.class, () -> survey(session, account, Map.of())).kind();
    }

    @Test
    void aSurveyChangesNothing() throws Exception {
        survey(app, app, Map.of());
        survey(admin, app, Map.of());

        assertTrue(server.statements().stream().noneMatch(text -> text.contains("ALTER LOGIN") || text.contains("ALTER USER")));
        assertEquals(Answer.ACCEPTED, server.attempt("app", "Old-1st_Value"));
    }

    @Test
    void r8NoQuestionHoldsAPassword() throws Exception {
        survey(app, app, Map.of());
        survey(admin, app, Map.of());

        assertFalse(server.statements().toString().contains("Old-1st_Value"));
        assertFalse(server.statements().toString().contains(server.adminPassword()));
    }

    @Test
    void theServersLimitIsSet() throws Exception {
        survey(app, app, Map.of());

        assertTrue(server.statements().get(0).startsWith("SET LOCK_TIMEOUT 5000;"), server.statements().toString());
    }

    @Test
    void availabilityGroupsAreWarnedOfForLoginsOnly() throws Exception {
        server.createContainedUser("shop", "inside", "Old-1st_Value");
        server.answer("hadr", "1");

        assertTrue(survey(app, app, Map.of()).warnings().toString().contains("options.nodes"));
        server.answer("edition", "8");
        assertFalse(survey(app, app, Map.of()).warnings().toString().contains("options.nodes"), "Azure");
        server.answer("edition", "3");
        Credential inside = Plain.credential(server, "inside", "Old-1st_Value").with("database", "shop");
        assertFalse(survey(inside, inside, Map.of()).warnings().toString().contains("options.nodes"), "contained");
    }

    @Test
    void anAdministratorsMissingRightIsTold() throws Exception {
        server.answer("may_alter", "0");
        assertEquals(Kind.FORBIDDEN, refused(admin, app));
        server.answer("may_alter", "1");
        server.answer("is_sysadmin", "1");
        server.answer("may_control", "0");
        assertEquals(Kind.FORBIDDEN, refused(admin, app));
        server.answer("may_control", "1");
        survey(admin, app, Map.of());
    }

    @Test
    void whatTheServerDoesNotTellIsNoObjection() throws Exception {
        for (String column : List.of("may_alter", "may_control", "is_sysadmin", "is_locked", "is_disabled", "bad_passwords",
                "updateability", "hadr", "edition", "login_name")) {
            if (!column.equals("login_name")) {
                server.answer(column);
            }
        }
        survey(admin, app, Map.of());
        survey(app, app, Map.of());
    }

    @Test
    void aServerThatDoesNotSayWhoIsLoggedInProvesNothing() {
        server.answer("login_name");
        assertEquals(Kind.NOT_PROVABLE, refused(app, app));
    }

    @Test
    void aDisabledLoginIsTold() {
        server.disable("app");

        assertEquals(Kind.LOCKED, refused(admin, app));
        assertEquals(Kind.LOCKED, refused(app, app));
    }

    @Test
    void aLockedLoginIsUnlockedOnlyWhenTheOptionSaysSo() throws Exception {
        server.lockAfter(2);
        Credential to = app.with("password", "New-2nd_Value");
        assertEquals(Kind.REJECTED, refused(to, to));
        assertEquals(Kind.REJECTED, refused(to, to));
        assertEquals(Kind.LOCKED, refused(app, app));
        assertEquals(Kind.LOCKED, refused(admin, app));

        try (TargetSession session = new MssqlTarget().open(admin, Plain.context(5_000))) {
            session.change(Change.reset(to));
        }
        assertEquals(Kind.LOCKED, refused(to, to));
        try (TargetSession session = new MssqlTarget().open(admin, Plain.context(5_000, Map.of("unlock", "true")))) {
            assertTrue(session.survey(app).warnings().toString().contains("wrong passwords"));
            session.change(Change.reset(to));
        }
        assertEquals(Answer.ACCEPTED, server.attempt("app", "New-2nd_Value"));
    }

    @Test
    void rightsThatCannotBeReadAndALockThatCannotBeHadAreWarnedOf() throws Exception {
        server.answer("granted");
        server.answer("outcome", "-999");
        Survey survey = survey(app, app, Map.of());
        assertTrue(survey.rights().isEmpty());
        assertTrue(survey.warnings().toString().contains("-999"), survey.toString());

        server.refuseStatements("EXEC", 229);
        assertTrue(survey(app, app, Map.of()).warnings().toString().contains("SQL Server 229"));
    }

    @Test
    void oneQuestionAfterTheLoginAndOneForTheSurvey() throws Exception {
        survey(app, app, Map.of());
        assertEquals(2, server.statements().size(), server.statements().toString());

        survey(admin, app, Map.of());
        assertEquals(2 + 3, server.statements().size(), "an administrator asks which account it is, too");
    }

    @Test
    void whatOneQuestionIsRefusedForDoesNotCountForTheOthers() throws Exception {
        server.answer("hadr", "1");
        server.refuseStatements("granted", 208);
        String warnings = survey(app, app, Map.of()).warnings().toString();
        assertTrue(warnings.contains("rights (SQL Server 208)") && warnings.contains("options.nodes"), warnings);
        assertFalse(warnings.contains("no lock"), warnings);

        server.refuseStatements("granted", 0);
        server.refuseStatements("EXEC", 229);
        Survey survey = survey(app, app, Map.of());
        assertFalse(survey.rights().isEmpty());
        assertTrue(survey.warnings().toString().contains("no lock for the account (SQL Server 229)"), survey.toString());
        assertTrue(survey.warnings().toString().contains("options.nodes"), survey.toString());

        server.refuseStatements("updateability", 300);
        assertEquals(Kind.FORBIDDEN, refused(app, app));
        server.refuseStatements("updateability", 0);
        server.refuseStatements("may_alter", 1222);
        assertEquals(Kind.CONFLICT, refused(admin, app));
    }

    @Test
    void theLockIsHeldAlsoWhereTheQuestionsWereAskedOneByOne() throws Exception {
        server.refuseStatements("granted", 208);
        try (TargetSession one = new MssqlTarget().open(app, Plain.context(5_000));
                TargetSession two = new MssqlTarget().open(app, Plain.context(5_000))) {
            one.survey(app);
            assertEquals(Kind.CONFLICT, assertThrows(TargetException.class, () -> two.survey(app)).kind());
        }
    }

    @Test
    void aContainedUserChangesItselfInItsDatabase() throws Exception {
        server.createContainedUser("shop", "inside", "Old-1st_Value");
        Credential from = Plain.credential(server, "inside", "Old-1st_Value").with("database", "shop");
        Credential to = from.with("password", "New-2nd_Value");

        try (TargetSession session = new MssqlTarget().open(from, Plain.context(5_000))) {
            assertEquals("inside@STAND-IN/shop", session.identity());
            session.survey(from);
            session.change(Change.of(from, to));
        }

        assertEquals(Answer.ACCEPTED, server.attempt("inside", "New-2nd_Value", "shop"));
        assertTrue(server.statements().stream().anyMatch(text -> text.startsWith("ALTER USER [inside]")));
    }

    @Test
    void anAdministratorChangesAContainedUserOfItsOwnDatabaseOnly() throws Exception {
        server.createContainedUser("shop", "app", "Inside-1st_Value");
        Credential inside = app.with("password", "New-2nd_Value");

        try (TargetSession session = new MssqlTarget().open(admin.with("database", "shop"), Plain.context(5_000))) {
            session.change(Change.reset(inside.with("database", "SHOP")));
        }
        assertEquals(Answer.ACCEPTED, server.attempt("app", "New-2nd_Value", "shop"));
        assertEquals(Answer.ACCEPTED, server.attempt("app", "Old-1st_Value"), "the login of the same name is another account");

        try (TargetSession session = new MssqlTarget().open(admin.with("database", "shop"), Plain.context(5_000))) {
            session.change(Change.reset(inside.with("database", "other").with("password", "Third-3rd_Value")));
        }
        assertEquals(Answer.ACCEPTED, server.attempt("app", "Third-3rd_Value"));
        assertEquals(Answer.ACCEPTED, server.attempt("app", "New-2nd_Value", "shop"));
    }

    @Test
    void theLockIsTheAccountsWhicheverDatabaseTheSessionIsIn() throws Exception {
        try (TargetSession one = new MssqlTarget().open(app.with("database", "shop"), Plain.context(5_000));
                TargetSession two = new MssqlTarget().open(app.with("database", "stock"), Plain.context(5_000))) {
            one.survey(app);
            assertEquals(Kind.CONFLICT, assertThrows(TargetException.class, () -> two.survey(app)).kind());
        }
    }
}
