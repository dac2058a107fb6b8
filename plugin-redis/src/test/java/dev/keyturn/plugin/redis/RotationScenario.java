package dev.keyturn.plugin.redis;

import static dev.keyturn.plugin.redis.Rig.admin;
import static dev.keyturn.plugin.redis.Rig.credential;
import static dev.keyturn.plugin.redis.Rig.fresh;
import static dev.keyturn.plugin.redis.Rig.open;
import static dev.keyturn.plugin.redis.Rig.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.plugin.redis.RedisServer.Login;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What has to hold on every server that has users, whatever its version and wherever it keeps them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class RotationScenario {

    private static final String OLD = "the old value";
    private static final String NEW = "the new value";

    abstract RedisServer server();

    private String user(String... rules) {
        String name = fresh("user");
        server().createUser(name, OLD, rules);
        return name;
    }

    private void change(Credential session, Change change) throws TargetException {
        try (TargetSession opened = open(session)) {
            opened.change(change);
        }
    }

    private void assertLogins(String user, Login old, Login now) {
        assertEquals(old, server().login(user, OLD), "the old value");
        assertEquals(now, server().login(user, NEW), "the new value");
    }

    @SuppressWarnings("unchecked")
    private List<String> hashes(String user) {
        List<Object> reply = (List<Object>) server().admin("ACL", "GETUSER", user);
        return (List<String>) reply.get(reply.indexOf("passwords") + 1);
    }

    @Test
    @Order(1)
    void aWrongPasswordIsRefused() {
        String user = user();
        assertEquals(Login.REFUSED, server().login(user, NEW));
        refused(Kind.REJECTED, () -> open(credential(server(), user, NEW)));
        refused(Kind.REJECTED, () -> open(credential(server(), "default", NEW)));
        refused(Kind.REJECTED, () -> open(credential(server(), fresh("nobody"), OLD)));
    }

    @Test
    void aUserChangesItsOwnPassword() throws TargetException {
        String user = user();
        Credential from = credential(server(), user, OLD);
        change(from, Change.of(from, from.with("password", NEW)));
        assertLogins(user, Login.REFUSED, Login.ACCEPTED);
        open(from.with("password", NEW)).close();
    }

    @Test
    void anAdministratorChangesAnother() throws TargetException {
        String user = user("+get");
        Credential from = credential(server(), user, OLD);
        change(admin(server()), Change.of(from, from.with("password", NEW)));
        assertLogins(user, Login.REFUSED, Login.ACCEPTED);
    }

    @Test
    void anAdministratorAddsAValueWhereNoneIsKnown() throws TargetException {
        String user = user("+get");
        change(admin(server()), Change.reset(credential(server(), user, NEW)));
        assertLogins(user, Login.ACCEPTED, Login.ACCEPTED);
    }

    @Test
    void R10_theOldValueWorksBesideTheNewOneUntilItIsRetired() throws TargetException {
        String user = user();
        Credential from = credential(server(), user, OLD);
        Credential to = from.with("password", NEW);
        change(from, Change.of(from, to).keepingFrom());
        assertLogins(user, Login.ACCEPTED, Login.ACCEPTED);
        for (int time = 1; time <= 2; time++) {
            try (TargetSession session = open(to)) {
                assertTrue(session.survey(to).overlap());
                session.change(Change.of(to, to).retiring(from));
            }
            assertLogins(user, Login.REFUSED, Login.ACCEPTED);
        }
    }

    @Test
    void retiringTakesNoStrangersValue() throws TargetException {
        String user = user();
        Credential own = credential(server(), user, OLD);
        server().admin("ACL", "SETUSER", user, "#" + RedisServer.hash(NEW));
        change(own, Change.of(own, own).retiring(own.with("password", "never set")));
        assertLogins(user, Login.ACCEPTED, Login.ACCEPTED);
    }

    @Test
    void R3_aRepeatHasNoEffect() throws TargetException {
        String user = user();
        Credential from = credential(server(), user, OLD);
        Change change = Change.of(from, from.with("password", NEW));
        change(admin(server()), change);
        refused(Kind.CONFLICT, () -> change(admin(server()), change));
        refused(Kind.CONFLICT, () -> change(admin(server()), change.keepingFrom()));
        assertLogins(user, Login.REFUSED, Login.ACCEPTED);
        assertEquals(List.of(RedisServer.hash(NEW)), hashes(user));
    }

    @Test
    void R3_aRepeatWithOverlapLeavesBothWorking() throws TargetException {
        String user = user();
        Credential from = credential(server(), user, OLD);
        Change change = Change.of(from, from.with("password", NEW)).keepingFrom();
        change(from, change);
        change(from, change);
        assertLogins(user, Login.ACCEPTED, Login.ACCEPTED);
        assertEquals(2, hashes(user).size());
    }

    @Test
    void aValueThatSomebodyElseSetMeanwhileIsNotReplaced() throws TargetException {
        String user = user();
        Credential from = credential(server(), user, OLD);
        try (TargetSession session = open(from)) {
            server().admin("ACL", "SETUSER", user, "resetpass", "#" + RedisServer.hash("somebody else's"));
            refused(Kind.CONFLICT, () -> session.change(Change.of(from, from.with("password", NEW))));
        }
        assertEquals(List.of(RedisServer.hash("somebody else's")), hashes(user));
    }

    @Test
    void puttingBackWorks() throws TargetException {
        String user = user();
        Credential from = credential(server(), user, OLD);
        Credential to = from.with("password", NEW);
        change(from, Change.of(from, to));
        change(to, Change.of(to, from));
        assertLogins(user, Login.ACCEPTED, Login.REFUSED);
        change(from, Change.of(from, to).keepingFrom());
        change(to, Change.of(to, from));
        assertLogins(user, Login.ACCEPTED, Login.REFUSED);
    }

    @Test
    void strangersPasswordsStayAndAreReported() throws TargetException {
        String user = user();
        server().admin("ACL", "SETUSER", user, "#" + RedisServer.hash("foreign 1"), "#" + RedisServer.hash("foreign 2"));
        Credential from = credential(server(), user, OLD);
        try (TargetSession session = open(from)) {
            assertTrue(session.survey(from).warnings().toString().contains("2 passwords"), "told");
            session.change(Change.of(from, from.with("password", NEW)));
        }
        assertEquals(Login.ACCEPTED, server().login(user, "foreign 1"));
        assertEquals(Login.ACCEPTED, server().login(user, "foreign 2"));
        assertLogins(user, Login.REFUSED, Login.ACCEPTED);
    }

    @Test
    void R3_whatAKilledRunLeftUnsavedIsSavedByTheNext() throws TargetException {
        String user = user();
        Credential to = credential(server(), user, NEW);
        change(admin(server()), Change.reset(credential(server(), user, OLD)));
        server().admin("ACL", "SETUSER", user, "!" + RedisServer.hash(OLD), "#" + RedisServer.hash(NEW));
        change(to, Change.of(to, to));
        server().restart();
        assertLogins(user, Login.REFUSED, Login.ACCEPTED);
        refused(Kind.CONFLICT, () -> change(admin(server()), Change.of(to.with("password", OLD), to.with("password", OLD))));
    }

    @Test
    void aChangeOutlivesARestart() throws TargetException {
        String kept = user();
        String swapped = user();
        Credential from = credential(server(), swapped, OLD);
        change(from, Change.of(from, from.with("password", NEW)));
        Credential both = credential(server(), kept, OLD);
        change(both, Change.of(both, both.with("password", NEW)).keepingFrom());
        server().restart();
        assertLogins(swapped, Login.REFUSED, Login.ACCEPTED);
        assertLogins(kept, Login.ACCEPTED, Login.ACCEPTED);
        try (TargetSession session = open(both.with("password", NEW))) {
            Credential live = both.with("password", NEW);
            session.change(Change.of(live, live).retiring(both));
        }
        server().restart();
        assertLogins(kept, Login.REFUSED, Login.ACCEPTED);
    }

    @Test
    void theDefaultUserIsAUserLikeAnyOther() throws TargetException {
        Credential from = admin(server());
        Credential to = from.with("password", NEW);
        change(from, Change.of(from, to).keepingFrom());
        server().restart();
        assertEquals(Login.ACCEPTED, server().login("default", NEW));
        change(from, Change.of(to, from));
        server().restart();
        assertEquals(Login.REFUSED, server().login("default", NEW));
        assertEquals(Login.ACCEPTED, server().login("default", RedisServer.ADMIN_PASSWORD));
    }

    @Test
    void aMisspelledUserIsNotCreated() throws TargetException {
        Credential typo = credential(server(), fresh("typo"), OLD);
        Object before = server().admin("ACL", "USERS");
        try (TargetSession session = open(admin(server()))) {
            refused(Kind.MISCONFIGURED, () -> session.survey(typo));
            refused(Kind.MISCONFIGURED, () -> session.change(Change.reset(typo)));
            refused(Kind.MISCONFIGURED, () -> session.change(Change.of(typo, typo).retiring(typo.with("password", NEW))));
        }
        assertEquals(before, server().admin("ACL", "USERS"));
    }

    @Test
    void aUserThatNeedsNoPasswordProvesNothing() throws TargetException {
        String user = user();
        server().admin("ACL", "SETUSER", user, "nopass");
        refused(Kind.NOT_PROVABLE, () -> open(credential(server(), user, OLD)));
        // Without the right to look at itself the login cannot tell, and whoever changes it does.
        server().admin("ACL", "SETUSER", user, "-@all", "+get");
        open(credential(server(), user, OLD)).close();
        try (TargetSession session = open(admin(server()))) {
            refused(Kind.NOT_PROVABLE, () -> session.survey(credential(server(), user, OLD)));
            refused(Kind.NOT_PROVABLE, () -> session.change(Change.reset(credential(server(), user, NEW))));
        }
        assertEquals(List.of(), hashes(user));
    }

    @Test
    void aUserThatIsSwitchedOffIsLockedForWhoCanSeeIt() throws TargetException {
        String user = user();
        server().admin("ACL", "SETUSER", user, "off");
        refused(Kind.REJECTED, () -> open(credential(server(), user, OLD)));
        try (TargetSession session = open(admin(server()))) {
            refused(Kind.LOCKED, () -> session.survey(credential(server(), user, OLD)));
        }
    }

    @Test
    void aMissingRightIsFoundBeforeAndRefusedAtTheChange() throws TargetException {
        Credential none = credential(server(), user("+get"), OLD);
        try (TargetSession session = open(none)) {
            refused(Kind.FORBIDDEN, () -> session.survey(none));
            refused(Kind.FORBIDDEN, () -> session.change(Change.of(none, none.with("password", NEW))));
        }
        Credential looks = credential(server(), user("+acl|getuser", "+acl|save", "+config|get", "+config|rewrite", "+info"), OLD);
        try (TargetSession session = open(looks)) {
            refused(Kind.FORBIDDEN, () -> session.survey(looks));
            refused(Kind.FORBIDDEN, () -> session.change(Change.of(looks, looks.with("password", NEW))));
        }
        assertLogins(looks.user(), Login.ACCEPTED, Login.REFUSED);
        assertLogins(none.user(), Login.ACCEPTED, Login.REFUSED);
    }

    @Test
    void theGrantsInTheReadmeAreEnough() throws TargetException {
        Credential from = credential(server(), user("+acl|whoami", "+acl|getuser", "+acl|setuser", "+acl|save", "+config|get",
                "+config|rewrite", "+info"), OLD);
        try (TargetSession session = open(from)) {
            Survey survey = session.survey(from);
            assertTrue(survey.overlap());
            assertEquals(List.of(), survey.warnings());
            session.change(Change.of(from, from.with("password", NEW)));
        }
        assertLogins(from.user(), Login.REFUSED, Login.ACCEPTED);
    }

    @Test
    void theSurveyTellsWhatTheAccountMayDoWithoutItsName() throws TargetException {
        Credential one = credential(server(), user("~a:*", "+get", "+set"), OLD);
        Credential same = credential(server(), user("~a:*", "+get", "+set"), OLD);
        Credential more = credential(server(), user("~a:*", "~b:*", "+get", "+set"), OLD);
        Credential other = credential(server(), user("~a:*", "+get"), OLD);
        try (TargetSession session = open(admin(server()))) {
            Set<String> rights = session.survey(one).rights();
            assertEquals(rights, session.survey(same).rights());
            assertTrue(session.survey(more).rights().containsAll(rights));
            assertFalse(rights.containsAll(session.survey(more).rights()));
            assertFalse(session.survey(other).rights().containsAll(rights));
            assertFalse(rights.toString().contains(one.user()));
        }
    }

    @Test
    void theIdentityIsTheServersOwn() throws TargetException {
        Credential user = credential(server(), user(), OLD);
        String identity;
        try (TargetSession session = open(user)) {
            identity = session.identity();
        }
        String run = server().admin("INFO", "server").toString().lines().filter(line -> line.startsWith("run_id:"))
                .findFirst().orElseThrow().substring(7);
        assertEquals(user.user() + "@" + run, identity);
        Credential poor = credential(server(), user("+get"), OLD);
        try (TargetSession session = open(poor)) {
            assertEquals(poor.user() + "@", session.identity());
        }
        assertNotEquals("", run);
    }

    @Test
    void theSurveyChangesNothing() throws TargetException {
        Credential user = credential(server(), user(), OLD);
        Object before = server().admin("ACL", "LIST");
        String saved = saved();
        try (TargetSession session = open(user)) {
            session.survey(user);
        }
        assertEquals(before, server().admin("ACL", "LIST"));
        assertEquals(saved, saved());
    }

    private String saved() {
        try (Stream<Path> files = Files.list(server().files())) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.sorted().toList()) {
                all.append(file).append(Files.getLastModifiedTime(file)).append(Files.readString(file));
            }
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
