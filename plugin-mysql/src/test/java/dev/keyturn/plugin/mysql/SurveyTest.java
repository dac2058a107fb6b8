package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.CONFLICT;
import static dev.keyturn.api.TargetException.Kind.READ_ONLY;
import static dev.keyturn.plugin.mysql.Shared.OVERLAP;
import static dev.keyturn.plugin.mysql.Shared.account;
import static dev.keyturn.plugin.mysql.Shared.change;
import static dev.keyturn.plugin.mysql.Shared.changing;
import static dev.keyturn.plugin.mysql.Shared.credential;
import static dev.keyturn.plugin.mysql.Shared.fails;
import static dev.keyturn.plugin.mysql.Shared.name;
import static dev.keyturn.plugin.mysql.Shared.open;
import static dev.keyturn.plugin.mysql.Shared.refused;
import static dev.keyturn.plugin.mysql.Shared.retiring;
import static dev.keyturn.plugin.mysql.Shared.root;
import static dev.keyturn.plugin.mysql.Shared.server;
import static dev.keyturn.plugin.mysql.Shared.works;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is found out before a change; and retiring, which rests on it. */
class SurveyTest {

    private static Survey survey(String user) throws TargetException {
        try (TargetSession session = open(user, "old-1")) {
            return session.survey(credential(user, "old-1"));
        }
    }

    @Test
    void overlapIsPromisedExactlyWhereTheRightIsHeld() throws TargetException {
        String role = name();
        server().execute("CREATE ROLE " + role, "GRANT " + OVERLAP + " TO " + role);
        String active = account(role);
        server().execute("GRANT " + role + " TO " + active, "ALTER USER " + active + " DEFAULT ROLE " + role);
        String idle = account();
        server().execute("GRANT " + role + " TO " + idle);
        String elsewhere = account("ALL ON `APPLICATION_PASSWORD_ADMIN`.*");
        for (String user : new String[] {account(OVERLAP), account("CREATE USER ON *.*"), active, account(), idle, elsewhere}) {
            boolean promised = survey(user).overlap();
            try (TargetSession session = open(user, "old-1")) {
                session.change(changing(user, "old-1", "new-1", true));
                assertTrue(promised, user);
                works(user, "old-1", "new-1");
            } catch (TargetException e) {
                assertEquals(TargetException.Kind.FORBIDDEN, e.kind());
                assertFalse(promised, user);
            }
        }
    }

    @Test
    void aSurveyChangesNothing() throws TargetException {
        String user = account(OVERLAP);
        String state = "SELECT CONCAT_WS('|', authentication_string, User_attributes, password_last_changed, password_expired,"
                + " account_locked) FROM mysql.user WHERE User = '" + user + "'";
        String before = server().value(state);
        survey(user);
        try (TargetSession session = root(Map.of())) {
            session.survey(credential(user, "old-1"));
        }
        assertEquals(before, server().value(state));
    }

    @Test
    void aReadOnlyServerIsTold() throws TargetException {
        String user = account();
        server().execute("SET GLOBAL read_only = ON");
        try (TargetSession session = open(user, "old-1"); TargetSession root = root(Map.of())) {
            refused(READ_ONLY, () -> session.survey(credential(user, "old-1")));
            refused(READ_ONLY, () -> root.survey(credential(user, "old-1")));
            refused(READ_ONLY, () -> session.change(changing(user, "old-1", "new-1", false))); // 1290
        } finally {
            server().execute("SET GLOBAL read_only = OFF");
        }
        works(user, "old-1");
    }

    @Test
    void oneRunKeepsAnotherAway() throws TargetException {
        String user = account();
        String longest = "a'long`name" + "x".repeat(21); // Too long for a lock's name together with its host.
        server().execute("CREATE USER 'a''long`name" + "x".repeat(21) + "'@'127.0.0.0/255.255.255.192' IDENTIFIED BY 'old-1'");
        for (String account : new String[] {user, longest}) {
            try (TargetSession first = open(account, "old-1"); TargetSession second = open(account, "old-1");
                    TargetSession root = root(Map.of())) {
                first.survey(credential(account, "old-1"));
                refused(CONFLICT, () -> second.survey(credential(account, "old-1")));
                refused(CONFLICT, () -> root.survey(credential(account, "old-1")));
            }
            for (int i = 0; i < 5; i++) { // Free again as soon as the other is closed.
                survey(account);
            }
        }
    }

    @Test
    void aServerWithoutSuchLocksIsWarnedOf() throws Exception {
        String user = account();
        try (Relay relay = new Relay("127.0.0.1", server().port(), Integer.MAX_VALUE, "GET_LOCK(", "GET_NONE(")) {
            Credential through = credential(user, "old-1").with(Credential.PORT, Integer.toString(relay.port()));
            try (TargetSession session = new MysqlTarget().open(through, Shared.context(TlsSettings.off()))) {
                assertTrue(session.survey(through).warnings().toString().contains("GET_LOCK"));
            }
        }
    }

    @Test
    void rightsAreComparableBetweenAccounts() throws TargetException {
        String first = account("SELECT ON mysql.*", "INSERT ON test.*");
        String second = account("INSERT ON test.*", "SELECT ON mysql.*");
        String third = account("INSERT ON test.*");
        assertEquals(survey(first).rights(), survey(second).rights());
        assertNotEquals(survey(first).rights(), survey(third).rights());
        assertTrue(survey(first).rights().containsAll(survey(third).rights()));
        assertFalse(survey(first).toString().contains(first));
    }

    @Test
    void theOwnerRetiresWhatIsSecondary() throws TargetException {
        String user = account(OVERLAP);
        change(user, "old-1", "new-1", true);
        try (TargetSession session = open(user, "new-1")) {
            session.survey(credential(user, "new-1"));
            session.change(retiring(user, "new-1", "old-1"));
            session.change(retiring(user, "new-1", "old-1"));
            assertEquals(0, server().refusedLogins(user), "R6: no login is tried to find out");
            session.change(changing(user, "new-1", "new-2", true));
        }
        works(user, "new-1", "new-2");
        fails(user, "old-1");
    }

    @Test
    void retiringNeverEndsThePasswordThatOpenedTheSession() throws TargetException {
        String user = account(OVERLAP);
        change(user, "old-1", "lost", true); // Killed after this: old-1 works as the secondary password only.
        try (TargetSession session = open(user, "old-1")) {
            session.change(retiring(user, "old-1", "old-0"));
            works(user, "old-1");
            session.change(changing(user, "old-1", "new-1", true));
        }
        works(user, "old-1", "new-1");
        fails(user, "lost");
    }

    @Test
    void aPrimaryPasswordThatIsToBeRetiredIsReplacedByTheOneThatOpenedTheSession() throws TargetException {
        String user = account(OVERLAP);
        change(user, "old-1", "new-1", true);
        try (TargetSession session = open(user, "old-1")) {
            session.change(retiring(user, "old-1", "new-1"));
        }
        works(user, "old-1");
        fails(user, "new-1");
    }

    @Test
    void wherePolicyHidesTheAnswerNothingIsDroppedAndTheNextChangeEndsTheOldValue() throws TargetException {
        String user = account(OVERLAP);
        server().execute("ALTER USER " + user + " PASSWORD HISTORY 5", "ALTER USER " + user + " IDENTIFIED BY 'new-0'");
        change(user, "new-0", "new-1", true);
        try (TargetSession session = open(user, "new-1")) {
            session.change(retiring(user, "new-1", "new-0"));
            works(user, "new-0", "new-1");
            session.change(changing(user, "new-1", "new-2", true).retiring(credential(user, "new-0")));
        }
        works(user, "new-1", "new-2");
        fails(user, "new-0");
    }

    @Test
    void theIdentityIsTheAccountOnThisServer() throws TargetException {
        String user = account();
        String expected = user + "@%@" + server().value("SELECT @@server_uuid");
        try (TargetSession session = open(user, "old-1")) {
            assertEquals(expected, session.identity());
        }
        change(user, "old-1", "new-1", false);
        try (TargetSession session = open(user, "new-1")) {
            assertEquals(expected, session.identity());
        }
    }
}
