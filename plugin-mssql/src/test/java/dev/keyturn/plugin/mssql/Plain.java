package dev.keyturn.plugin.mssql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TlsSettings;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Without TLS: thousands of logins would otherwise be thousands of handshakes. */
final class Plain {

    private Plain() {
    }

    static Credential credential(TdsStandIn server, String user, String password) {
        return Credential.of(Map.of("host", server.host(), "port", Integer.toString(server.port()), "user", user, "password",
                password));
    }

    static TargetContext context(int millis) {
        return context(millis, Map.of());
    }

    static TargetContext context(int millis, Map<String, String> options) {
        return TargetContext.of(millis, millis, TlsSettings.off(), options);
    }

    /** The server notices a moment later that a client has left. */
    static void untilNoneIsOpen(TdsStandIn server) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (server.openConnections() > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertEquals(0, server.openConnections());
    }
}
