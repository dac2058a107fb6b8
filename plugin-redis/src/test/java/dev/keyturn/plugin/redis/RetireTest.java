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

/** A change goes by what the survey saw, so it asks less. What happened since then must not mislead it. */
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
        return asked(active, active, work);
    }

    private static List<String> asked(Credential login, Credential surveyed, Work work) throws Exception {
        List<String> commands = new ArrayList<>();
        try (RawRedis server = new RawRedis(SERVER.host(), SERVER.port());
                FakeRedis proxy = new FakeRedis(command -> {
                    commands.add(command.get(0) + " " + command.get(1));
                    return FakeRedis.forward(server, command);
                });
                TargetSession session = open(login.with("port", String.valueOf(proxy.port())))) {
            session.survey(surveyed);
            commands.clear();
            work.on(session);
            return List.copyOf(commands);
        }
    }

    private Change keeping() {
        return Change.of(active, active.with("password", "next")).keepingFrom();
    }

    @Test
    void whatTheSurveySawIsNotAskedAgain() throws Exception {
        assertEquals(List.of("ACL SETUSER", "ACL SAVE"), asked(session -> session.change(keeping().retiring(previous))));
        assertWorking("active", "next");
    }

    @Test
    void withoutAValueToRetireNoOtherIsTouched() throws Exception {
        assertEquals(List.of("ACL SETUSER", "ACL SAVE"), asked(session -> session.change(keeping())));
        assertWorking("previous", "active", "next");
    }

    @Test
    void itIsUsedOnce() throws Exception {
        assertEquals(List.of("ACL SETUSER", "ACL SAVE", "ACL GETUSER", "ACL SETUSER", "ACL SAVE"), asked(session -> {
            session.change(keeping());
            session.change(keeping().retiring(previous));
        }));
        assertWorking("active", "next");
    }

    @Test
    void aChangeThatOnlyRetiresLooksFirst() throws Exception {
        Change retiring = Change.of(active, active).retiring(previous);
        assertEquals(List.of("ACL GETUSER", "ACL SETUSER", "ACL SAVE"), asked(session -> session.change(retiring)));
        assertEquals(List.of("ACL GETUSER", "ACL SAVE"), asked(session -> session.change(retiring)));
        assertWorking("active");
    }

    @Test
    void aValueThatAnotherRunHasRetiredMeanwhileIsNoReasonToRefuse() throws Exception {
        assertEquals(List.of("ACL SETUSER", "ACL SAVE", "ACL GETUSER", "ACL SETUSER", "ACL SAVE"), asked(session -> {
            set(remove("previous"));
            session.change(keeping().retiring(previous));
        }));
        assertWorking("active", "next");
    }

    @Test
    void whereActiveIsGoneMeanwhileNothingChanges() throws Exception {
        asked(session -> {
            set(remove("active"));
            refused(Kind.CONFLICT, () -> session.change(keeping().retiring(previous)));
        });
        assertWorking("previous");
    }

    @Test
    void aUserThatNeedsNoPasswordMeanwhileStaysAsItIs() throws Exception {
        asked(session -> {
            set("nopass");
            refused(Kind.CONFLICT, () -> session.change(keeping()));
        });
        assertWorking();
    }

    @Test
    void aUserThatIsGoneMeanwhileIsNotCreated() throws Exception {
        List<Change> changes = List.of(keeping(), keeping().retiring(previous), Change.reset(active));
        for (Change change : changes) {
            SERVER.createUser(user, "active");
            set(add("previous"));
            try (TargetSession session = open(Rig.admin(SERVER))) {
                session.survey(active);
                SERVER.admin("ACL", "DELUSER", user);
                Object before = SERVER.admin("ACL", "USERS");
                // The first is told by the comparison, the others by a look.
                refused(change.equals(changes.get(0)) ? Kind.CONFLICT : Kind.MISCONFIGURED, () -> session.change(change));
                assertEquals(before, SERVER.admin("ACL", "USERS"));
            }
        }
    }

    @Test
    void whatTheSurveySawOfOneUserSaysNothingOfAnother() throws Exception {
        String other = fresh("other");
        SERVER.createUser(other, "active");
        SERVER.admin("ACL", "SETUSER", other, add("previous"));
        assertEquals(List.of("ACL GETUSER", "ACL SETUSER", "ACL SAVE"), asked(Rig.admin(SERVER), credential(SERVER, other, "active"), session -> {
            set(remove("previous"));
            session.change(keeping().retiring(previous));
        }));
        assertWorking("active", "next");
        assertEquals(RedisServer.Login.ACCEPTED, SERVER.login(other, "previous"));
    }
}
