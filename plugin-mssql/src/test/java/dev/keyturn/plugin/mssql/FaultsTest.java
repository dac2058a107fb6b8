package dev.keyturn.plugin.mssql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.plugin.mssql.TdsStandIn.Answer;
import dev.keyturn.plugin.mssql.TdsStandIn.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Dead, silent and breaking servers. */
class FaultsTest {

    private TdsStandIn server;
    private Credential from;
    private Credential to;

    @BeforeEach
    void start() throws IOException {
        server = TdsStandIn.startWithoutTls();
        server.createLogin("app", "Old-1st_Value");
        from = Plain.credential(server, "app", "Old-1st_Value");
        to = from.with("password", "New-2nd_Value");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static Kind loginAt(Credential credential, int millis) {
        return assertThrows(TargetException.class, () -> new MssqlTarget().open(credential, Plain.context(millis))).kind();
    }

    @Test
    void aDeadHostIsUnreachable() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        assertEquals(Kind.UNREACHABLE, loginAt(from.with("port", Integer.toString(port)), 5_000));
        assertEquals(Kind.UNREACHABLE, loginAt(from.with("host", "no-such-host.invalid"), 5_000));
    }

    @Test
    void aHostThatAcceptsAndIsSilentIsUnreachable() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            assertEquals(Kind.UNREACHABLE, loginAt(from.with("port", Integer.toString(silent.getLocalPort())), 700));
        }
    }

    @Test
    void aServerThatIsSilentAtTheLoginIsUnreachable() {
        server.beSilentAtLogin(true);

        assertEquals(Kind.UNREACHABLE, loginAt(from, 700));
    }

    @Test
    void somethingThatIsNoSqlServerIsUnreachable() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Thread thread = new Thread(() -> {
                try (java.net.Socket client = other.accept()) {
                    client.getInputStream().read();
                    client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes("US-ASCII"));
                    client.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                } catch (IOException e) {
                    // The client left.
                }
            });
            thread.setDaemon(true);
            thread.start();
            assertEquals(Kind.UNREACHABLE, loginAt(from.with("port", Integer.toString(other.getLocalPort())), 2_000));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChangeWithoutAnAnswerMayHaveHappened(Fault fault) throws Exception {
        boolean effect = fault == Fault.CLOSE_AFTER_EFFECT || fault == Fault.HANG_AFTER_EFFECT;
        try (TargetSession session = new MssqlTarget().open(from, Plain.context(1_000))) {
            session.survey(from);
            server.failNextChange(fault);

            assertEquals(Kind.UNKNOWN,
                    assertThrows(TargetException.class, () -> session.change(Change.of(from, to))).kind());
        }
        assertEquals(Answer.ACCEPTED, server.attempt("app", effect ? "New-2nd_Value" : "Old-1st_Value"));
        assertEquals(1, server.statements().stream().filter(text -> text.startsWith("ALTER")).count(), "sent once");
        Plain.untilNoneIsOpen(server);
    }

    @Test
    void aChangeOverAConnectionThatBrokeBeforeMayHaveHappened() throws Exception {
        try (TargetSession session = new MssqlTarget().open(from, Plain.context(1_000))) {
            server.close();

            Kind kind = assertThrows(TargetException.class, () -> session.change(Change.of(from, to))).kind();

            assertEquals(Kind.UNKNOWN, kind);
        }
    }

    @Test
    void aReadOnlyDatabaseIsToldBeforeAndAtTheChange() throws Exception {
        try (TargetSession session = new MssqlTarget().open(from, Plain.context(5_000))) {
            server.refuseStatements("ALTER", 3906);
            assertEquals(Kind.READ_ONLY,
                    assertThrows(TargetException.class, () -> session.change(Change.of(from, to))).kind());
            server.answer("updateability", "READ_ONLY");
            assertEquals(Kind.READ_ONLY, assertThrows(TargetException.class, () -> session.survey(from)).kind());
        }
    }

    @Test
    void valuesThatThePolicyRefusesAreTold() throws Exception {
        server.enforcePolicy(true);
        for (String value : new String[] {"Sh0rt-", "alllowercase", "App-is-in-it-1"}) {
            try (TargetSession session = new MssqlTarget().open(from, Plain.context(5_000))) {
                assertEquals(Kind.VALUE_REFUSED, assertThrows(TargetException.class,
                        () -> session.change(Change.of(from, from.with("password", value)))).kind(), value);
            }
        }
        assertEquals(Answer.ACCEPTED, server.attempt("app", "Old-1st_Value"));
    }
}
