package dev.keyturn.plugin.redis;

import static dev.keyturn.plugin.redis.Rig.credential;
import static dev.keyturn.plugin.redis.Rig.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import dev.keyturn.plugin.redis.RedisServer.Login;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SilenceTest {

    private static final List<String> SECRETS = List.of("canary-old-8f3a", "canary-new-77b1", "canary-admins-own-2c", "canary-wrong-51");
    private static final String OLD = SECRETS.get(0);
    private static final String NEW = SECRETS.get(1);

    private static String all(Executable call) {
        try {
            call.execute();
            return "";
        } catch (Throwable e) {
            StringWriter text = new StringWriter();
            e.printStackTrace(new PrintWriter(text));
            return text + (e instanceof TargetException told ? told.fix().orElse("") : "");
        }
    }

    private static void inspect(Optional<Path> program, boolean aclFile) throws Exception {
        try (RedisServer server = RedisServer.start(program, aclFile);
                RawRedis monitor = new RawRedis(server.host(), server.port())) {
            monitor.ask("AUTH", RedisServer.ADMIN_PASSWORD);
            monitor.ask("MONITOR");
            server.createUser("boss", SECRETS.get(2));
            server.createUser("app", OLD, "+get");
            server.createUser("self", OLD);

            StringBuilder said = new StringBuilder();
            Credential app = credential(server, "app", OLD);
            Credential self = credential(server, "self", OLD);
            Credential boss = credential(server, "boss", SECRETS.get(2));
            for (Credential account : List.of(app, self)) {
                Credential session = account == app ? boss : account;
                Change change = Change.of(account, account.with("password", NEW));
                try (TargetSession opened = open(session)) {
                    said.append(opened.survey(account)).append(opened.identity()).append(opened).append(change);
                    opened.change(change.keepingFrom());
                }
                try (TargetSession opened = open(account == app ? boss : change.to())) {
                    opened.change(Change.of(change.to(), change.to()).retiring(account));
                }
                assertEquals(Login.REFUSED, server.login(account.user(), OLD));
                assertEquals(Login.ACCEPTED, server.login(account.user(), NEW));
                // What fails is where servers and drivers become talkative.
                said.append(all(() -> open(account)));
                said.append(all(() -> open(account.with("password", SECRETS.get(3)))));
                said.append(all(() -> open(account.with("user", "nobody"))));
                try (TargetSession opened = open(boss)) {
                    said.append(all(() -> opened.change(change)));
                }
                try (TargetSession opened = open(change.to())) {
                    said.append(all(() -> opened.survey(account)));
                    said.append(all(() -> opened.change(Change.of(change.to(), account))));
                }
            }

            server.admin("ECHO", "the end of the monitor");
            StringBuilder monitored = new StringBuilder();
            while (!monitored.toString().contains("the end of the monitor")) {
                monitored.append(monitor.line()).append('\n');
            }
            String slow = server.admin("SLOWLOG", "GET", "-1").toString();
            if (slow.equals("[]")) {
                slow = server.admin("SLOWLOG", "GET", "100000").toString();
            }
            String denied = server.admin("ACL", "LOG", "1000").toString();
            assertTrue(monitored.toString().contains("INFO"), "the monitor saw nothing");
            assertTrue(slow.contains("SETUSER"), "the slow log saw nothing");
            assertTrue(denied.contains("auth"), "the ACL log saw nothing");
            for (String secret : SECRETS) {
                assertFalse(said.toString().contains(secret), said.toString());
                assertFalse(said.toString().contains(RedisServer.hash(secret)), said.toString());
                assertFalse(monitored.toString().contains(secret), monitored.toString());
                assertFalse(slow.contains(secret), slow);
                assertFalse(denied.contains(secret), denied);
                assertFalse(server.log().contains(secret), server.log());
                for (Path file : List.of(server.files().resolve("redis.conf"), server.files().resolve("users.acl"))) {
                    assertFalse(Files.exists(file) && Files.readString(file).contains(secret), file + " shows a value");
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void R8_noLogOfTheServerAndNothingThatWeSayShowsAValue() throws Exception {
        inspect(Optional.empty(), true);
        inspect(Optional.empty(), false);
    }

    @Test
    void R8_norDoesANewerServer() throws Exception {
        inspect(Rig.program("KEYTURN_REDIS7", "/usr/bin/redis-server"), true);
    }

    @Test
    void R8_whatHoldsValuesShowsNone() {
        AclUser user = AclUser.of("app", List.of("passwords".getBytes(), List.of(RedisServer.hash(OLD).getBytes())));
        assertFalse(user.toString().contains(RedisServer.hash(OLD)));
        Accounts.Step step = new Accounts.Step(redis.clients.jedis.Protocol.Command.CONFIG, List.of(NEW), List.of(OLD));
        assertFalse(step.toString().contains(NEW) || step.toString().contains(OLD));
        assertFalse(Refusal.of("ERR no such thing as '" + NEW + "'").toString().contains(NEW));
        assertFalse(Refusal.of(NEW).toString().contains(NEW));
        assertFalse(new Wire.Answer(NEW.getBytes(), null).toString().contains(NEW));
    }
}
