package dev.keyturn.plugin.redis;

import static dev.keyturn.plugin.redis.Rig.open;
import static dev.keyturn.plugin.redis.Rig.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One password for everybody, as before Redis 6. */
abstract class RequirepassScenario {

    abstract int port();

    /** The password in the server's configuration file. */
    abstract String saved() throws IOException;

    /** Makes saving fail, or work again. */
    abstract void breakDisk(boolean broken) throws IOException;

    private Credential credential(String password) {
        return Credential.of(Map.of("host", "127.0.0.1", "port", String.valueOf(port()), "user", "default", "password", password));
    }

    private boolean works(String password) throws IOException {
        try (RawRedis client = new RawRedis("127.0.0.1", port())) {
            client.ask("AUTH", password);
            return true;
        } catch (RawRedis.Error e) {
            return false;
        }
    }

    private Credential from;
    private Credential to;

    @BeforeEach
    void credentials() {
        from = credential(RedisServer.ADMIN_PASSWORD);
        to = credential("new \"quoted\" 'value'");
    }

    @Test
    void aWrongPasswordIsRefused() {
        refused(Kind.REJECTED, () -> open(credential("wrong")));
    }

    @Test
    void aNamedUserIsAMisconfiguration() throws TargetException {
        refused(Kind.MISCONFIGURED, () -> open(from.with("user", "app")));
        try (TargetSession session = open(from)) {
            refused(Kind.MISCONFIGURED, () -> session.survey(from.with("user", "app")));
            refused(Kind.MISCONFIGURED, () -> session.change(Change.of(from, to.with("user", "app"))));
        }
    }

    @Test
    void itIsChangedSavedComparedAndPutBack() throws Exception {
        try (TargetSession session = open(from)) {
            Survey survey = session.survey(from);
            assertFalse(survey.overlap());
            session.change(Change.of(from, to));
        }
        assertTrue(works(to.password()) && !works(from.password()));
        assertEquals(to.password(), saved());
        try (TargetSession session = open(to)) {
            refused(Kind.CONFLICT, () -> session.change(Change.of(from, to)));
            assertTrue(session.identity().matches("default@[0-9a-f]{40}"), session.identity());
        }
        try (TargetSession session = open(to)) {
            session.change(Change.of(to, to));
        }
        try (TargetSession session = open(to)) {
            session.change(Change.of(to, from));
        }
        assertTrue(works(from.password()) && !works(to.password()));
        assertEquals(from.password(), saved());
    }

    @Test
    void aValueThatItCannotHoldIsRefusedAndTheLongestIsHeld() throws Exception {
        try (TargetSession session = open(from)) {
            refused(Kind.VALUE_REFUSED, () -> session.change(Change.of(from, credential("x".repeat(513)))));
            refused(Kind.MISCONFIGURED, () -> session.change(Change.of(from, to).keepingFrom()));
        }
        Credential longest = credential("x".repeat(512));
        try (TargetSession session = open(from)) {
            session.change(Change.of(from, longest));
        }
        try (TargetSession session = open(longest)) {
            session.change(Change.of(longest, from));
        }
        assertTrue(works(from.password()));
    }

    @Test
    void aChangeThatCannotBeSavedIsTakenBack() throws Exception {
        breakDisk(true);
        try (TargetSession session = open(from)) {
            session.survey(from);
            refused(Kind.MISCONFIGURED, () -> session.change(Change.of(from, to)));
        } finally {
            breakDisk(false);
        }
        assertTrue(works(from.password()) && !works(to.password()));
    }
}
