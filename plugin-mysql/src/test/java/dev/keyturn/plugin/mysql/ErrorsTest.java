package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.CONFLICT;
import static dev.keyturn.api.TargetException.Kind.FORBIDDEN;
import static dev.keyturn.api.TargetException.Kind.LOCKED;
import static dev.keyturn.api.TargetException.Kind.MISCONFIGURED;
import static dev.keyturn.api.TargetException.Kind.READ_ONLY;
import static dev.keyturn.api.TargetException.Kind.REJECTED;
import static dev.keyturn.api.TargetException.Kind.UNKNOWN;
import static dev.keyturn.api.TargetException.Kind.UNREACHABLE;
import static dev.keyturn.api.TargetException.Kind.VALUE_REFUSED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** R5: the table of codes. The rows that a test server can produce are produced elsewhere; all of them are recorded here. */
class ErrorsTest {

    private static void logins(Kind kind, int... codes) {
        for (int code : codes) {
            assertEquals(kind, Errors.login(code, "HY000", null).kind(), "code " + code);
        }
    }

    private static void changes(Kind kind, int... codes) {
        for (int code : codes) {
            assertEquals(kind, Errors.change(code).kind(), "code " + code);
        }
    }

    @Test
    void answersToALogin() {
        logins(REJECTED, 1045, 1698);
        logins(LOCKED, 3118, 4151, 3955, 4150, 1862);
        logins(UNREACHABLE, 1040, 1203, 1226, 1053, 1079, 3032, 1158, 1159, 1160, 1161);
        logins(MISCONFIGURED, 1129, 1130, 3159, 1251, 1524, 1044, 1049, 9_999);
    }

    @Test
    void onlyAWrongPasswordLeadsToAnotherStage() {
        for (int code = 0; code < 20_000; code++) {
            assertEquals(code == 1045 || code == 1698, Errors.login(code, "HY000", null).kind() == REJECTED, "code " + code);
        }
    }

    @Test
    void whatTheDriverSaysItself() {
        for (Class<? extends Throwable> cause : java.util.List.<Class<? extends Throwable>>of(ConnectException.class,
                UnknownHostException.class, SocketTimeoutException.class, NoRouteToHostException.class, EOFException.class,
                SocketException.class)) {
            assertEquals(UNREACHABLE, Errors.login(0, "08S01", cause).kind(), cause.getName());
        }
        assertEquals(UNREACHABLE, Errors.login(0, "08S01", null).kind());
        assertEquals(MISCONFIGURED, Errors.login(0, "08S01", SSLHandshakeException.class).kind());
        assertEquals(MISCONFIGURED, Errors.login(0, "08001", null).kind());
        assertEquals(MISCONFIGURED, Errors.login(0, "S1009", null).kind());
        assertEquals(MISCONFIGURED, Errors.login(0, "S1000", null).kind());
    }

    @Test
    void answersToAChange() {
        changes(READ_ONLY, 1290, 1792, 1836);
        changes(FORBIDDEN, 1227, 1142, 1044, 1131, 1132);
        changes(CONFLICT, 3891, 3892);
        changes(VALUE_REFUSED, 1819, 3638, 3878, 3894, 3895);
        changes(MISCONFIGURED, 1133, 1396, 1064, 1372, 3893);
        changes(LOCKED, 1820);
        changes(UNREACHABLE, 1205, 1213);
    }

    @Test
    void whatIsNotInTheTableMayHaveHappened() {
        changes(UNKNOWN, 0, 1028, 1053, 1180, 1317, 1598, 1927, 1969, 2013, 3024, 3100, 9_999);
    }

    @Test
    void theDriversWordsNeverTravelOn() {
        SQLException e = new SQLException("syntax error near 's3cret'", "s3cret", 1064, new IOException("s3cret"));
        for (TargetException refusal : new TargetException[] {Errors.login(e), Errors.change(e), Errors.question(e)}) {
            assertFalse((refusal.getMessage() + refusal).contains("s3cret"), refusal.getMessage());
            assertNull(refusal.getCause());
        }
    }

    @Test
    void aQuestionThatIsNotAnsweredIsNeverAChangeThatMayHaveHappened() {
        for (int code : new int[] {0, 1142, 1290, 9_999}) {
            assertFalse(Errors.question(new SQLException("x", "08S01", code)).kind() == UNKNOWN, "code " + code);
        }
    }
}
