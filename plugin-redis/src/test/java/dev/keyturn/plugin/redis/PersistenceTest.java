package dev.keyturn.plugin.redis;

import static dev.keyturn.plugin.redis.Rig.credential;
import static dev.keyturn.plugin.redis.Rig.fresh;
import static dev.keyturn.plugin.redis.Rig.open;
import static dev.keyturn.plugin.redis.Rig.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.plugin.redis.RedisServer.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistenceTest {

    private static final TargetContext BEST_EFFORT = Rig.context(Map.of("persistence", "best-effort"));

    private interface Body {
        void run(RedisServer server, Credential from) throws Exception;
    }

    /** A server that works, until the folder with its files is gone; a full or read-only disk looks the same to it. */
    private static void withBrokenDisk(boolean aclFile, Body body) throws Exception {
        RedisServer server = aclFile ? Rig.WithAclFile.SERVER : Rig.WithConfigFile.SERVER;
        String user = fresh("disk");
        server.createUser(user, "old");
        Path away = server.files().resolveSibling("away");
        Files.move(server.files(), away);
        try {
            body.run(server, credential(server, user, "old"));
        } finally {
            Files.move(away, server.files());
        }
    }

    private static void assertLogins(RedisServer server, Credential from, Login old, Login now) {
        assertEquals(old, server.login(user(from), "old"));
        assertEquals(now, server.login(user(from), "new"));
    }

    private static String user(Credential credential) {
        return credential.find(Credential.USER).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChangeThatCannotBeSavedIsTakenBack(boolean aclFile) throws Exception {
        withBrokenDisk(aclFile, (server, from) -> {
            Change change = Change.of(from, from.with("password", "new"));
            for (Change each : List.of(change, change.keepingFrom(), Change.reset(change.to()))) {
                try (TargetSession session = open(Rig.admin(server))) {
                    session.survey(from);
                    TargetException e = refused(Kind.MISCONFIGURED, () -> session.change(each));
                    assertTrue(e.getMessage().contains("taken back"), e.getMessage());
                }
                assertLogins(server, from, Login.ACCEPTED, Login.REFUSED);
            }
        });
    }

    @Test
    void aPutBackThatCannotBeSavedLeavesBothAsTheyWere() throws Exception {
        withBrokenDisk(true, (server, from) -> {
            server.admin("ACL", "SETUSER", from.user(), "#" + RedisServer.hash("new"));
            Credential to = from.with("password", "new");
            try (TargetSession session = open(to)) {
                refused(Kind.MISCONFIGURED, () -> session.change(Change.of(to, from)));
            }
            assertLogins(server, from, Login.ACCEPTED, Login.ACCEPTED);
            try (TargetSession session = open(to)) {
                refused(Kind.MISCONFIGURED, () -> session.change(Change.of(to, to).retiring(from)));
            }
            assertLogins(server, from, Login.ACCEPTED, Login.ACCEPTED);
        });
    }

    @Test
    void finishingWhatCannotBeSavedSaysSo() throws Exception {
        withBrokenDisk(true, (server, from) -> {
            try (TargetSession session = open(from)) {
                refused(Kind.MISCONFIGURED, () -> session.change(Change.of(from, from)));
            }
            assertLogins(server, from, Login.ACCEPTED, Login.REFUSED);
        });
    }

    @Test
    void withBestEffortAChangeThatCannotBeSavedStays() throws Exception {
        withBrokenDisk(false, (server, from) -> {
            try (TargetSession session = Rig.TARGET.open(from, BEST_EFFORT)) {
                session.survey(from);
                session.change(Change.of(from, from.with("password", "new")));
            }
            assertLogins(server, from, Login.REFUSED, Login.ACCEPTED);
        });
    }

    @Test
    void aServerWithNowhereToSaveIsRefusedBeforeUnlessBestEffortWillDo() throws Exception {
        List<List<String>> heard = new ArrayList<>();
        try (FakeRedis noFile = withoutConfigFile(heard)) {
            Credential from = credential(Rig.WithConfigFile.SERVER, fresh("nowhere"), "old").with("port", String.valueOf(noFile.port()));
            Rig.WithConfigFile.SERVER.createUser(from.user(), "old");
            try (TargetSession session = open(from)) {
                refused(Kind.MISCONFIGURED, () -> session.survey(from));
                refused(Kind.MISCONFIGURED, () -> session.change(Change.of(from, from.with("password", "new"))));
            }
            assertTrue(heard.stream().noneMatch(command -> command.contains("SETUSER")), heard.toString());
            assertLogins(Rig.WithConfigFile.SERVER, from, Login.ACCEPTED, Login.REFUSED);
            try (TargetSession session = Rig.TARGET.open(from, BEST_EFFORT)) {
                Survey survey = session.survey(from);
                assertTrue(survey.warnings().toString().contains("restart"), survey.toString());
                session.change(Change.of(from, from.with("password", "new")));
            }
            assertLogins(Rig.WithConfigFile.SERVER, from, Login.REFUSED, Login.ACCEPTED);
        }
    }

    /** A real server's answers, but for the name of its configuration file. */
    private static FakeRedis withoutConfigFile(List<List<String>> heard) throws IOException {
        RawRedis[] server = new RawRedis[1];
        return new FakeRedis(command -> {
            heard.add(command);
            if (command.get(0).equals("AUTH")) {
                server[0] = new RawRedis(Rig.WithConfigFile.SERVER.host(), Rig.WithConfigFile.SERVER.port());
            }
            if (command.equals(List.of("INFO", "server"))) {
                return FakeRedis.encode(server[0].ask("INFO", "server").toString().replaceAll("config_file:[^\r\n]*", "config_file:"));
            }
            return FakeRedis.forward(server[0], command);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoMayNotAskOrNotSaveIsToldBefore(boolean aclFile) throws Exception {
        RedisServer server = aclFile ? Rig.WithAclFile.SERVER : Rig.WithConfigFile.SERVER;
        for (List<String> rights : List.of(List.of("+acl|setuser", "+acl|getuser"),
                List.of("+acl|setuser", "+acl|getuser", "+config|get", "+info"))) {
            String user = fresh("poor");
            server.createUser(user, "old", rights.toArray(String[]::new));
            Credential from = credential(server, user, "old");
            try (TargetSession session = open(from)) {
                refused(Kind.FORBIDDEN, () -> session.survey(from));
                refused(Kind.FORBIDDEN, () -> session.change(Change.of(from, from.with("password", "new"))));
            }
            assertLogins(server, from, Login.ACCEPTED, Login.REFUSED);
            try (TargetSession session = Rig.TARGET.open(from, BEST_EFFORT)) {
                session.survey(from);
                session.change(Change.of(from, from.with("password", "new")));
            }
            assertLogins(server, from, Login.REFUSED, Login.ACCEPTED);
        }
    }

    @Test
    void bestEffortSavesWhereItMayWithoutAsking() throws Exception {
        for (boolean aclFile : new boolean[] {true, false}) {
            try (RedisServer server = RedisServer.start(Optional.empty(), aclFile)) {
                server.createUser("blind", "old", "+acl|setuser", "+acl|getuser", "+acl|save", "+config|rewrite");
                Credential from = credential(server, "blind", "old");
                try (TargetSession session = Rig.TARGET.open(from, BEST_EFFORT)) {
                    session.change(Change.of(from, from.with("password", "new")));
                }
                server.restart();
                assertLogins(server, from, Login.REFUSED, Login.ACCEPTED);
            }
        }
    }
}
