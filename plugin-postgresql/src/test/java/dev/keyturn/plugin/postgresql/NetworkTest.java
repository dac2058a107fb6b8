package dev.keyturn.plugin.postgresql;

import static dev.keyturn.plugin.postgresql.Fixture.NEW;
import static dev.keyturn.plugin.postgresql.Fixture.OLD;
import static dev.keyturn.plugin.postgresql.Fixture.credential;
import static dev.keyturn.plugin.postgresql.Fixture.refused;
import static dev.keyturn.plugin.postgresql.Fixture.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Hosts that are dead, hang, or are not what they seem (R5), and what is left behind afterwards. */
class NetworkTest {

    @Test
    void aDeadHostIsUnreachable() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        refused(Kind.UNREACHABLE, () -> open(at("127.0.0.1", port), Fixture.verified(), 5_000).close());
        refused(Kind.UNREACHABLE, () -> open(at("no-such-host.invalid", port), Fixture.verified(), 5_000).close());
    }

    @Test
    void aHostThatSaysNothingIsUnreachable() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            for (TlsSettings tls : new TlsSettings[] {Fixture.verified(), TlsSettings.off()}) {
                refused(Kind.UNREACHABLE, () -> open(at("localhost", silent.getLocalPort()), tls, 300).close());
            }
        }
    }

    /** A limit of each read would never be reached here. */
    @Test
    void aHostThatTricklesIsUnreachable() throws Exception {
        try (ServerSocket door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            // An error message of 16 MB, one byte every now and then.
            Thread trickle = answering(door, out -> {
                out.write(new byte[] {'E', 0x01, 0, 0, 0});
                while (true) {
                    out.write(0);
                    out.flush();
                    Thread.sleep(20);
                }
            });
            refused(Kind.UNREACHABLE, () -> open(at("localhost", door.getLocalPort()), TlsSettings.off(), 500).close());
            trickle.join();
        }
    }

    @Test
    void whatIsNotPostgresqlIsMisconfigured() throws Exception {
        try (ServerSocket door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            answering(door, out -> out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes()));
            refused(Kind.MISCONFIGURED, () -> open(at("localhost", door.getLocalPort()), Fixture.verified(), 5_000).close());
        }
    }

    @Test
    void aHostThatHangsUpInTheMiddleIsUnreachable() throws Exception {
        try (ServerSocket door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            answering(door, out -> { });
            refused(Kind.UNREACHABLE, () -> open(at("localhost", door.getLocalPort()), Fixture.verified(), 5_000).close());
            answering(door, out -> out.write('S'));
            refused(Kind.UNREACHABLE, () -> open(at("localhost", door.getLocalPort()), Fixture.verified(), 5_000).close());
        }
    }

    @Test
    void anUntrustedCertificateIsMisconfiguredAndDescribed() {
        String role = Fixture.role();
        var e = refused(Kind.MISCONFIGURED, () -> Fixture.open(credential(role, OLD), TlsSettings.verify()).close());
        assertTrue(e.getMessage().contains("SHA-256 fingerprint"), e.getMessage());
        assertTrue(e.getMessage().contains("Keyturn test authority"), e.getMessage());
        assertTrue(e.fix().orElse("").contains("options.ca"));
        assertEquals(0, server().acceptedLogins(role));
    }

    @Test
    void aCertificateForAnotherHostIsMisconfigured() throws Exception {
        String role = Fixture.role();
        try (Relay relay = otherAddress()) {
            Credential there = credential(role, OLD).with(Credential.HOST, relay.host()).with(Credential.PORT, "" + relay.port());
            var e = refused(Kind.MISCONFIGURED, () -> Fixture.open(there, Fixture.verified()).close());
            assertTrue(e.getMessage().contains("localhost, 127.0.0.1"), e.getMessage());
            Fixture.open(there, TlsSettings.required()).close();
        }
    }

    @Test
    void anAuthorityThatIsNoneIsMisconfigured() {
        String role = Fixture.role();
        var e = refused(Kind.MISCONFIGURED, () -> Fixture.open(credential(role, OLD), TlsSettings.verify().withCa("nonsense")).close());
        assertTrue(e.getMessage().contains("PEM"), e.getMessage());
    }

    @Test
    void tlsIsOnUnlessItIsSwitchedOff() throws Exception {
        String role = Fixture.role();
        for (TlsSettings tls : new TlsSettings[] {Fixture.verified(), TlsSettings.required(), TlsSettings.off()}) {
            try (TargetSession session = Fixture.open(credential(role, OLD), tls)) {
                assertEquals(tls.encrypted() ? "t" : "f", server().query(
                        "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = '" + role + "'").get(0));
                assertTrue(session.identity().startsWith(role));
            }
        }
    }

    @Test
    void aServerWithoutTlsIsMisconfiguredAndNeverFallenBackTo() {
        for (TlsSettings tls : new TlsSettings[] {TlsSettings.verify(), TlsSettings.required()}) {
            refused(Kind.MISCONFIGURED, () -> Fixture.open(Fixture.standbyAdmin(), tls).close());
        }
    }

    @Test
    void nothingIsLeftAfterClose() throws Exception {
        String role = Fixture.role();
        // The driver's first use starts the JDK's reference cleaner, one daemon thread for the driver's lifetime.
        Fixture.open(role, OLD).close();
        Set<String> before = threads();
        for (int round = 0; round < 5; round++) {
            try (TargetSession session = Fixture.open(role, OLD)) {
                session.survey(credential(role, OLD));
            }
            assertEquals(0, server().sessions(role), "close waits until the server's process has ended");
            refused(Kind.REJECTED, () -> Fixture.open(role, NEW).close());
        }
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            refused(Kind.UNREACHABLE, () -> open(at("localhost", silent.getLocalPort()), Fixture.verified(), 100).close());
        }
        Fixture.until("no more threads than before: " + threads(), () -> before.containsAll(threads()));
    }

    private interface Answer {
        void to(OutputStream client) throws IOException, InterruptedException;
    }

    /** Answers one client and hangs up. */
    private static Thread answering(ServerSocket door, Answer answer) {
        Thread thread = new Thread(() -> {
            try (Socket client = door.accept()) {
                client.getInputStream().read();
                answer.to(client.getOutputStream());
                client.shutdownOutput();
                client.getInputStream().readAllBytes();
            } catch (IOException | InterruptedException e) {
                // The client has gone.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static Relay otherAddress() throws IOException {
        try {
            return new Relay("127.0.0.2", server().port());
        } catch (IOException e) {
            return new Relay("::1", server().port());
        }
    }

    private static Credential at(String host, int port) {
        return credential("somebody", OLD).with(Credential.HOST, host).with(Credential.PORT, Integer.toString(port));
    }

    private static TargetSession open(Credential credential, TlsSettings tls, int loginMillis) throws Exception {
        return new PostgresqlTarget().open(credential, TargetContext.of(loginMillis, 5_000, tls, Map.of()));
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(thread -> thread.getName() + " " + thread.getId())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
