package dev.keyturn.plugin.mssql;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TlsSettings;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What SQL Server's error numbers mean. A driver's message never travels on (R8). */
final class MssqlErrors {

    /** What was going on. The same number can mean different things. */
    enum Phase { LOGIN, QUESTION, OWN_CHANGE, ADMIN_CHANGE }

    static final String GRANTS = "grant ALTER ANY LOGIN, and CONTROL SERVER if the account is a sysadmin; for a contained"
            + " user ALTER ANY USER in its database";

    private MssqlErrors() {
    }

    /**
     * The decision table.
     *
     * @param phase what was going on
     * @param code the server's error number; 0 for what the driver itself found
     * @param state the SQLState; null when the driver refused its own settings
     * @param cause what lies behind it, if anything does
     * @return the kind
     */
    static Kind kind(Phase phase, int code, @Nullable String state, @Nullable Throwable cause) {
        return switch (phase) {
            case LOGIN -> code == 0 ? unanswered(state, cause) : login(code).orElse(Kind.MISCONFIGURED);
            case QUESTION -> code == 0 ? Kind.UNREACHABLE : question(code);
            case OWN_CHANGE, ADMIN_CHANGE -> change(phase, code);
        };
    }

    /** Empty for a number that nobody foresaw. */
    private static Optional<Kind> login(int code) {
        return Optional.ofNullable(switch (code) {
            case 18456 -> Kind.REJECTED;
            case 18470, 18486, 18487, 18488 -> Kind.LOCKED;
            // A changed password refused at the login itself, which nobody here asks for: no reason to try another.
            case 18462, 18463, 18464, 18465, 18466, 18467, 18468, 40620 -> Kind.VALUE_REFUSED;
            case 18471 -> Kind.FORBIDDEN;
            case 916, 4060, 17892, 18450, 18452, 40532, 40615, 40914 -> Kind.MISCONFIGURED;
            case 976, 978 -> Kind.READ_ONLY;
            default -> transientFault(code) ? Kind.UNREACHABLE : null;
        });
    }

    /** Starting, stopping, full, only for administrators, or a connection that broke. */
    private static boolean transientFault(int code) {
        return switch (code) {
            case 64, 233, 983, 4221, 6005, 10053, 10054, 10060, 10928, 10929, 17142, 17187, 17188, 17189, 17809, 18401,
                    18451, 18458, 18459, 18460, 18461, 40197, 40501, 40613, 49918, 49919, 49920 -> true;
            default -> false;
        };
    }

    private static Kind unanswered(@Nullable String state, @Nullable Throwable cause) {
        Throwable root = cause;
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        // A connection that broke during the handshake ends in a plain IOException; a refusal ends in one of these.
        boolean tls = root instanceof SSLException || root instanceof GeneralSecurityException;
        return tls || state == null ? Kind.MISCONFIGURED : Kind.UNREACHABLE;
    }

    private static Kind question(int code) {
        return switch (code) {
            case 229, 230, 262, 297, 300, 15247 -> Kind.FORBIDDEN;
            case 1205, 1222 -> Kind.CONFLICT;
            default -> transientFault(code) ? Kind.UNREACHABLE : Kind.MISCONFIGURED;
        };
    }

    /** A number that is not known to be a refusal may be anything, also an effect whose report failed. */
    private static Kind change(Phase phase, int code) {
        return switch (code) {
            // Wrong OLD_PASSWORD and missing right look the same; for an account's own change the first is likelier.
            case 15151 -> phase == Phase.OWN_CHANGE ? Kind.CONFLICT : Kind.FORBIDDEN;
            case 15211, 1205, 1222 -> Kind.CONFLICT;
            case 15113 -> Kind.LOCKED;
            case 15114, 15115, 15116, 15117, 15118, 15119, 15120, 15156 -> Kind.VALUE_REFUSED;
            case 229, 230, 262, 297, 300, 3609, 15247 -> Kind.FORBIDDEN;
            case 3906 -> Kind.READ_ONLY;
            case 5001 -> Kind.MISCONFIGURED;
            default -> Kind.UNKNOWN;
        };
    }

    static TargetException atLogin(SQLException e, String host, TlsSettings tls) {
        Optional<String> refusal = TlsSettings.refusal(e);
        if (refusal.isPresent()) {
            return new TargetException(Kind.MISCONFIGURED, refusal.get(), "compare the fingerprint with the server's"
                    + " certificate, and pass the authority that signed it as PEM text in options.ca");
        }
        int code = loginCode(e);
        Throwable cause = e.getCause();
        if (code == 0 && cause == null && aboutTls(e, host)) {
            cause = new SSLException("the server offers no encryption, or demands it");
        }
        Kind kind = kind(Phase.LOGIN, code, e.getSQLState(), cause);
        if (code != 0) {
            return new TargetException(kind, "the server refused the login (SQL Server " + code + "): " + loginText(code));
        }
        if (kind == Kind.MISCONFIGURED) {
            return new TargetException(kind, "no connection as options.tls asks for (" + tls + ") can be made: the server's"
                    + " encryption settings do not fit, or a field of the secret does not",
                    "have encryption set up on the server, or choose options.tls as the server is");
        }
        return new TargetException(kind, "the server did not answer a login (" + e.getSQLState() + ")");
    }

    /** A server that took the password and then failed says so and 18456, in either order; the reason counts. */
    private static int loginCode(SQLException e) {
        for (SQLException next = e; next != null; next = next.getNextException()) {
            int code = next.getErrorCode();
            if (code != 18456 && login(code).isPresent()) {
                return code;
            }
        }
        return e.getErrorCode();
    }

    /** There is no code for this one, and no cause. The three letters are in the driver's message in all its languages. */
    private static boolean aboutTls(SQLException e, String host) {
        return String.valueOf(e.getMessage()).replace(host, "").contains("SSL");
    }

    private static String loginText(int code) {
        return switch (code) {
            case 18456 -> "wrong password, no such account, or one that may not log in with a password; the server's own"
                    + " log tells which";
            case 18486 -> "the account is locked out";
            case 18487, 18488 -> "the password has expired or must be changed, which only an administrator can do here";
            case 18470 -> "the account is disabled";
            case 916, 4060, 40532 -> "the database cannot be opened: it does not exist, or the account may not use it";
            case 976, 978 -> "this node is a secondary replica";
            case 17892 -> "a logon trigger forbade it";
            case 18450, 18452 -> "the server takes Windows accounts only";
            default -> transientFault(code) ? "the server takes no logins at the moment" : "look the number up";
        };
    }

    static TargetException atQuestion(SQLException e, String what) {
        int code = e.getErrorCode();
        return new TargetException(kind(Phase.QUESTION, code, e.getSQLState(), e.getCause()), code == 0
                ? "the connection broke while " + what : "the server refused (SQL Server " + code + ") while " + what);
    }

    static TargetException atChange(SQLException e, boolean own) {
        int code = e.getErrorCode();
        Kind kind = kind(own ? Phase.OWN_CHANGE : Phase.ADMIN_CHANGE, code, e.getSQLState(), e.getCause());
        String number = code == 0 ? String.valueOf(e.getSQLState()) : "SQL Server " + code;
        if (kind == Kind.UNKNOWN) {
            return new TargetException(kind, "the change was sent, and no answer says whether it happened (" + number + ")");
        }
        String fix = switch (code) {
            case 15114 -> "wait for the minimum password age, or rotate with an administrator's credential";
            case 15118 -> "see that the argument \"password\" (length, excludeCharacters) leaves three of upper case, lower case, digits and"
                    + " symbols, and that the server asks for no more than that; then run the job again";
            case 5001 -> "set the secret's database to master";
            default -> kind == Kind.FORBIDDEN ? GRANTS : null;
        };
        return new TargetException(kind, "the server refused the change (" + number + "): " + changeText(code, own), fix);
    }

    private static String changeText(int code, boolean own) {
        return switch (code) {
            case 15151 -> own ? "the old value did not match, or this account may not change itself; the number is the same"
                    : "no such account, or this administrator may not change it";
            case 15211 -> "the old value did not match";
            case 1205, 1222 -> "another session is busy with the account";
            case 15113 -> "the account is locked after too many wrong old values";
            case 15114 -> "the password is too young to be changed";
            case 15115 -> "the value was used before";
            case 15116, 15117, 15156 -> "the value's length";
            case 15118 -> "the value is not complex enough";
            case 15119, 15120 -> "a password filter or the policy check failed";
            case 3609 -> "a DDL trigger forbade it";
            case 3906 -> "the database is read-only";
            case 5001 -> "logins can be changed in the database master only";
            default -> "a right is missing";
        };
    }
}
