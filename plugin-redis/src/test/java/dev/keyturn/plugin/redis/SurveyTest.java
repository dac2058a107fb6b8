package dev.keyturn.plugin.redis;

import static dev.keyturn.plugin.redis.Rig.credential;
import static dev.keyturn.plugin.redis.Rig.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import dev.keyturn.plugin.redis.RedisServer.Login;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class SurveyTest {

    private static List<String> warnings(RedisServer server, String user) throws TargetException {
        Credential account = credential(server, user, "old");
        try (TargetSession session = open(Rig.admin(server))) {
            return session.survey(account).warnings();
        }
    }

    @Test
    void nodesThatDoNotCopyUsersAreNamedAndAReplicaMayBeChanged() throws TargetException {
        try (RedisServer master = RedisServer.start();
                RedisServer replica = RedisServer.start(Optional.empty(), true, "replicaof 127.0.0.1 " + master.port(), "masteruser copier",
                        "masterauth old", "repl-diskless-sync yes", "repl-diskless-sync-delay 0")) {
            for (RedisServer server : List.of(master, replica)) {
                server.createUser("copier", "old", "+psync", "+replconf", "+ping");
                server.createUser("app", "old");
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!master.admin("INFO", "replication").toString().contains("connected_slaves:1")) {
                assertTrue(System.nanoTime() < end, "the replica never came: " + replica.log());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            assertTrue(warnings(master, "app").toString().contains("has replicas"), "told at the master");
            assertEquals(1, warnings(replica, "app").size());
            assertTrue(warnings(replica, "app").toString().contains("is a replica"), "told at the replica");
            assertTrue(warnings(replica, "copier").toString().contains("masterauth"), "told of the replica's own login");

            Credential from = credential(replica, "app", "old");
            try (TargetSession session = open(from)) {
                session.change(Change.of(from, from.with("password", "new")));
            }
            assertEquals(Login.ACCEPTED, replica.login("app", "new"));
            assertEquals(Login.REFUSED, master.login("app", "new"));

            // Without masteruser a replica logs in as "default".
            replica.admin("CONFIG", "SET", "masteruser", "");
            assertTrue(warnings(replica, "default").toString().contains("masterauth"), "told of the replica's own login");
        }
    }

    @Test
    void aClusterIsNamed() throws TargetException {
        try (RedisServer node = RedisServer.start(Optional.empty(), true, "cluster-enabled yes")) {
            node.createUser("app", "old");
            assertTrue(warnings(node, "app").toString().contains("part of a cluster"), "told");
        }
    }

    @Test
    void anOrdinaryServerGivesNoWarning() throws TargetException {
        RedisServer server = Rig.WithAclFile.SERVER;
        String user = Rig.fresh("plain");
        server.createUser(user, "old");
        assertEquals(List.of(), warnings(server, user));
        // What a rotation leaves behind is nothing to warn of either.
        server.admin("ACL", "SETUSER", user, "#" + RedisServer.hash("previous"));
        assertEquals(List.of(), warnings(server, user));
    }

    @Test
    void whatASurveyWantsToKnowIsAskedWithTheLoginThatItFollows() throws Exception {
        RedisServer server = Rig.WithAclFile.SERVER;
        String user = Rig.fresh("ahead");
        server.createUser(user, "old");
        List<String> heard = new ArrayList<>();
        try (RawRedis real = new RawRedis(server.host(), server.port());
                FakeRedis proxy = new FakeRedis(command -> {
                    heard.add(String.join(" ", command.subList(0, Math.min(2, command.size()))));
                    return FakeRedis.forward(real, command);
                })) {
            Credential account = credential(server, user, "old").with("port", String.valueOf(proxy.port()));
            try (TargetSession session = Rig.TARGET.open(account, Rig.CONTEXT.beforeSurvey())) {
                int atLogin = heard.size();
                assertTrue(session.survey(account).overlap());
                assertEquals(atLogin, heard.size(), heard.toString());
                session.survey(account);
                assertTrue(heard.size() > atLogin, "a second survey asks anew");
            }
            heard.clear();
            Rig.TARGET.open(account, Rig.CONTEXT).close();
            assertTrue(heard.stream().noneMatch(command -> command.startsWith("CONFIG")), "a login that only proves a value: " + heard);
        }
    }
}
