package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.CONFLICT;
import static dev.keyturn.api.TargetException.Kind.VALUE_REFUSED;
import static dev.keyturn.plugin.mysql.Shared.OVERLAP;
import static dev.keyturn.plugin.mysql.Shared.account;
import static dev.keyturn.plugin.mysql.Shared.change;
import static dev.keyturn.plugin.mysql.Shared.changing;
import static dev.keyturn.plugin.mysql.Shared.credential;
import static dev.keyturn.plugin.mysql.Shared.fails;
import static dev.keyturn.plugin.mysql.Shared.name;
import static dev.keyturn.plugin.mysql.Shared.open;
import static dev.keyturn.plugin.mysql.Shared.refused;
import static dev.keyturn.plugin.mysql.Shared.server;
import static dev.keyturn.plugin.mysql.Shared.works;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import org.junit.jupiter.api.Test;

/** An account changes its own password, alone or so that the old one goes on working. */
class OwnChangeTest {

    @Test
    void aWrongPasswordIsRefused() {
        String user = account();
        fails(user, "wrong");
        works(user, "old-1");
    }

    @Test
    void anAccountWithoutAnyRightChangesItsOwnPassword() throws TargetException {
        String user = account();
        change(user, "old-1", "new-1", false);
        works(user, "new-1");
        fails(user, "old-1");
    }

    @Test
    void aRepeatMissesAndChangesNothing() throws TargetException {
        String user = account();
        try (TargetSession first = open(user, "old-1"); TargetSession second = open(user, "old-1")) {
            first.change(changing(user, "old-1", "new-1", false));
            refused(CONFLICT, () -> second.change(changing(user, "old-1", "new-2", false)));
        }
        works(user, "new-1");
        fails(user, "new-2");
    }

    @Test
    void aChangeThatWasMadeIsOnlyFinished() throws TargetException {
        String user = account(OVERLAP);
        change(user, "old-1", "new-1", true);
        change(user, "new-1", "new-1", false);
        change(user, "new-1", "new-1", true);
        works(user, "old-1", "new-1");
    }

    @Test
    void withOverlapBothPasswordsWork() throws TargetException {
        String user = account(OVERLAP);
        change(user, "old-1", "new-1", true);
        works(user, "old-1", "new-1");
    }

    @Test
    void aRepeatWithOverlapLeavesBothWorking() throws TargetException {
        String user = account(OVERLAP);
        change(user, "old-1", "new-1", true);
        try (TargetSession session = open(user, "old-1")) {
            refused(CONFLICT, () -> session.change(changing(user, "old-1", "new-1", true)));
        }
        works(user, "old-1", "new-1");
    }

    @Test
    void whatAKilledRunMadeAndLostIsReplacedAndTheOldPasswordGoesOnWorking() throws TargetException {
        String user = account(OVERLAP);
        change(user, "old-1", "lost", true);
        change(user, "old-1", "new-1", true); // Only the secondary password is known.
        works(user, "old-1", "new-1");
        fails(user, "lost");
    }

    @Test
    void withoutOverlapASecondPasswordOfAnEarlierRotationStopsWorkingToo() throws TargetException {
        String user = account(OVERLAP);
        change(user, "old-1", "new-1", true);
        change(user, "new-1", "new-2", false);
        works(user, "new-2");
        fails(user, "old-1", "new-1");
    }

    @Test
    void whereDiscardingIsForbiddenTheSurveyWarned() throws TargetException {
        String user = account();
        server().execute("ALTER USER '" + user + "'@'%' IDENTIFIED BY 'new-1' RETAIN CURRENT PASSWORD");
        try (TargetSession session = open(user, "new-1")) {
            assertTrue(session.survey(credential(user, "new-1")).warnings().get(0).contains("APPLICATION_PASSWORD_ADMIN"));
            session.change(changing(user, "new-1", "new-2", false));
        }
        works(user, "new-2", "old-1");
        fails(user, "new-1");
    }

    @Test
    void puttingBackWorksAsAChangeInTheOtherDirection() throws TargetException {
        String user = account(OVERLAP);
        change(user, "old-1", "new-1", true);
        change(user, "new-1", "old-1", false);
        works(user, "old-1");
        fails(user, "new-1");
    }

    @Test
    void theAccountThatMatchedIsTheOneThatChanges() throws TargetException {
        String user = name();
        server().execute("CREATE USER " + user + "@'127.0.0.0/255.0.0.0' IDENTIFIED BY 'old-1'",
                "CREATE USER " + user + "@'10.0.0.1' IDENTIFIED BY 'other'", "CREATE USER " + user + "@'%' IDENTIFIED BY 'any'");
        String others = "SELECT GROUP_CONCAT(authentication_string) FROM mysql.user WHERE User = '" + user + "' AND Host IN ('%', '10.0.0.1')";
        String before = server().value(others);
        change(user, "old-1", "new-1", false);
        works(user, "new-1");
        assertEquals(before, server().value(others));
    }

    @Test
    void aValueThatTheAccountHadBeforeIsRefused() throws TargetException {
        String user = account();
        server().execute("ALTER USER " + user + " PASSWORD HISTORY 5", "ALTER USER " + user + " IDENTIFIED BY 'old-2'");
        try (TargetSession session = open(user, "old-2")) {
            session.change(changing(user, "old-2", "new-1", false));
        }
        try (TargetSession session = open(user, "new-1")) {
            refused(VALUE_REFUSED, () -> session.change(changing(user, "new-1", "old-2", false)));
        }
        works(user, "new-1");
    }

    @Test
    void anAccountThatMustNameItsPasswordDoesSo() throws TargetException {
        String user = account(OVERLAP);
        server().execute("ALTER USER " + user + " PASSWORD REQUIRE CURRENT");
        change(user, "old-1", "new-1", true);
        works(user, "old-1", "new-1");
        try (TargetSession session = open(user, "old-1")) { // The one case that nothing but an administrator can mend.
            refused(CONFLICT, () -> session.change(changing(user, "old-1", "new-2", true)));
        }
        works(user, "old-1", "new-1");
    }

    @Test
    void everyMethodWhosePasswordTheServerKeepsIsKept() throws TargetException {
        for (String method : new String[] {"caching_sha2_password", "sha256_password", "mysql_native_password"}) {
            String user = name();
            server().execute("CREATE USER " + user + " IDENTIFIED WITH " + method + " BY 'old-1'", "GRANT " + OVERLAP + " TO " + user);
            change(user, "old-1", "new-1", true);
            works(user, "old-1", "new-1");
            assertEquals(method, server().value("SELECT plugin FROM mysql.user WHERE User = '" + user + "'"));
        }
    }
}
