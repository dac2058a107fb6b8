package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.FORBIDDEN;
import static dev.keyturn.api.TargetException.Kind.MISCONFIGURED;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an administrator may read of other accounts, in {@code mysql.user}. */
final class UserTable {

    private final Statements sql;
    private final TargetContext context;
    private String user = ""; // The last one that was asked for, and the host part that was found for it.
    private String host = "";

    UserTable(Statements sql, TargetContext context) {
        this.sql = sql;
        this.context = context;
    }

    /** The host part of an account: looked up or given, never guessed. */
    String hostOf(Credential account) throws TargetException {
        if (!user.equals(account.user())) {
            host = context.option(MysqlTarget.ACCOUNT_HOST).isPresent()
                    ? context.option(MysqlTarget.ACCOUNT_HOST).get() : onlyHost(account);
            user = account.user();
        }
        return host;
    }

    private String onlyHost(Credential account) throws TargetException {
        String fix = "set options." + MysqlTarget.ACCOUNT_HOST + " to the host part of the account";
        try {
            List<List<String>> hosts = sql.rows("SELECT Host FROM mysql.user WHERE User = " + sql.quoted(account.user()));
            if (hosts.size() == 1) {
                return hosts.get(0).get(0);
            }
            throw new TargetException(MISCONFIGURED, hosts.isEmpty() ? "there is no account of that name"
                    : "there are " + hosts.size() + " accounts of that name, on the hosts "
                    + hosts.stream().map(row -> "\"" + row.get(0) + "\"").toList(), hosts.isEmpty() ? null : fix);
        } catch (SQLException e) {
            if (e.getErrorCode() == Errors.TABLE_NOT_PERMITTED) {
                throw new TargetException(FORBIDDEN, "the administrator may not look up the account's host in mysql.user (MySQL "
                        + e.getErrorCode() + ")", fix + ", or grant SELECT on mysql.user");
            }
            throw Errors.question(e);
        }
    }

    /** What MySQL keeps of an account's passwords; null if the administrator may not look. */
    @Nullable StoredHash passwordsOf(Credential account) throws TargetException {
        try {
            List<List<String>> found = sql.rows("SELECT plugin, HEX(authentication_string),"
                    + " HEX(JSON_UNQUOTE(JSON_EXTRACT(User_attributes, '$.additional_password')))"
                    + " FROM mysql.user WHERE User = " + sql.quoted(account.user()) + " AND Host = " + sql.quoted(hostOf(account)));
            if (found.isEmpty()) {
                throw new TargetException(MISCONFIGURED, "there is no account of that name on that host");
            }
            List<String> row = found.get(0);
            return new StoredHash(row.get(0), StoredHash.text(row.get(1)), StoredHash.text(row.get(2)));
        } catch (SQLException e) {
            if (e.getErrorCode() == Errors.TABLE_NOT_PERMITTED) {
                return null;
            }
            throw Errors.question(e);
        }
    }
}
