package dev.keyturn.plugin.postgresql;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** One connection, one login, one question of one part or two. */
final class Login {

    private static final int OLDEST = 10;

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
        properties.setProperty("scramMaxIterations", Integer.toString(Facts.MOST_ITERATIONS));
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
            throw connection == null ? Errors.atLogin(e) : Errors.afterLogin(e);
        } finally {
            close(connection);
        }
    }

    /** What the session must know, and what its survey will ask if it is next: one round trip in either case. */
    private static Session ask(Connection connection, boolean byMd5, String user, TargetContext context)
            throws SQLException, TargetException {
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < OLDEST) {
            throw new TargetException(Kind.MISCONFIGURED, "the server is PostgreSQL " + version
                    + ", which would take the verifier for the password", "upgrade to PostgreSQL " + OLDEST + " or later");
        }
        boolean surveyed = context.surveyFollows();
        try (PreparedStatement question = connection.prepareStatement(surveyed ? Facts.QUESTION + ";" + Role.QUESTION : Facts.QUESTION)) {
            int next = Facts.fill(question, context.statementMillis());
            if (surveyed) {
                Role.fill(question, next, user);
            }
            question.execute();
            Facts facts = Facts.answered(question.getResultSet(), version, byMd5, user);
            Role role = surveyed && question.getMoreResults() ? Role.answered(question.getResultSet()) : null;
            return new Session(connection, context, user, facts, role);
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
