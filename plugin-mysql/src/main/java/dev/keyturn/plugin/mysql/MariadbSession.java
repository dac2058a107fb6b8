package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.FORBIDDEN;
import static dev.keyturn.api.TargetException.Kind.MISCONFIGURED;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * MariaDB: one password at a time, and no comparison.
 *
 * <p>Its logs show every statement as it was sent. So what is sent is the hash that the server would make itself, with
 * {@code SET PASSWORD}: {@code ALTER USER} would need a right and forget the account's authentication method.
 */
final class MariadbSession extends AccountSession {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\..*", Pattern.DOTALL);
    private static final Pattern METHOD = Pattern.compile(
            " IDENTIFIED (?:BY PASSWORD '|VIA (\\w+(?: USING '[^']*')?(?: OR .*)?))", Pattern.DOTALL);

    MariadbSession(Statements sql, Credential credential, TargetContext context) {
        super(sql, credential, context);
    }

    @Override
    String limits(int seconds) {
        return ", max_statement_time = " + seconds; // Some of its locks heed only this.
    }

    @Override
    String instanceExpression() {
        return "CONCAT_WS(':', @@hostname, @@port, @@server_id)";
    }

    @Override
    Set<String> methods() {
        return Set.of("mysql_native_password"); // Connector/J can log in with no other of MariaDB's.
    }

    @Override
    Pattern method() {
        return METHOD;
    }

    @Override
    void requireVersion(String version) throws TargetException {
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches() || 100 * Integer.parseInt(parts.group(1)) + Integer.parseInt(parts.group(2)) < 1_004) {
            throw new TargetException(MISCONFIGURED, "the server is a MariaDB below 10.4: not tried, so not touched",
                    "use MariaDB 10.4 or later");
        }
    }

    @Override
    Survey survey(boolean own, Credential account, Grants grants) throws TargetException, SQLException {
        if (!own && !grants.include("UPDATE", "*.*", "`mysql`.*")) {
            throw new TargetException(FORBIDDEN, "the administrator may not change other accounts: UPDATE on mysql.* is missing");
        }
        if (!own) {
            requireMethodOf(account);
        }
        if (!checksPasswords()) {
            return Survey.empty();
        }
        if (!plaintextAllowed()) {
            throw new TargetException(MISCONFIGURED, "the server checks passwords (strict_password_validation) and so takes no"
                    + " hash; it would write a password that it can check into its general and slow log",
                    "switch strict_password_validation off, or accept that with options." + MysqlTarget.PLAINTEXT + " = true");
        }
        return Survey.empty().withWarning("the new password is sent in clear, because the server wants to check it: it stands in"
                + " the server's general and slow log, if those are on");
    }

    private void requireMethodOf(Credential account) throws TargetException, SQLException {
        try {
            requireMethod(methodIn(sql.row("SHOW CREATE USER " + quotedAccount(account)).get(0)));
        } catch (SQLException e) {
            if (e.getErrorCode() != Errors.DATABASE_NOT_PERMITTED) { // Then the change has to show it.
                throw e;
            }
        }
    }

    @Override
    public void change(Change change) throws TargetException {
        if (change.finishes()) {
            return;
        }
        String account = own(change.to()) ? "" : " FOR " + quotedAccount(change.to());
        send("SET PASSWORD" + account + " = " + value(change.to().password()));
    }

    private String value(String password) throws TargetException {
        try {
            if (plaintextAllowed() && checksPasswords()) {
                return "PASSWORD(" + sql.quoted(password) + ")";
            }
            return sql.quoted(StoredHash.nativeHash(password));
        } catch (SQLException e) {
            throw Errors.question(e);
        }
    }

    private boolean plaintextAllowed() {
        return "true".equals(context.option(MysqlTarget.PLAINTEXT).orElse("false"));
    }

    private boolean checksPasswords() throws SQLException {
        return "1".equals(sql.row("SELECT @@strict_password_validation AND EXISTS (SELECT 1 FROM information_schema.PLUGINS"
                + " WHERE PLUGIN_TYPE = 'PASSWORD VALIDATION' AND PLUGIN_STATUS = 'ACTIVE')").get(0));
    }
}
