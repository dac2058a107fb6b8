package dev.keyturn.plugin.mssql;

import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSchema;
import dev.keyturn.api.TargetSchema.Field;
import dev.keyturn.api.TargetSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Changes the password of a SQL Server login or of a contained database user. */
public final class MssqlTarget implements RotationTarget {

    static final String DATABASE = "database";
    static final String UNLOCK = "unlock";

    /** 128 UTF-16 units are the server's limit; 128 bytes never exceed it, whatever the characters. */
    static final PasswordRules RULES = PasswordRules.standard().withMaxBytes(128).withUnicode();

    private static final TargetSchema SCHEMA = TargetSchema.of(
            Field.required(Credential.HOST, "cdbHost"),
            Field.defaulted(Credential.PORT, "1433", "cdbPort"),
            Field.required(Credential.USER, "username", "cdbUser"),
            Field.required(Credential.PASSWORD, "cdbPassword"),
            Field.optional(DATABASE, "cdbDatabase"),
            Field.optional("ca"))
            .withOption(UNLOCK, "true: an administrator's change also unlocks a login that is locked out; default false");

    /** Made by the engine's plugin loader. */
    public MssqlTarget() {
    }

    // Below this the driver logs whole statements, passwords included. Kept in a field: a logger that nobody holds forgets its level.
    private static final Logger DRIVER_LOG = Logger.getLogger("com.microsoft.sqlserver.jdbc");

    static {
        DRIVER_LOG.setLevel(Level.INFO);
    }

    @Override
    public String type() {
        return "mssql";
    }

    @Override
    public TargetSchema schema() {
        return SCHEMA;
    }

    @Override
    public PasswordRules passwordRules() {
        return RULES;
    }

    @Override
    public boolean connectsAhead() {
        return true;
    }

    @Override
    public TargetSession open(Credential credential, TargetContext context) throws TargetException {
        MssqlGate gate = new MssqlGate(context);
        Properties settings = settings(credential, context);
        Connection connection;
        try {
            connection = gate.connect(settings);
        } catch (SQLException e) {
            throw MssqlErrors.atLogin(e, credential.host(), context.tls());
        }
        if (connection == null) {
            throw new TargetException(Kind.MISCONFIGURED, "the SQL Server driver did not take the connection");
        }
        boolean opened = false;
        try {
            int left = gate.left();
            if (left < 1) {
                throw new TargetException(Kind.UNREACHABLE, "the login took longer than " + context.loginMillis() + " ms");
            }
            connection.setNetworkTimeout(Runnable::run, left);
            TargetSession session = new MssqlSession(connection, credential, context);
            connection.setNetworkTimeout(Runnable::run, context.replyMillis());
            opened = true;
            return session;
        } catch (SQLException e) {
            throw MssqlErrors.atQuestion(e, "asking who is logged in");
        } finally {
            if (!opened) {
                MssqlSession.close(connection);
            }
        }
    }

    /** Everything goes through properties: a URL would give a meaning to characters of the secret's fields (R9). */
    private static Properties settings(Credential credential, TargetContext context) throws TargetException {
        String option = context.option(UNLOCK).orElse("false");
        if (!option.equals("true") && !option.equals("false")) {
            throw new TargetException(Kind.MISCONFIGURED, "the option \"" + UNLOCK + "\" is neither true nor false");
        }
        if (credential.password().length() > 128) {
            throw new TargetException(Kind.VALUE_REFUSED, "SQL Server holds no password of more than 128 characters");
        }
        Properties settings = new Properties();
        settings.setProperty("serverName", credential.host());
        settings.setProperty("portNumber", Integer.toString(credential.port()));
        settings.setProperty("user", plainName(credential.user(), Credential.USER));
        settings.setProperty("password", credential.password());
        if (credential.find(DATABASE).isPresent()) {
            settings.setProperty("databaseName", plainName(credential.text(DATABASE), DATABASE));
        }
        settings.setProperty("applicationName", "Keyturn");
        // One login, once (R6): both of the driver's own ways to try again are switched off.
        settings.setProperty("connectRetryCount", "0");
        settings.setProperty("transparentNetworkIPResolution", "false");
        // The first is the driver's limit for all of the login, and the most that it takes: it would count while the password is held
        // back. MssqlGate has the time for that, and for connecting. The second limits each wait for a packet.
        settings.setProperty("loginTimeout", "65535");
        settings.setProperty("socketTimeout", Integer.toString(context.loginMillis()));
        settings.setProperty("encrypt", Boolean.toString(context.tls().encrypted()));
        if (context.tls().verified()) {
            context.tls().trustManager(); // complains about an unreadable authority in the words of all plugins
            settings.setProperty("trustManagerClass", MssqlTrust.Verifying.class.getName());
            settings.setProperty("trustManagerConstructorArg", context.tls().ca().orElse(""));
        } else {
            settings.setProperty("trustServerCertificate", Boolean.toString(context.tls().encrypted()));
        }
        return settings;
    }

    private static String plainName(String name, String field) throws TargetException {
        if (name.length() > 128 || name.chars().anyMatch(Character::isISOControl)) {
            throw new TargetException(Kind.MISCONFIGURED, "the field \"" + field
                    + "\" is longer than 128 characters or has a control character", "correct the field in the secret");
        }
        return name;
    }
}
