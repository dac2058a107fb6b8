package dev.keyturn.plugin.redis;

import static dev.keyturn.plugin.redis.Rig.credential;
import static dev.keyturn.plugin.redis.Rig.fresh;
import static dev.keyturn.plugin.redis.Rig.open;
import static dev.keyturn.plugin.redis.Rig.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import dev.keyturn.plugin.redis.RedisServer.Login;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.exceptions.JedisConnectionException;

class ConnectionTest {

    private static final RedisServer SERVER = Rig.WithAclFile.SERVER;
    private static final int SHORT = 300;

    @TempDir
    Path folder;

    private static void eventually(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, what);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    @Test
    void R6_oneOpenIsOneLogin() throws TargetException {
        String user = fresh("one");
        SERVER.createUser(user, "right");
        int before = SERVER.logins();
        open(credential(SERVER, user, "right")).close();
        assertEquals(before + 1, SERVER.logins());
        refused(Kind.REJECTED, () -> open(credential(SERVER, user, "wrong")));
        assertEquals(before + 2, SERVER.logins());
    }

    @Test
    void afterCloseNoThreadAndNoSessionIsLeft() throws TargetException {
        String user = fresh("gone");
        SERVER.createUser(user, "right");
        SERVER.createUser(user + "off", "right", "off");
        Set<Thread> threads = Set.copyOf(Thread.getAllStackTraces().keySet());
        long connections = SERVER.admin("CLIENT", "LIST").toString().lines().count();
        Credential credential = credential(SERVER, user, "right");
        for (int i = 0; i < 20; i++) {
            try (TargetSession session = open(credential)) {
                session.survey(credential);
                assertTrue(SERVER.sessions(user) > 0);
            }
            refused(Kind.REJECTED, () -> open(credential.with("password", "wrong")));
            refused(Kind.REJECTED, () -> open(credential.with("user", user + "off")));
        }
        eventually(() -> SERVER.admin("CLIENT", "LIST").toString().lines().count() <= connections, "connections are left");
        eventually(() -> threads.containsAll(Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive).toList()),
                "threads are left");
    }

    @Test
    void R5_nobodyThereIsUnreachable() throws IOException {
        Credential nobody = Credential.of(SERVER.fields("default", "x")).with("port", String.valueOf(RedisServer.freePort()));
        refused(Kind.UNREACHABLE, () -> open(nobody));
        refused(Kind.UNREACHABLE, () -> Rig.TARGET.open(nobody, Rig.context(5_000, TlsSettings.verify())));
        refused(Kind.UNREACHABLE, () -> open(nobody.with("host", "no-such-host.invalid")));
    }

    @Test
    void R5_aServerThatIsSilentIsUnreachable() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Credential hung = Credential.of(SERVER.fields("default", "x")).with("port", String.valueOf(silent.getLocalPort()));
            refused(Kind.UNREACHABLE, () -> Rig.TARGET.open(hung, Rig.context(SHORT, TlsSettings.off())));
            refused(Kind.UNREACHABLE, () -> Rig.TARGET.open(hung, Rig.context(SHORT, TlsSettings.required())));
        }
    }

    @Test
    void R5_whatIsNoRedisIsUnreachable() throws IOException {
        for (String answer : new String[] {"HTTP/1.1 400 Bad Request\r\n\r\n", "$99999999999999\r\n", "*-7\r\n", "", FakeRedis.CUT, "\u0015\u0003"}) {
            try (FakeRedis fake = new FakeRedis(command -> answer)) {
                Credential odd = Credential.of(SERVER.fields("default", "x")).with("port", String.valueOf(fake.port()));
                refused(Kind.UNREACHABLE, () -> Rig.TARGET.open(odd, Rig.context(SHORT, TlsSettings.off())));
            }
        }
    }

    @Test
    void aSessionIsOneSocketAndJedisGetsNoSecond() throws IOException {
        OneSocket once = new OneSocket(SERVER.host(), SERVER.port(), TlsSettings.off(), null, new Deadline(5_000));
        once.createSocket().close();
        assertThrows(JedisConnectionException.class, once::createSocket);
    }

    @Test
    void aFullServerIsUnreachable() throws IOException {
        try (RedisServer full = RedisServer.start()) {
            full.admin("CONFIG", "SET", "maxclients", "1");
            refused(Kind.UNREACHABLE, () -> open(Rig.admin(full)));
        }
    }

    @Test
    void aServerThatRunsAScriptIsUnreachableAndNotMistakenForARefusal() throws Exception {
        try (RedisServer busy = RedisServer.start(Optional.empty(), true, "lua-time-limit 1");
                RawRedis script = new RawRedis(busy.host(), busy.port())) {
            Credential admin = Rig.admin(busy);
            try (TargetSession session = open(admin)) {
                script.ask("AUTH", RedisServer.ADMIN_PASSWORD);
                script.send("EVAL", "while true do end", "0");
                eventually(() -> {
                    try {
                        busy.admin("PING");
                        return false;
                    } catch (RawRedis.Error e) {
                        return e.getMessage().startsWith("BUSY");
                    }
                }, "the script never ran");
                refused(Kind.UNREACHABLE, () -> open(admin));
                refused(Kind.REJECTED, () -> open(admin.with("password", "wrong")));
                refused(Kind.UNREACHABLE, () -> session.change(Change.of(admin, admin.with("password", "new"))));
                busy.admin("SCRIPT", "KILL");
            }
            assertEquals(Login.ACCEPTED, busy.login("default", RedisServer.ADMIN_PASSWORD));
        }
    }

    @Test
    void aDefaultUserWithoutAPasswordProvesNothing() {
        try (RedisServer open = RedisServer.start(Optional.empty(), false, "requirepass \"\"")) {
            refused(Kind.NOT_PROVABLE, () -> open(credential(open, "default", "any")));
        }
    }

    @Test
    void theUserAServerTakesUsForMustBeOurs() throws IOException {
        // A proxy that logs in by itself.
        try (FakeRedis proxy = new FakeRedis(command -> command.get(0).equals("AUTH") ? FakeRedis.OK : FakeRedis.encode("pool"))) {
            Credential mine = Credential.of(SERVER.fields("mine", "x")).with("port", String.valueOf(proxy.port()));
            refused(Kind.NOT_PROVABLE, () -> open(mine));
        }
    }

    @Test
    void tlsIsWhatTheSettingsSay() throws Exception {
        Certificates own = Certificates.make(Files.createDirectory(folder.resolve("own")), "dns:localhost,ip:127.0.0.1");
        Certificates other = Certificates.make(Files.createDirectory(folder.resolve("other")), "dns:other.example");
        int port = RedisServer.freePort();
        try (RedisServer server = RedisServer.start(Optional.empty(), true, "tls-port " + port, "tls-auth-clients no",
                "tls-cert-file " + own.certificate(), "tls-key-file " + own.key(), "tls-ca-cert-file " + own.certificate())) {
            server.createUser("tls", "old");
            Credential from = credential(server, "tls", "old").with("port", String.valueOf(port));
            Credential to = from.with("password", "new");
            TargetContext verified = Rig.context(5_000, TlsSettings.verify().withCa(Files.readString(own.certificate())));

            try (TargetSession session = Rig.TARGET.open(from, verified)) {
                session.survey(from);
                session.change(Change.of(from, to));
            }
            Rig.TARGET.open(to.with("host", "localhost"), verified).close();
            Rig.TARGET.open(to, Rig.context(5_000, TlsSettings.required())).close();
            assertEquals(Login.ACCEPTED, server.login("tls", "new"));
            refused(Kind.REJECTED, () -> Rig.TARGET.open(from, verified));

            // A session that the server has ended is not continued on another connection.
            try (TargetSession session = Rig.TARGET.open(to, verified)) {
                server.admin("CLIENT", "KILL", "USER", "tls");
                refused(Kind.UNREACHABLE, () -> session.survey(to));
                refused(Kind.UNREACHABLE, () -> session.survey(to));
                assertEquals(0, server.sessions("tls"));
                refused(Kind.UNREACHABLE, () -> session.change(Change.of(to, from)));
            }

            TargetException untrusted = refused(Kind.MISCONFIGURED, () -> Rig.TARGET.open(to, Rig.context(5_000, TlsSettings.verify())));
            assertTrue(untrusted.getMessage().contains("SHA-256 fingerprint"), untrusted.getMessage());
            assertTrue(untrusted.fix().orElse("").contains("options.ca"));
            refused(Kind.MISCONFIGURED, () -> Rig.TARGET.open(to,
                    Rig.context(5_000, TlsSettings.verify().withCa(Files.readString(other.certificate())))));
            // In plain text to a port that wants TLS, and the other way round.
            refused(Kind.UNREACHABLE, () -> Rig.TARGET.open(to, Rig.context(2_000, TlsSettings.off())));
            refused(Kind.UNREACHABLE, () -> Rig.TARGET.open(to.with("port", String.valueOf(server.port())), Rig.context(SHORT, TlsSettings.required())));
        }
        // The right authority, another host's name.
        try (RedisServer server = RedisServer.start(Optional.empty(), true, "tls-port " + port, "tls-auth-clients no",
                "tls-cert-file " + other.certificate(), "tls-key-file " + other.key(), "tls-ca-cert-file " + other.certificate())) {
            Credential admin = Rig.admin(server).with("port", String.valueOf(port));
            String ca = Files.readString(other.certificate());
            TargetException name = refused(Kind.MISCONFIGURED, () -> Rig.TARGET.open(admin, Rig.context(5_000, TlsSettings.verify().withCa(ca))));
            assertTrue(name.getMessage().contains("other.example"), name.getMessage());
            Rig.TARGET.open(admin, Rig.context(5_000, TlsSettings.required())).close();
        }
    }

    @Test
    void R9_fieldsChangeNoStatementAndNoSetting() throws TargetException {
        Object before = SERVER.admin("ACL", "LIST");
        for (String odd : new String[] {"a b", "x\r\nACL SETUSER evil on nopass +@all", "nul\0", "'; --", "\"", "?ssl=false", "default\n", "*3", "$5"}) {
            refused(Kind.REJECTED, () -> open(credential(SERVER, odd, "x")));
            refused(Kind.MISCONFIGURED, () -> open(Rig.admin(SERVER).with("host", "127.0.0.1" + odd)));
            refused(Kind.MISCONFIGURED, () -> open(Rig.admin(SERVER).with("port", SERVER.port() + odd)));
            refused(Kind.MISCONFIGURED, () -> Rig.TARGET.open(Rig.admin(SERVER), Rig.context(Map.of("persistence", odd))));
            open(Rig.admin(SERVER).with("database", odd)).close();
            try (TargetSession session = open(Rig.admin(SERVER))) {
                refused(Kind.MISCONFIGURED, () -> session.survey(credential(SERVER, odd, "x")));
                refused(Kind.MISCONFIGURED, () -> session.change(Change.reset(credential(SERVER, odd, "x"))));
            }
        }
        assertEquals(before, SERVER.admin("ACL", "LIST"));
    }
}
