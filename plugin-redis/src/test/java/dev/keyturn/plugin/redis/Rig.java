package dev.keyturn.plugin.redis;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.function.Executable;

/** What the tests share: a server of each kind for all of them, fresh names, and ways to open and to fail. */
final class Rig {

    static final TargetContext CONTEXT = context(Map.of());
    static final RedisTarget TARGET = new RedisTarget();

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Rig() {
    }

    /** Redis 6.2 that keeps its users in an ACL file. */
    static final class WithAclFile {
        static final RedisServer SERVER = RedisServer.start();

        private WithAclFile() {
        }
    }

    /** Redis 6.2 that keeps its users in its configuration file. */
    static final class WithConfigFile {
        static final RedisServer SERVER = RedisServer.start(Optional.empty(), false);

        private WithConfigFile() {
        }
    }

    /** A program for tests of other versions; without it they are left out, and one line says so. */
    static Optional<Path> program(String variable, String path) {
        Optional<Path> program = RedisServer.installed(variable, path);
        if (program.isEmpty()) {
            System.out.println("Left out: no " + variable + " in the environment" + (path.isEmpty() ? "" : ", no " + path));
            Assumptions.abort("no " + variable);
        }
        return program;
    }

    static TargetContext context(Map<String, String> options) {
        return TargetContext.of(5_000, 5_000, TlsSettings.off(), options);
    }

    static TargetContext context(int millis, TlsSettings tls) {
        return TargetContext.of(millis, millis, tls, Map.of());
    }

    static String fresh(String what) {
        return what + NUMBER.incrementAndGet();
    }

    static Credential credential(RedisServer server, String user, String password) {
        return Credential.of(server.fields(user, password));
    }

    static Credential admin(RedisServer server) {
        return credential(server, RedisServer.ADMIN, RedisServer.ADMIN_PASSWORD);
    }

    static TargetSession open(Credential credential) throws TargetException {
        return TARGET.open(credential, CONTEXT);
    }

    static TargetException refused(TargetException.Kind kind, Executable call) {
        TargetException e = Assertions.assertThrows(TargetException.class, call);
        Assertions.assertEquals(kind, e.kind(), e.getMessage());
        Assertions.assertNull(e.getCause());
        return e;
    }
}
