package dev.keyturn.plugin.postgresql;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/**
 * What a session must know of its server, asked once.
 *
 * @param identity the role, and the moment at which the server was started
 * @param md5 whether the server wants the password's MD5 sum
 * @param iterations of SCRAM
 */
record Facts(int version, String identity, boolean standby, boolean readOnlyByDefault, boolean md5, int iterations) {

    /** What servers before PostgreSQL 16 use, and the driver always. */
    static final int ITERATIONS = 4096;
    /** More is neither made nor answered: it would be the caller who computes. */
    static final int MOST_ITERATIONS = 1_000_000;

    // One round trip for all: what the session must know, and the settings that it needs.
    // - The limits make the server give up before the client does. Other limits, of the role or the database, might end
    //   the session while it waits for its turn.
    // - A commit does not wait for a standby: that wait has no limit on the server, and the change would come true
    //   when nobody expects it any more.
    // - A role may be set to become another one at login (ALTER ROLE .. SET ROLE); as that one it could not change itself.
    // - default_transaction_read_only is a default and protects nothing; what it was is told by the transaction.
    // Nothing of it is done, and no row comes back, unless the process that answers is the one that took the login. A pooler
    // answers logins itself, from a list that may be old, makes a number up, and shares the session with others.
    static final String QUESTION = """
            SELECT session_user, current_setting('password_encryption'), current_setting('scram_iterations', true),
              to_char(pg_postmaster_start_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
              pg_is_in_recovery(), current_setting('transaction_read_only') = 'on', set_config('role', 'none', false),
              (SELECT count(set_config(name, value, false)) FROM (VALUES ('statement_timeout', ?), ('lock_timeout', ?),
                ('idle_session_timeout', '0'), ('transaction_timeout', '0'), ('synchronous_commit', 'local'),
                ('default_transaction_read_only', 'off')) AS wanted (name, value) WHERE current_setting(name, true) IS NOT NULL)
            WHERE pg_backend_pid() = ?
            """;

    /** Fills the question in; returns the number of the parameter after it. */
    static int fill(PreparedStatement question, int millis) throws SQLException {
        question.setString(1, Integer.toString(millis));
        // A little less, so that a change that waits for somebody else's is known as such.
        question.setString(2, Integer.toString(Math.max(1, millis - millis / 8)));
        question.setInt(3, question.getConnection().unwrap(PGConnection.class).getBackendPID());
        return 4;
    }

    static Facts answered(ResultSet found, int version, boolean byMd5, String user) throws SQLException, TargetException {
        if (!found.next()) {
            throw Errors.pooler("the login was answered by a pooler, not by the server");
        }
        if (!user.equals(found.getString(1))) {
            throw new TargetException(Kind.NOT_PROVABLE, "the session belongs to another role than the one that logged in",
                    "point the secret at the server itself, not at a pooler; a role's name has at most 63 bytes");
        }
        // An MD5 sum is stored only where the server says so and asks for it: where pg_hba.conf wants SCRAM, a role with
        // an MD5 sum cannot log in, but where it wants MD5, one with a SCRAM verifier can.
        boolean md5 = byMd5 && "md5".equals(found.getString(2));
        int iterations = found.getString(3) == null ? ITERATIONS : Math.min(found.getInt(3), MOST_ITERATIONS);
        return new Facts(version, user + "@" + found.getString(4), found.getBoolean(5), found.getBoolean(6), md5, iterations);
    }
}
