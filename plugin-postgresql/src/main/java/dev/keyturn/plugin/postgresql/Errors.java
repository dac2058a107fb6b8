package dev.keyturn.plugin.postgresql;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TlsSettings;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * From SQLSTATE to kind. Where PostgreSQL uses one state for several things, the name of the server's own function that
 * raised it decides: unlike the message it is not translated.
 */
final class Errors {

    private Errors() {
    }

    static TargetException atLogin(SQLException e) {
        var refused = TlsSettings.refusal(e);
        if (refused.isPresent()) {
            return new TargetException(Kind.MISCONFIGURED, refused.get(),
                    "compare the fingerprint with the server's, then pass the authority that signed it in options.ca");
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TargetException own) {
                return own;
            }
        }
        ServerErrorMessage server = server(e);
        if (server == null) {
            // Two refusals of the driver's own share a state; the option's name is in one of the texts, in every language.
            return byDriver(state(e), String.valueOf(e.getMessage()).contains("requireAuth"), e.getCause());
        }
        return byServer(state(e), Objects.requireNonNullElse(server.getRoutine(), ""));
    }

    /** A login that failed before the server said anything: the driver's own states. */
    static TargetException byDriver(String state, boolean requireAuth, @Nullable Throwable cause) {
        return switch (state) {
            case "08001", "08003", "08006" -> new TargetException(Kind.UNREACHABLE, "no answer from the server (" + state + "): "
                    + (cause instanceof UnknownHostException ? "there is no host of that name"
                    : cause instanceof SocketTimeoutException ? "nothing came in time"
                    : cause instanceof ConnectException ? "the connection was refused" : "no connection, or one that broke"));
            case "08004" -> requireAuth
                    ? new TargetException(Kind.NOT_PROVABLE, "the server asked for no password, or for the plain one (08004)",
                            "make pg_hba.conf ask for scram-sha-256 (or md5) for this role and this client's address")
                    : new TargetException(Kind.MISCONFIGURED, "the driver broke the login off (08004): the server offers no TLS,"
                            + " or did not prove that it knows the password", "switch TLS on in the server, or say options.tls = off");
            case "08P01" -> new TargetException(Kind.MISCONFIGURED, "what answered is not a PostgreSQL server (08P01)",
                    "correct host and port in the secret");
            default -> new TargetException(Kind.MISCONFIGURED, "the driver refused the login (" + state + ")");
        };
    }

    /**
     * A login that the server refused. A server always names its routine. A pooler has none, but may use the server's states,
     * even 28P01: then it passes on how its own login went, perhaps a while ago.
     */
    static TargetException byServer(String state, String routine) {
        if (routine.isEmpty() && !unavailable(state)) {
            return pooler("the answer is a pooler's, not the server's (" + state + ")");
        }
        return switch (state) {
            case "28P01" -> new TargetException(Kind.REJECTED, "the server refused the login (28P01): wrong password, no such role,"
                    + " a role without password, or its VALID UNTIL has passed");
            case "28000" -> routine.equals("InitializeSessionUserId")
                    ? new TargetException(Kind.LOCKED, "the password is right, but the role may not log in (28000, NOLOGIN)")
                    : new TargetException(Kind.MISCONFIGURED, "the server takes no login of this role from here (28000)",
                            "add a line to pg_hba.conf for this client's address, role, database and options.tls");
            case "42501", "55000" -> new TargetException(Kind.MISCONFIGURED, "the password is right, but the role may not connect to"
                    + " this database (" + state + ")", "grant it CONNECT, or name another database in the secret");
            case "3D000" -> new TargetException(Kind.MISCONFIGURED, "the password is right, but there is no such database (3D000)",
                    "correct the database in the secret");
            default -> unavailable(state)
                    ? new TargetException(Kind.UNREACHABLE, "the server takes no login now (" + state + "): starting, stopping, or full")
                    : new TargetException(Kind.MISCONFIGURED, "the server refused the login (" + state + ")");
        };
    }

    static TargetException pooler(String what) {
        return new TargetException(Kind.NOT_PROVABLE, what, "point the secret at the server itself");
    }

    /** A question that came after the password was taken: the states of a login mean something else now. */
    static TargetException afterLogin(SQLException e) {
        ServerErrorMessage server = server(e);
        return server == null || server.getRoutine() == null ? atLogin(e) : atSurvey(e);
    }

    static TargetException atSurvey(SQLException e) {
        return atSurvey(state(e), server(e) != null);
    }

    /** Nothing was changed yet, so nothing is in doubt. */
    static TargetException atSurvey(String state, boolean byServer) {
        if (!byServer || state.equals("57014") || unavailable(state)) {
            return new TargetException(Kind.UNREACHABLE, "the server did not answer a question about the role (" + state + ")");
        }
        return state.equals("42501")
                ? new TargetException(Kind.FORBIDDEN, "the session may not read what it needs in the catalogs (42501)")
                : new TargetException(Kind.MISCONFIGURED, "the server could not answer a question about the role (" + state + ")");
    }

    static TargetException noRole() {
        return new TargetException(Kind.MISCONFIGURED, "there is no role with this name",
                "write the name as pg_roles has it; upper and lower case differ");
    }

    /** A change that was sent. A server that goes on serving the session has taken the statement back. */
    static TargetException atChange(SQLException e, boolean sessionLives) {
        return atChange(state(e), sessionLives && server(e) != null);
    }

    /** Without the server's word that it took the change back there is doubt: a session may be ended after the commit. */
    static TargetException atChange(String state, boolean takenBack) {
        if (!takenBack) {
            return new TargetException(Kind.UNKNOWN, "no definite answer to the change (" + state + ")");
        }
        return switch (state) {
            case "25006" -> new TargetException(Kind.READ_ONLY, "the server takes no changes (25006)");
            case "42501", "0A000" -> new TargetException(Kind.FORBIDDEN,
                    "the session's role may not change this password (" + state + ")");
            case "42704" -> noRole();
            // XX000 is what the loser gets when two sessions change one role at the same moment.
            case "55P03", "40001", "40P01", "XX000" -> new TargetException(Kind.CONFLICT,
                    "another session is changing the role (" + state + ")");
            case "22023", "P0001", "28000", "28P01" -> new TargetException(Kind.VALUE_REFUSED,
                    "a password check in the server refused the value (" + state + ")",
                    "it was sent a verifier; a check that wants to see passwords has to let verifiers pass");
            default -> state.equals("57014") || unavailable(state)
                    ? new TargetException(Kind.UNREACHABLE, "the server gave the change up (" + state + "); nothing changed")
                    : new TargetException(Kind.MISCONFIGURED, "the server refused the change (" + state + ")");
        };
    }

    private static boolean unavailable(String state) {
        return state.startsWith("53") || Set.of("57P01", "57P02", "57P03", "57P05").contains(state);
    }

    private static String state(SQLException e) {
        return String.valueOf(e.getSQLState());
    }

    private static @Nullable ServerErrorMessage server(SQLException e) {
        return e instanceof PSQLException known ? known.getServerErrorMessage() : null;
    }
}
