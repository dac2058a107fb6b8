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

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What the servers' error codes mean. Every code greater than 0 is an answer of the server; 0 is the driver's own. The driver's
 * texts are never used: they quote statements.
 */
final class Errors {

    static final int PASSWORD_EXPIRED = 1820;
    static final int NOT_PERMITTED = 1227;
    static final int TABLE_NOT_PERMITTED = 1142;
    static final int DATABASE_NOT_PERMITTED = 1044;
    static final int NOT_THE_CURRENT_PASSWORD = 3891;
    static final int IN_HISTORY = 3638;

    /** One row of a table. */
    record Meaning(Kind kind, String text) {
    }

    private Errors() {
    }

    /** Why a login did not succeed. */
    static TargetException login(SQLException e) {
        Meaning meaning = login(e.getErrorCode(), state(e), network(e));
        return new TargetException(meaning.kind(), "the login did not succeed (" + codes(e) + "): " + meaning.text());
    }

    /** What came of a change that was sent. */
    static TargetException change(SQLException e) {
        Meaning meaning = change(e.getErrorCode());
        return new TargetException(meaning.kind(), "the change was sent (" + codes(e) + "): " + meaning.text());
    }

    /** Why a question before the change was not answered. */
    static TargetException question(SQLException e) {
        Meaning meaning = change(e.getErrorCode());
        if (e.getErrorCode() == 0) {
            meaning = login(0, state(e), network(e));
        } else if (meaning.kind() == UNKNOWN) {
            meaning = new Meaning(MISCONFIGURED, "an unexpected answer");
        }
        return new TargetException(meaning.kind(),
                "a question before the change was not answered (" + codes(e) + "): " + meaning.text());
    }

    static Meaning login(int code, String state, @Nullable Class<? extends Throwable> network) {
        return switch (code) {
            case 1045, 1698 -> new Meaning(REJECTED, "wrong password, unknown account, an account that is not allowed from this"
                    + " address, or one that asks for a client certificate");
            case 3118, 4151 -> new Meaning(LOCKED, "the password is right and the account is locked");
            case 3955, 4150 -> new Meaning(LOCKED, "the account is blocked after too many refused logins");
            case 1862 -> new Meaning(LOCKED, "the password is right and has expired");
            case 1040 -> new Meaning(UNREACHABLE, "the server has no connection left");
            case 1203, 1226 -> new Meaning(UNREACHABLE, "the password is right and the account has used up what it is allowed");
            case 1053, 1079, 3032 -> new Meaning(UNREACHABLE, "the server is shutting down or offline");
            case 1152, 1153, 1154, 1155, 1156, 1157, 1158, 1159, 1160, 1161, 1184 ->
                    new Meaning(UNREACHABLE, "the server gave the connection up");
            case 1129 -> new Meaning(MISCONFIGURED, "the server has blocked this address after too many broken connections");
            case 1130 -> new Meaning(MISCONFIGURED, "no account is allowed from this address");
            case 3159 -> new Meaning(MISCONFIGURED, "the server takes encrypted connections only");
            case 1251, 1524 -> new Meaning(MISCONFIGURED, "the account's authentication method is not available");
            case 0 -> loginInDriver(state, network);
            default -> new Meaning(MISCONFIGURED, "an answer that is neither success nor a wrong password");
        };
    }

    private static Meaning loginInDriver(String state, @Nullable Class<? extends Throwable> network) {
        if (network != null && SSLException.class.isAssignableFrom(network)) {
            return new Meaning(MISCONFIGURED, "no TLS connection came about");
        }
        if (network != null || state.equals("08S01")) {
            return new Meaning(UNREACHABLE, "no connection, or no answer in time ("
                    + (network == null ? "connection lost" : network.getSimpleName()) + ")");
        }
        return switch (state) {
            case "08001" -> new Meaning(MISCONFIGURED, "the server does not offer the encryption that was asked for");
            case "S1009" -> new Meaning(MISCONFIGURED, "the driver does not know the account's authentication method");
            default -> new Meaning(MISCONFIGURED, "the driver cannot log in with these settings");
        };
    }

    /** Only what is known to leave everything as it was is a refusal; any other answer may have come too late. */
    static Meaning change(int code) {
        return switch (code) {
            case 1290, 1792, 1836 -> new Meaning(READ_ONLY, "this server takes no changes");
            case NOT_PERMITTED, TABLE_NOT_PERMITTED, DATABASE_NOT_PERMITTED, 1131, 1132 -> new Meaning(FORBIDDEN, "the right to do that is missing");
            case NOT_THE_CURRENT_PASSWORD -> new Meaning(CONFLICT, "the password that the session logged in with is not the"
                    + " account's current one: it was changed since, or is a second one that still works");
            case 3892 -> new Meaning(CONFLICT, "the account must name its current password, and the one that the session logged"
                    + " in with is only its second one; an administrator has to change it");
            case 1819, 1371 -> new Meaning(VALUE_REFUSED, "the password policy refuses the new value");
            case IN_HISTORY -> new Meaning(VALUE_REFUSED, "the account had this value before and may not have it again");
            case 3878, 3894, 3895 -> new Meaning(VALUE_REFUSED, "with this value two passwords cannot work at once");
            case 1133, 1396 -> new Meaning(MISCONFIGURED, "there is no such account, or it cannot hold the value");
            case 1064, 1193, 1372, 1524, 1699, 3893 -> new Meaning(MISCONFIGURED, "the server does not take this kind of change");
            case PASSWORD_EXPIRED -> new Meaning(LOCKED, "the session's own password has expired");
            case 1205, 1213 -> new Meaning(UNREACHABLE, "the server's account tables were locked by something else (a backup?)"
                    + " until the time was up; nothing changed");
            default -> new Meaning(UNKNOWN, "no definite answer");
        };
    }

    private static String codes(SQLException e) {
        return "MySQL " + e.getErrorCode() + ", " + state(e);
    }

    private static String state(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.matches("[0-9A-Z]{5}") ? state : "no state";
    }

    /** The first exception of the network among the causes. */
    private static @Nullable Class<? extends Throwable> network(SQLException e) {
        Throwable cause = e.getCause();
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (cause instanceof java.io.IOException) {
                return cause.getClass();
            }
            cause = cause.getCause();
        }
        return null;
    }
}
