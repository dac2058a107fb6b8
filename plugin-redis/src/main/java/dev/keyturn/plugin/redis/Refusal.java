package dev.keyturn.plugin.redis;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import java.util.List;

/**
 * What an error reply means. Its first word is its code; the many replies whose code is only {@code ERR} are told apart by
 * the fixed words that follow it. Nothing else of a reply is kept, because Redis quotes arguments in its errors.
 *
 * @param code what of the reply may be shown
 * @param kind why
 * @param meaning in our words
 * @param definite whether it is known to come from the server itself, which then did nothing; a proxy has errors, too
 */
record Refusal(String code, Kind kind, String meaning, boolean definite) {

    static final String UNKNOWN_COMMAND = "ERR unknown command";

    private static final String CLOSED = "the server is older than Redis 6, or its operator has closed that command";
    private static final String NO_PASSWORD = "the user \"default\" needs no password here, so any would do";

    private static final List<Refusal> KNOWN = List.of(
            row("WRONGPASS", Kind.REJECTED, "wrong password, unknown user, or a user that is switched off"),
            row("ERR invalid password", Kind.REJECTED, "wrong password"),  // before Redis 6
            row("NOPERM", Kind.FORBIDDEN, "the user has no right to that command"),
            row("NOAUTH", Kind.MISCONFIGURED, "nobody is logged in on that connection"),
            row("ERR AUTH <password> called without any password", Kind.NOT_PROVABLE, NO_PASSWORD),
            row("ERR Client sent AUTH, but no password is set", Kind.NOT_PROVABLE, NO_PASSWORD),  // before Redis 6
            row("ERR wrong number of arguments for 'auth' command", Kind.MISCONFIGURED,
                    "a server older than Redis 6 has no users: name none in the secret, or \"default\""),
            row("ERR max number of clients", Kind.UNREACHABLE, "the server is full"),
            row("LOADING", Kind.UNREACHABLE, "the server is starting"),
            row("BUSY", Kind.UNREACHABLE, "the server is running a script"),
            row("MASTERDOWN", Kind.UNREACHABLE, "the replica has lost its master"),
            row("CLUSTERDOWN", Kind.UNREACHABLE, "the cluster is down"),
            row("READONLY", Kind.READ_ONLY, "this node takes no changes"),
            row("DENIED", Kind.MISCONFIGURED, "the server is in protected mode and has no password"),
            row("ERR Error in ACL SETUSER modifier '!", Kind.CONFLICT, "the value to replace is none of the user's"),
            row("ERR Error in ACL SETUSER modifier", Kind.MISCONFIGURED, "the server does not know that rule"),
            row("ERR Invalid argument", Kind.VALUE_REFUSED, "the server cannot hold that value"),  // CONFIG SET before Redis 6
            row(UNKNOWN_COMMAND, Kind.MISCONFIGURED, CLOSED),
            row("ERR unknown subcommand", Kind.MISCONFIGURED, CLOSED),
            row("ERR Unknown subcommand", Kind.MISCONFIGURED, CLOSED),
            row("ERR Unsupported CONFIG parameter", Kind.MISCONFIGURED, CLOSED),
            row("ERR This Redis instance is not configured to use an ACL file", Kind.MISCONFIGURED, "no aclfile is configured"),
            row("ERR There was an error trying to save the ACLs", Kind.MISCONFIGURED, "the server's log has the reason"),
            row("ERR The server is running without a config file", Kind.MISCONFIGURED, "it has nowhere to write to"),
            row("ERR Rewriting config file", Kind.MISCONFIGURED, "the server cannot write its configuration file"));

    private static Refusal row(String prefix, Kind kind, String meaning) {
        return new Refusal(prefix, kind, meaning, true);
    }

    static Refusal of(String reply) {
        for (Refusal known : KNOWN) {
            if (reply.startsWith(known.code)) {
                return known;
            }
        }
        String code = reply.split(" ", 2)[0];
        return new Refusal(code.matches("[A-Z]{1,20}") ? code : "error without a code", Kind.MISCONFIGURED,
                "an answer that is not in the plugin's table", false);
    }

    /** The error of whoever asked for something. */
    TargetException error(String what) {
        return error(kind, what);
    }

    TargetException error(Kind kind, String what) {
        return new TargetException(kind, what + " (Redis " + code + "): " + meaning);
    }
}
