package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.CONFLICT;
import static dev.keyturn.api.TargetException.Kind.FORBIDDEN;
import static dev.keyturn.api.TargetException.Kind.LOCKED;
import static dev.keyturn.api.TargetException.Kind.MISCONFIGURED;
import static dev.keyturn.api.TargetException.Kind.NOT_PROVABLE;
import static dev.keyturn.plugin.mysql.Shared.account;
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
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An administrator changes another account. */
class AdminChangeTest {

    private static void change(String user, String from, String to, boolean keep) throws TargetException {
        try (TargetSession session = root(Map.of())) {
            assertTrue(session.survey(credential(user, from)).overlap());
            session.change(changing(user, from, to, keep));
        }
    }

    @Test
    void theAccountIsFoundAndChanged() throws TargetException {
        String user = name();
        server().execute("CREATE USER '" + user + "'@'127.%' IDENTIFIED BY 'old-1'");
        change(user, "old-1", "new-1", false);
        works(user, "new-1");
        fails(user, "old-1");
    }

    @Test
    void anAccountThatNobodyCanLogInToIsReset() throws TargetException {
        String user = account();
        try (TargetSession session = root(Map.of())) {
            session.change(Change.reset(credential(user, "new-1")));
        }
        works(user, "new-1");
        fails(user, "old-1");
    }

    @Test
    void withOverlapBothPasswordsWorkAndARepeatLeavesThemSo() throws TargetException {
        for (String method : new String[] {"caching_sha2_password", "sha256_password", "mysql_native_password"}) {
            String user = name();
            server().execute("CREATE USER " + user + " IDENTIFIED WITH " + method + " BY 'old-1'");
            change(user, "old-1", "new-1", true);
            works(user, "old-1", "new-1");
            refused(CONFLICT, () -> change(user, "old-1", "new-1", true));
            works(user, "old-1", "new-1");
            change(user, "new-1", "new-2", true);
            works(user, "new-1", "new-2");
            fails(user, "old-1");
        }
    }

    @Test
    void whatAKilledRunMadeAndLostIsReplacedAndTheOldPasswordGoesOnWorking() throws TargetException {
        String user = account();
        change(user, "old-1", "lost", true);
        change(user, "old-1", "new-1", true);
        works(user, "old-1", "new-1");
        fails(user, "lost");
    }

    @Test
    void aValueThatIsNoneOfTheAccountsIsNotKept() throws TargetException {
        String user = account();
        refused(CONFLICT, () -> change(user, "other", "new-1", true));
        works(user, "old-1");
        fails(user, "new-1");
    }

    @Test
    void withoutOverlapASecondPasswordStopsWorkingToo() throws TargetException {
        String user = account();
        change(user, "old-1", "new-1", true);
        change(user, "new-1", "new-2", false);
        works(user, "new-2");
        fails(user, "old-1", "new-1");
    }

    @Test
    void onlyTheGivenValueIsRetired() throws TargetException {
        String user = account();
        change(user, "old-1", "new-1", true);
        try (TargetSession session = root(Map.of())) {
            session.change(retiring(user, "new-1", "other"));
            works(user, "old-1", "new-1");
            refused(CONFLICT, () -> session.change(retiring(user, "old-1", "new-1")));
            works(user, "old-1", "new-1");
            session.change(retiring(user, "new-1", "old-1"));
            session.change(retiring(user, "new-1", "old-1"));
        }
        works(user, "new-1");
        fails(user, "old-1");
    }

    @Test
    void ofSeveralAccountsOfOneNameNoneIsGuessed() throws TargetException {
        String user = account();
        server().execute("CREATE USER '" + user + "'@'10.0.0.1' IDENTIFIED BY 'other'");
        try (TargetSession session = root(Map.of())) {
            TargetException refusal = refused(MISCONFIGURED, () -> session.survey(credential(user, "old-1")));
            assertTrue(refusal.getMessage().contains("2 accounts") && refusal.getMessage().contains("10.0.0.1"), refusal.getMessage());
            assertTrue(refusal.fix().orElseThrow().contains("accountHost"));
            refused(MISCONFIGURED, () -> session.change(changing(user, "old-1", "new-1", false)));
        }
        works(user, "old-1");
        try (TargetSession session = root(Map.of("accountHost", "%"))) {
            session.survey(credential(user, "old-1"));
            session.change(changing(user, "old-1", "new-1", false));
        }
        works(user, "new-1");
    }

    @Test
    void aMissingAccountIsTold() throws TargetException {
        try (TargetSession session = root(Map.of())) {
            refused(MISCONFIGURED, () -> session.survey(credential(name(), "old-1")));
        }
        try (TargetSession session = root(Map.of("accountHost", "10.0.0.1"))) {
            String user = account();
            refused(MISCONFIGURED, () -> session.survey(credential(user, "old-1")));
            refused(MISCONFIGURED, () -> session.change(changing(user, "old-1", "new-1", false))); // 1396
        }
    }

    @Test
    void missingRightsAreTold() throws TargetException {
        String user = account();
        String helper = account("SELECT ON mysql.*");
        try (TargetSession session = open(helper, "old-1")) {
            refused(FORBIDDEN, () -> session.survey(credential(user, "old-1")));
            refused(FORBIDDEN, () -> session.change(changing(user, "old-1", "new-1", false))); // 1227
        }
        works(user, "old-1");
    }

    @Test
    void anAdministratorWhoMayNotReadTheAccountsNeedsTheHostAndOffersNoOverlap() throws TargetException {
        String user = account();
        String helper = account("CREATE USER ON *.*");
        try (TargetSession session = open(helper, "old-1")) {
            TargetException refusal = refused(FORBIDDEN, () -> session.survey(credential(user, "old-1")));
            assertTrue(refusal.fix().orElseThrow().contains("accountHost"));
        }
        try (TargetSession session = new MysqlTarget().open(credential(helper, "old-1"), Shared.context(Map.of("accountHost", "%")))) {
            Survey survey = session.survey(credential(user, "old-1"));
            assertFalse(survey.overlap());
            assertEquals(1, survey.warnings().size());
            refused(FORBIDDEN, () -> session.change(changing(user, "old-1", "new-1", true)));
            works(user, "old-1");
            session.change(changing(user, "old-1", "new-1", false));
        }
        works(user, "new-1");
        fails(user, "old-1");
    }

    @Test
    void theRightsThatAreDocumentedAreEnough() throws TargetException {
        String user = account();
        String helper = account("CREATE USER ON *.*", "SELECT ON mysql.user");
        try (TargetSession session = open(helper, "old-1")) {
            assertTrue(session.survey(credential(user, "old-1")).overlap());
            session.change(changing(user, "old-1", "new-1", true));
            works(user, "old-1", "new-1");
            session.change(retiring(user, "new-1", "old-1"));
        }
        works(user, "new-1");
        fails(user, "old-1");
    }

    @Test
    void anAccountThatOutranksTheAdministratorIsNotChanged() throws TargetException {
        String user = account("SYSTEM_USER ON *.*");
        String helper = account("CREATE USER ON *.*", "SELECT ON mysql.user");
        try (TargetSession session = open(helper, "old-1")) {
            refused(FORBIDDEN, () -> session.change(changing(user, "old-1", "new-1", false)));
        }
        works(user, "old-1");
    }

    @Test
    void anAccountWhosePasswordIsKeptElsewhereIsNotChanged() throws TargetException {
        String user = name();
        server().execute("CREATE USER " + user + " IDENTIFIED WITH mysql_native_password BY 'old-1'",
                "UPDATE mysql.user SET plugin = 'authentication_ldap_simple' WHERE User = '" + user + "'");
        try (TargetSession session = root(Map.of())) {
            refused(NOT_PROVABLE, () -> session.survey(credential(user, "old-1")));
        }
        server().execute("DELETE FROM mysql.user WHERE User = '" + user + "'", "FLUSH PRIVILEGES");
    }

    @Test
    void anAdministratorWhosePasswordHasExpiredIsTold() throws TargetException {
        String helper = account("CREATE USER ON *.*");
        server().execute("ALTER USER " + helper + " PASSWORD EXPIRE");
        String user = account();
        try (TargetSession session = open(helper, "old-1")) {
            refused(LOCKED, () -> session.survey(credential(user, "old-1")));
        }
    }
}
