package dev.keyturn.plugin.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.function.Executable;

/** The one server of this test run, and what every test does with it. */
final class Shared {

    static final String OVERLAP = "APPLICATION_PASSWORD_ADMIN ON *.*";

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static MysqlServer server;

    private Shared() {
    }

    /** Ends with this process: its shell waits for that. */
    static synchronized MysqlServer server() {
        if (server == null) {
            server = MysqlServer.start("--log-bin=binlog", "--sync-binlog=0", "--server-id=1",
                    "--performance-schema-consumer-events-statements-history-long=ON");
        }
        return server;
    }

    /** A name that no other test uses. */
    static String name() {
        return "user" + NUMBER.incrementAndGet();
    }

    /** A new account with the password {@code old-1}. */
    static String account(String... grants) {
        String name = name();
        server().createAccount(name, "old-1", grants);
        return name;
    }

    static Credential credential(MysqlServer server, String user, String password) {
        return Credential.of(Map.of(Credential.HOST, server.host(), Credential.PORT, Integer.toString(server.port()),
                Credential.USER, user, Credential.PASSWORD, password));
    }

    static Credential credential(String user, String password) {
        return credential(server(), user, password);
    }

    static TargetContext context(TlsSettings tls) {
        return TargetContext.of(10_000, 10_000, tls, Map.of());
    }

    static TargetContext context() {
        return context(TlsSettings.verify().withCa(server().ca()));
    }

    static TargetContext context(Map<String, String> options) {
        return TargetContext.of(10_000, 10_000, TlsSettings.verify().withCa(server().ca()), options);
    }

    static TargetSession open(String user, String password) throws TargetException {
        return new MysqlTarget().open(credential(user, password), context());
    }

    static TargetSession root(Map<String, String> options) throws TargetException {
        return new MysqlTarget().open(credential("root", "root"), context(options));
    }

    /** One change by the account itself. */
    static void change(String user, String from, String to, boolean keep) throws TargetException {
        try (TargetSession session = open(user, from)) {
            session.change(changing(user, from, to, keep));
        }
    }

    static Change changing(String user, String from, String to, boolean keep) {
        Change change = Change.of(credential(user, from), credential(user, to));
        return keep ? change.keepingFrom() : change;
    }

    /** Ends a value and leaves the one that works. */
    static Change retiring(String user, String live, String old) {
        return changing(user, live, live, false).retiring(credential(user, old));
    }

    static TargetException refused(Kind kind, Executable what) {
        TargetException refusal = assertThrows(TargetException.class, what);
        assertEquals(kind, refusal.kind(), refusal.getMessage());
        return refusal;
    }

    static void works(String user, String... passwords) {
        for (String password : passwords) {
            assertEquals(MysqlServer.Login.ACCEPTED, server().login(user, password), password);
        }
    }

    static void fails(String user, String... passwords) {
        for (String password : passwords) {
            assertEquals(MysqlServer.Login.REFUSED, server().login(user, password), password);
        }
    }
}
