package dev.keyturn.plugin.mssql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.plugin.mssql.MssqlErrors.Phase;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The decision table: as a function, and through the driver with the stand-in saying each number. */
class ErrorsTest {

    private static final Map<Integer, Kind> LOGIN = table(Map.of(
            Kind.REJECTED, List.of(18456),
            Kind.LOCKED, List.of(18470, 18486, 18487, 18488),
            Kind.VALUE_REFUSED, List.of(18462, 18463, 18464, 18465, 18466, 18467, 18468, 40620),
            Kind.FORBIDDEN, List.of(18471),
            Kind.MISCONFIGURED, List.of(916, 4060, 17892, 18450, 18452, 40532, 40615, 40914, 50000),
            Kind.READ_ONLY, List.of(976, 978),
            Kind.UNREACHABLE, List.of(64, 233, 983, 4221, 6005, 10053, 10054, 10060, 10928, 10929, 17142, 17187, 17188,
                    17189, 17809, 18401, 18451, 18458, 18459, 18460, 18461, 40197, 40501, 40613, 49918, 49919, 49920)));

    private static final Map<Integer, Kind> OWN_CHANGE = table(Map.of(
            Kind.CONFLICT, List.of(15151, 15211, 1205, 1222),
            Kind.LOCKED, List.of(15113),
            Kind.VALUE_REFUSED, List.of(15114, 15115, 15116, 15117, 15118, 15119, 15120, 15156),
            Kind.FORBIDDEN, List.of(229, 230, 262, 297, 300, 3609, 15247),
            Kind.READ_ONLY, List.of(3906),
            Kind.MISCONFIGURED, List.of(5001),
            Kind.UNKNOWN, List.of(50000, 6005, 40197, 40501, 40613, 64, 233, 10054, 4060, 18456)));

    private static final Map<Integer, Kind> QUESTION = table(Map.of(
            Kind.FORBIDDEN, List.of(229, 230, 262, 297, 300, 15247),
            Kind.CONFLICT, List.of(1205, 1222),
            Kind.UNREACHABLE, List.of(6005, 40197, 40613, 10054),
            Kind.MISCONFIGURED, List.of(102, 207, 208, 50000)));

    private TdsStandIn server;

    private static Map<Integer, Kind> table(Map<Kind, List<Integer>> rows) {
        Map<Integer, Kind> table = new TreeMap<>();
        rows.forEach((kind, numbers) -> numbers.forEach(number -> assertEquals(null, table.put(number, kind))));
        return table;
    }

    @BeforeEach
    void start() throws IOException {
        server = TdsStandIn.startWithoutTls();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void everyNumberHasItsKind() {
        LOGIN.forEach((number, kind) -> assertEquals(kind, MssqlErrors.kind(Phase.LOGIN, number, "S0001", null), "login " + number));
        OWN_CHANGE.forEach((number, kind) -> assertEquals(kind,
                MssqlErrors.kind(Phase.OWN_CHANGE, number, "S0001", null), "change " + number));
        OWN_CHANGE.forEach((number, kind) -> assertEquals(number == 15151 ? Kind.FORBIDDEN : kind,
                MssqlErrors.kind(Phase.ADMIN_CHANGE, number, "S0001", null), "admin's change " + number));
        QUESTION.forEach((number, kind) -> assertEquals(kind,
                MssqlErrors.kind(Phase.QUESTION, number, "S0001", null), "question " + number));
    }

    @Test
    void whatIsNotAnsweredIsToldApartByItsCause() {
        SSLHandshakeException untrusted = new SSLHandshakeException("");
        untrusted.initCause(new CertPathBuilderException());
        SSLHandshakeException broken = new SSLHandshakeException("");
        broken.initCause(new EOFException());

        assertEquals(Kind.MISCONFIGURED, MssqlErrors.kind(Phase.LOGIN, 0, "08S01", untrusted));
        assertEquals(Kind.MISCONFIGURED, MssqlErrors.kind(Phase.LOGIN, 0, "08S01", new SSLException("no common protocol")));
        assertEquals(Kind.UNREACHABLE, MssqlErrors.kind(Phase.LOGIN, 0, "08S01", broken));
        assertEquals(Kind.UNREACHABLE, MssqlErrors.kind(Phase.LOGIN, 0, "08S01", new SocketTimeoutException()));
        assertEquals(Kind.UNREACHABLE, MssqlErrors.kind(Phase.LOGIN, 0, "08S01", null));
        assertEquals(Kind.MISCONFIGURED, MssqlErrors.kind(Phase.LOGIN, 0, null, null), "the driver refused its settings");
        assertEquals(Kind.UNREACHABLE, MssqlErrors.kind(Phase.QUESTION, 0, "08006", null));
        for (String state : new String[] {"08S01", "08006", "HY008", null}) {
            assertEquals(Kind.UNKNOWN, MssqlErrors.kind(Phase.OWN_CHANGE, 0, state, new SocketTimeoutException()));
            assertEquals(Kind.UNKNOWN, MssqlErrors.kind(Phase.ADMIN_CHANGE, 0, state, untrusted));
        }
    }

    @Test
    void r6EveryRefusedLoginIsOneLogin() {
        int logins = 0;
        for (Map.Entry<Integer, Kind> row : LOGIN.entrySet()) {
            server.refuseLogins(row.getKey());

            TargetException e = refusedLogin();

            assertEquals(row.getValue(), e.kind(), "login " + row.getKey());
            assertTrue(e.getMessage().contains("SQL Server " + row.getKey()), e.getMessage());
            assertEquals(++logins, server.refusedLogins(), "logins for " + row.getKey());
        }
    }

    @Test
    void r5ARightPasswordForAWrongDatabaseIsNotAWrongPassword() {
        server.refuseLogins(4060, 18456);
        assertEquals(Kind.MISCONFIGURED, refusedLogin().kind());
        server.refuseLogins(18456, 4060);
        assertEquals(Kind.MISCONFIGURED, refusedLogin().kind());
        server.refuseLogins(18456, 50000);
        assertEquals(Kind.REJECTED, refusedLogin().kind());
    }

    private TargetException refusedLogin() {
        Credential credential = Plain.credential(server, "app", "Any-Value_1");
        // Half a minute, so that a driver that wants to try again finds the time for it.
        return assertThrows(TargetException.class, () -> new MssqlTarget().open(credential, Plain.context(30_000)));
    }

    @Test
    void everyRefusedChangeIsToldByItsNumber() throws Exception {
        server.createLogin("app", "Old-1st_Value");
        Credential from = Plain.credential(server, "app", "Old-1st_Value");
        Credential to = from.with("password", "New-2nd_Value");
        for (Map.Entry<Integer, Kind> row : OWN_CHANGE.entrySet()) {
            try (TargetSession session = new MssqlTarget().open(from, Plain.context(10_000))) {
                session.survey(from);
                server.refuseStatements("ALTER", row.getKey());

                TargetException e = assertThrows(TargetException.class, () -> session.change(Change.of(from, to)));

                assertEquals(row.getValue(), e.kind(), "change " + row.getKey());
                assertTrue(e.getMessage().contains("SQL Server " + row.getKey()), e.getMessage());
            }
        }
        assertEquals(TdsStandIn.Answer.ACCEPTED, server.attempt("app", "Old-1st_Value"));
    }

    @Test
    void aRefusedQuestionIsToldByItsNumberAndClosesTheConnection() throws Exception {
        server.createLogin("app", "Old-1st_Value");
        Credential credential = Plain.credential(server, "app", "Old-1st_Value");
        for (Map.Entry<Integer, Kind> row : QUESTION.entrySet()) {
            server.refuseStatements("SELECT", row.getKey());
            assertEquals(row.getValue(), assertThrows(TargetException.class,
                    () -> new MssqlTarget().open(credential, Plain.context(10_000))).kind(), "question " + row.getKey());
        }
        Plain.untilNoneIsOpen(server);
    }

    @Test
    void r8NoMessageHoldsADriversTextOrACause() throws Exception {
        SQLException driver = new SQLException("secret ALTER LOGIN [x] WITH PASSWORD = N'p4ss'", "S0001", 15118);
        for (TargetException e : List.of(MssqlErrors.atChange(driver, true), MssqlErrors.atQuestion(driver, "asking"),
                MssqlErrors.atLogin(driver, "host", dev.keyturn.api.TlsSettings.verify()))) {
            assertEquals(null, e.getCause());
            assertFalse((e.getMessage() + e.fix()).contains("p4ss"), e.getMessage());
        }
    }
}
