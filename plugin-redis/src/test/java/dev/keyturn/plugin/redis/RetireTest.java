package dev.keyturn.plugin.redis;

import static dev.keyturn.plugin.redis.Rig.credential;
import static dev.keyturn.plugin.redis.Rig.fresh;
import static dev.keyturn.plugin.redis.Rig.open;
import static dev.keyturn.plugin.redis.Rig.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Retiring goes by what the survey saw, so it asks less. What happened since then must not mislead it. */
class RetireTest {

    private static final RedisServer SERVER = Rig.WithAclFile.SERVER;

    private final String user = fresh("retire");
    private final Credential active = credential(SERVER, user, "active");
    private final Credential previous = active.with("password", "previous");

    @BeforeEach
    void twoValuesWork() {
        SERVER.createUser(user, "previous");
        set(add("active"));
    }

    private void set(String... rules) {
        List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", user));
        command.addAll(List.of(rules));
        SERVER.admin(command.toArray(String[]::new));
    }

    private static String add(String password) {
        return "#" + RedisServer.hash(password);
    }

    private static String remove(String password) {
        return "!" + RedisServer.hash(password);
    }

    private void assertWorking(String... passwords) {
        List<?> reply = (List<?>) SERVER.admin("ACL", "GETUSER", user);
        assertEquals(Set.copyOf(List.of(passwords).stream().map(RedisServer::hash).toList()),
                Set.copyOf((List<?>) reply.get(reply.indexOf("passwords") + 1)));
    }

    private interface Work {
        void on(TargetSession session) throws Exception;
    }

    /** After the survey: what a session asks. */
    private List<String> asked(Work work) throws Exception {
        List<String> commands = new ArrayList<>();
        try (RawRedis server = new RawRedis(SERVER.host(), SERVER.port());
                FakeRedis proxy = new FakeRedis(command -> {
                    commands.add(command.get(0) + " " + command.get(1));
                    return FakeRedis.forward(server, command);
                });
                TargetSession session = open(active.with("port", String.valueOf(proxy.port())))) {
            session.survey(active);
            commands.clear();
            work.on(session);
            return List.copyOf(commands);
        }
    }

    @Test
    void whatTheSurveySawIsNotAskedAgain() throws Exception {
        assertEquals(List.of("ACL SETUSER", "ACL SAVE"), asked(session -> session.retire(previous)));
        assertWorking("active");
        assertEquals(List.of(), asked(session -> session.retire(previous)));
        assertEquals(List.of(), asked(session -> session.retire(active)));
        assertWorking("active");
    }

    @Test
    void itIsUsedOnce() throws Exception {
        assertEquals(List.of("ACL SETUSER", "ACL SAVE", "ACL GETUSER"), asked(session -> {
            session.retire(previous);
            session.retire(previous);
        }));
        assertWorking("active");
    }

    @Test
    void aChangeMakesItOld() throws Exception {
        Credential next = active.with("password", "next");
        asked(session -> {
            session.change(Change.of(active, next).keepingFrom());
            session.retire(next);
        });
        assertWorking("previous", "active");
    }

    @Test
    void aValueThatAnotherRunHasRetiredMeanwhileIsSuccess() throws Exception {
        assertEquals(List.of("ACL SETUSER", "ACL GETUSER"), asked(session -> {
            set(remove("previous"));
            session.retire(previous);
        }));
        assertWorking("active");
    }

    @Test
    void theLastValueThatWorksStaysThoughTheSurveySawTwo() throws Exception {
        asked(session -> {
            set(remove("active"));
            refused(Kind.CONFLICT, () -> session.retire(previous));
        });
        assertWorking("previous");
    }

    @Test
    void aUserThatIsGoneMeanwhileIsNotCreated() throws Exception {
        try (TargetSession session = open(Rig.admin(SERVER))) {
            session.survey(active);
            SERVER.admin("ACL", "DELUSER", user);
            Object before = SERVER.admin("ACL", "USERS");
            refused(Kind.MISCONFIGURED, () -> session.retire(previous));
            assertEquals(before, SERVER.admin("ACL", "USERS"));
        }
    }

    @Test
    void whatTheSurveySawOfOneUserSaysNothingOfAnother() throws TargetException {
        String other = fresh("other");
        SERVER.createUser(other, "active");
        SERVER.admin("ACL", "SETUSER", other, add("previous"));
        try (TargetSession session = open(Rig.admin(SERVER))) {
            session.survey(credential(SERVER, other, "active"));
            set(remove("previous"));
            session.retire(previous);
            assertWorking("active");
        }
        assertEquals(RedisServer.Login.ACCEPTED, SERVER.login(other, "previous"));
    }
}
