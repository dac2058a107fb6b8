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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the stand-in and has to hold for a real SQL Server: the same tests for both. */
@ParameterizedClass
@MethodSource("dev.keyturn.plugin.mssql.TestServer#all")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RotationTest {

    private static final String OLD = "Old-1st_Value";
    private static final String NEW = "New-2nd_Value";

    @Parameter
    TestServer server;

    @Test
    @Order(1)
    void aWrongPasswordIsRefused() throws Exception {
        Credential account = server.newLogin(OLD);

        TargetException e = assertThrows(TargetException.class, () -> server.open(account.with("password", NEW)));

        assertEquals(Kind.REJECTED, e.kind());
        assertTrue(e.getMessage().contains("18456"), e.getMessage());
        assertEquals(Answer.REFUSED, server.attempt(account.with("password", NEW)));
        assertEquals(Answer.ACCEPTED, server.attempt(account));
    }

    @Test
    void anAccountChangesItsOwnPassword() throws Exception {
        Credential from = server.newLogin(OLD);
        Credential to = from.with("password", NEW);

        try (TargetSession session = server.open(from)) {
            session.survey(to);
            session.change(Change.of(from, to));
        }

        assertEquals(Answer.ACCEPTED, server.attempt(to));
        assertEquals(Answer.REFUSED, server.attempt(from));
    }

    @Test
    void anAdministratorChangesAnother() throws Exception {
        Credential from = server.newLogin(OLD);
        Credential to = from.with("password", NEW);

        try (TargetSession session = server.open(server.admin())) {
            session.survey(to);
            session.change(Change.of(from, to));
        }

        assertEquals(Answer.ACCEPTED, server.attempt(to));
        assertEquals(Answer.REFUSED, server.attempt(from));
    }

    @Test
    void anAdministratorResetsWithoutAnOldValue() throws Exception {
        Credential to = server.newLogin(OLD).with("password", NEW);

        try (TargetSession session = server.open(server.admin())) {
            session.change(Change.reset(to));
        }

        assertEquals(Answer.ACCEPTED, server.attempt(to));
    }

    @Test
    void aRepeatedChangeMissesAndHasNoEffect() throws Exception {
        Credential from = server.newLogin(OLD);
        Credential to = from.with("password", NEW);
        try (TargetSession late = server.open(from)) {
            try (TargetSession session = server.open(from)) {
                session.change(Change.of(from, to));
            }

            TargetException e = assertThrows(TargetException.class,
                    () -> late.change(Change.of(from, from.with("password", "Other-3rd_Value"))));

            assertEquals(Kind.CONFLICT, e.kind(), e.getMessage());
        }
        assertEquals(Answer.ACCEPTED, server.attempt(to));
    }

    @Test
    void aChangeThatIsLiveAlreadyOnlyFinishes() throws Exception {
        Credential account = server.newLogin(OLD);

        try (TargetSession session = server.open(account)) {
            session.change(Change.of(account, account));
        }

        assertEquals(Answer.ACCEPTED, server.attempt(account));
    }

    @Test
    void theIdentityIsTheAccountsAndTheServersAndStaysWhenTheValueChanges() throws Exception {
        Credential from = server.newLogin(OLD);
        Credential to = from.with("password", NEW);
        String before;
        try (TargetSession session = server.open(from)) {
            before = session.identity();
            session.change(Change.of(from, to));
        }

        try (TargetSession session = server.open(to)) {
            assertEquals(before, session.identity());
        }
        assertTrue(before.startsWith(from.user() + "@"), before);
        assertTrue(before.length() > from.user().length() + 1, before);
    }

    @Test
    void twoRunsForOneAccountAreNotPossible() throws Exception {
        Credential account = server.newLogin(OLD);
        try (TargetSession admin = server.open(server.admin())) {
            try (TargetSession first = server.open(account)) {
                first.survey(account);

                TargetException e = assertThrows(TargetException.class, () -> admin.survey(account));

                assertEquals(Kind.CONFLICT, e.kind());
            }
        }
        try (TargetSession next = server.open(account)) {
            next.survey(account); // the lock went with the session that held it
        }
    }

    @Test
    void twoPasswordsCannotLiveAtOnceAndItSaysSo() throws Exception {
        Credential from = server.newLogin(OLD);
        try (TargetSession session = server.open(from)) {
            Survey survey = session.survey(from);
            assertFalse(survey.overlap());

            TargetException e = assertThrows(TargetException.class,
                    () -> session.change(Change.of(from, from.with("password", NEW)).keepingFrom()));

            assertEquals(Kind.MISCONFIGURED, e.kind());
        }
        assertEquals(Answer.ACCEPTED, server.attempt(from));
    }

    @Test
    void theRightsOfTwoEqualLoginsAreEqualAndDoNotNameThem() throws Exception {
        Credential one = server.newLogin(OLD);
        Credential two = server.newLogin(OLD);
        try (TargetSession first = server.open(one); TargetSession second = server.open(two)) {
            Survey survey = first.survey(one);

            assertEquals(survey.rights(), second.survey(two).rights());
            assertFalse(survey.rights().isEmpty());
            assertFalse(survey.rights().toString().contains(one.user()));
        }
    }

    @Test
    void anOrdinaryLoginMayNotChangeAnother() throws Exception {
        Credential victim = server.newLogin(OLD);
        Credential other = server.newLogin(OLD);
        try (TargetSession session = server.open(other)) {
            assertEquals(Kind.FORBIDDEN, assertThrows(TargetException.class, () -> session.survey(victim)).kind());
            assertEquals(Kind.FORBIDDEN, assertThrows(TargetException.class,
                    () -> session.change(Change.of(victim, victim.with("password", NEW)))).kind());
        }
        assertEquals(Answer.ACCEPTED, server.attempt(victim));
    }

    @Test
    void sessionsAreBackToNoneAfterClose() throws Exception {
        Credential account = server.newLogin(OLD);
        try (TargetSession session = server.open(account)) {
            session.survey(account);
            assertEquals(1, server.sessions(account));
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (server.sessions(account) > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertEquals(0, server.sessions(account));
    }

    @Test
    void aValueTooLongForTheServerIsRefusedBeforeItIsSent() throws Exception {
        Credential from = server.newLogin(OLD);
        Credential to = from.with("password", "x".repeat(129));
        try (TargetSession session = server.open(from)) {
            assertEquals(Kind.VALUE_REFUSED,
                    assertThrows(TargetException.class, () -> session.change(Change.of(from, to))).kind());
        }
        assertEquals(Kind.VALUE_REFUSED, assertThrows(TargetException.class, () -> server.open(to)).kind());
        assertEquals(Answer.ACCEPTED, server.attempt(from));
    }

    @Test
    void optionsAreCheckedBeforeTheServerIsAsked() throws Exception {
        Credential account = server.newLogin(OLD);

        assertEquals(Kind.MISCONFIGURED, assertThrows(TargetException.class,
                () -> new MssqlTarget().open(account, server.context(Map.of("unlock", "yes")))).kind());
    }
}
