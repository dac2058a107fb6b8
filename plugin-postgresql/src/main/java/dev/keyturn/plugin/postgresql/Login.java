package dev.keyturn.plugin.postgresql;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** One connection, one login, one question. */
final class Login {

    private static final int OLDEST = 10;

    // One round trip for all: what the session must know, and the settings that it needs.
    // - The limits make the server give up before the client does. Other limits, of the role or the database, might end
    //   the session while it waits for its turn.
    // - A commit does not wait for a standby: that wait has no limit on the server, and the change would come true
    //   when nobody expects it any more.
    // - A role may be set to become another one at login (ALTER ROLE .. SET ROLE); as that one it could not change itself.
    // - default_transaction_read_only is a default and protects nothing; what it was is told by the transaction.
    // Nothing of it is done, and no row comes back, unless the process that answers is the one that took the login. A pooler
    // answers logins itself, from a list that may be old, makes a number up, and shares the session with others.
    private static final String FACTS = """
            SELECT session_user, current_setting('password_encryption'), current_setting('scram_iterations', true),
              to_char(pg_postmaster_start_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
              pg_is_in_recovery(), current_setting('transaction_read_only') = 'on', set_config('role', 'none', false),
              (SELECT count(set_config(name, value, false)) FROM (VALUES ('statement_timeout', ?), ('lock_timeout', ?),
                ('idle_session_timeout', '0'), ('transaction_timeout', '0'), ('synchronous_commit', 'local'),
                ('default_transaction_read_only', 'off')) AS wanted (name, value) JOIN pg_settings USING (name))
            WHERE pg_backend_pid() = ?
            """;

    private Login() {
    }

    static Session open(Credential credential, TargetContext context) throws TargetException {
        String user = plain(credential, Credential.USER);
        Properties properties = new Properties();
        // Everything is a property and nothing is in the URL, so no field can turn into a setting.
        properties.setProperty("PGHOST", credential.host());
        properties.setProperty("PGPORT", Integer.toString(credential.port()));
        properties.setProperty("PGDBNAME", plain(credential, PostgresqlTarget.DATABASE));
        properties.setProperty("user", user);
        properties.setProperty("password", credential.password());
        // A server that asks for no password, or for the plain one, would prove nothing or learn too much.
        properties.setProperty("requireAuth", "scram-sha-256,md5");
        properties.setProperty("scramMaxIterations", Integer.toString(Session.MOST_ITERATIONS));
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("loginTimeout", "0");
        properties.setProperty("ApplicationName", "keyturn");
        properties.setProperty("assumeMinServerVersion", Integer.toString(OLDEST));
        properties.setProperty("prepareThreshold", "0");
        // A database's owner may set a search path in which functions of his own come first.
        properties.setProperty("currentSchema", "pg_catalog");
        Connection connection = null;
        try {
            Wire.Connected connected = Wire.connect(properties, context);
            connection = connected.connection();
            Session session = ask(connection, connected.byMd5(), user, context);
            connection = null;
            return session;
        } catch (SQLException e) {
            throw Errors.atLogin(e);
        } finally {
            close(connection);
        }
    }

    private static Session ask(Connection connection, boolean byMd5, String user, TargetContext context)
            throws SQLException, TargetException {
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < OLDEST) {
            throw new TargetException(Kind.MISCONFIGURED, "the server is PostgreSQL " + version
                    + ", which would take the verifier for the password", "upgrade to PostgreSQL " + OLDEST + " or later");
        }
        try (PreparedStatement statement = connection.prepareStatement(FACTS)) {
            int millis = context.statementMillis();
            statement.setString(1, Integer.toString(millis));
            // A little less, so that a change that waits for somebody else's is known as such.
            statement.setString(2, Integer.toString(Math.max(1, millis - millis / 8)));
            statement.setInt(3, connection.unwrap(PGConnection.class).getBackendPID());
            try (ResultSet facts = statement.executeQuery()) {
                if (!facts.next()) {
                    throw Errors.pooler("the login was answered by a pooler, not by the server");
                }
                if (!user.equals(facts.getString(1))) {
                    throw new TargetException(Kind.NOT_PROVABLE, "the session belongs to another role than the one that logged in",
                            "point the secret at the server itself, not at a pooler; a role's name has at most 63 bytes");
                }
                // An MD5 sum is stored only where the server says so and asks for it: where pg_hba.conf wants SCRAM, a role with
                // an MD5 sum cannot log in, but where it wants MD5, one with a SCRAM verifier can.
                boolean md5 = byMd5 && "md5".equals(facts.getString(2));
                int iterations = facts.getString(3) == null ? Session.ITERATIONS
                        : Math.min(facts.getInt(3), Session.MOST_ITERATIONS);
                return new Session(connection, context, version, user, user + "@" + facts.getString(4),
                        facts.getBoolean(5), facts.getBoolean(6), md5, iterations);
            }
        }
    }

    /** A field as it is, unless it would end early: in the login, a NUL begins the next setting. */
    private static String plain(Credential credential, String field) throws TargetException {
        String value = credential.text(field);
        if (value.indexOf('\0') >= 0) {
            throw new TargetException(Kind.MISCONFIGURED, "the field \"" + field + "\" holds a NUL character",
                    "correct the field in the secret");
        }
        return value;
    }

    static void close(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // Nothing to be done, and nothing to be said: the socket is closed all the same.
            }
        }
    }
}
