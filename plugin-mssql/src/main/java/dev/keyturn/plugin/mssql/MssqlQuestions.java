package dev.keyturn.plugin.mssql;

import static dev.keyturn.plugin.mssql.MssqlAccount.text;

import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the plugin asks the server. None of it changes anything, and none of it holds a password. */
final class MssqlQuestions {

    private final Connection connection;

    MssqlQuestions(Connection connection) {
        this.connection = connection;
    }

    /** The server gives up waiting for a lock before the client gives up waiting for the server. */
    void limitWaits(int millis) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCK_TIMEOUT " + millis);
        }
    }

    /**
     * The kind of account is told by the session's own user: authentication type 2 is a password in the database. A
     * database that allows contained users can be entered by logins too, and of authenticating_database_id it is not
     * certain what it holds for them.
     */
    MssqlAccount whoAmI() throws SQLException, TargetException {
        Map<String, String> row = row("SELECT ORIGINAL_LOGIN() AS login_name, USER_NAME() AS user_name, COALESCE(@@SERVERNAME,"
                + " CONVERT(nvarchar(128), SERVERPROPERTY('ServerName'))) AS server_name, DB_NAME() AS database_name,"
                + " (SELECT CONVERT(nvarchar(8), authentication_type) FROM sys.database_principals"
                + " WHERE principal_id = DATABASE_PRINCIPAL_ID()) AS user_kind");
        boolean contained = "2".equals(row.get("user_kind"));
        String name = row.get(contained ? "user_name" : "login_name");
        if (name == null) {
            throw new TargetException(Kind.NOT_PROVABLE, "the server does not say who is logged in");
        }
        return new MssqlAccount(name, contained, row.getOrDefault("server_name", "")
                + (contained ? "/" + row.get("database_name") : ""));
    }

    /** What an administrator's change would be about: a user of this database, if it has one of that name, else a login. */
    MssqlAccount account(Credential account) throws SQLException, TargetException {
        String name = text(account.user());
        Map<String, String> row = row("SELECT SUSER_SNAME(SUSER_SID(" + name + ")) AS login_name, DB_NAME() AS database_name,"
                + " (SELECT CONVERT(nvarchar(8), authentication_type) FROM sys.database_principals WHERE name = " + name
                + ") AS user_kind");
        String database = row.getOrDefault("database_name", "");
        boolean contained = "2".equals(row.get("user_kind"))
                && account.find(MssqlTarget.DATABASE).orElse(database).equalsIgnoreCase(database);
        String login = row.get("login_name");
        return new MssqlAccount(contained || login == null ? account.user() : login, contained, "");
    }

    /** Whether the administrator may, and whether the account could log in afterwards. NULL is "not told", and no objection. */
    Survey asAdministrator(MssqlAccount account, boolean unlock) throws SQLException, TargetException {
        String name = text(account.name());
        Map<String, String> row = row(account.contained()
                ? "SELECT HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'ALTER ANY USER') AS may_alter"
                : "SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'ALTER ANY LOGIN') AS may_alter,"
                        + " HAS_PERMS_BY_NAME(NULL, NULL, 'CONTROL SERVER') AS may_control,"
                        + " IS_SRVROLEMEMBER('sysadmin', " + name + ") AS is_sysadmin,"
                        + " CONVERT(nvarchar(8), LOGINPROPERTY(" + name + ", 'IsLocked')) AS is_locked,"
                        + " CONVERT(nvarchar(16), LOGINPROPERTY(" + name + ", 'BadPasswordCount')) AS bad_passwords,"
                        + " (SELECT CONVERT(nvarchar(8), is_disabled) FROM sys.sql_logins WHERE name = " + name
                        + ") AS is_disabled");
        if ("0".equals(row.get("may_alter")) || "1".equals(row.get("is_sysadmin")) && "0".equals(row.get("may_control"))) {
            throw new TargetException(Kind.FORBIDDEN, "the session's login may not change this account's password",
                    MssqlErrors.GRANTS);
        }
        if ("1".equals(row.get("is_disabled"))) {
            throw new TargetException(Kind.LOCKED, "the login is disabled", "ALTER LOGIN ... ENABLE");
        }
        if ("1".equals(row.get("is_locked")) && !unlock) {
            throw new TargetException(Kind.LOCKED, "the login is locked out, and stays so when its password changes",
                    "set options." + MssqlTarget.UNLOCK + " to \"true\" to unlock it with the change");
        }
        String bad = row.get("bad_passwords");
        return bad == null || bad.equals("0") ? Survey.empty() : Survey.empty().withWarning("the server counts " + bad
                + " wrong passwords in a row for this login: something goes on using an old value");
    }

    /** Is the place that holds the password writable, and is it the only one? */
    Survey server(MssqlAccount account, Survey survey) throws SQLException, TargetException {
        Map<String, String> row = row("SELECT CONVERT(nvarchar(16), DATABASEPROPERTYEX("
                + (account.contained() ? "DB_NAME()" : "N'master'") + ", 'Updateability')) AS updateability,"
                + " CONVERT(nvarchar(8), SERVERPROPERTY('IsHadrEnabled')) AS hadr,"
                + " CONVERT(nvarchar(8), SERVERPROPERTY('EngineEdition')) AS edition");
        if ("READ_ONLY".equals(row.get("updateability"))) {
            throw new TargetException(Kind.READ_ONLY, "the database that holds the password is read-only on this node");
        }
        // Editions from 5 on are Azure's, where replicas share their logins.
        boolean groups = "1".equals(row.get("hadr")) && Set.of("1", "2", "3", "4").contains(row.getOrDefault("edition", ""));
        return groups && !account.contained() ? survey.withWarning("availability groups are enabled on this server, and logins"
                + " are not copied between replicas: name every replica in options.nodes, or a failover brings the old value"
                + " back to life") : survey;
    }

    /** Roles and permissions that the session has, on the server and in its database. */
    Survey rights(Survey survey) throws SQLException {
        String same = " COLLATE DATABASE_DEFAULT"; // a server's and a database's names may sort differently
        String sql = "SELECT N'server role ' + name" + same + " AS granted FROM sys.server_principals"
                + " WHERE type = 'R' AND IS_SRVROLEMEMBER(name) = 1 UNION SELECT N'database role ' + name" + same
                + " FROM sys.database_principals WHERE type = 'R' AND IS_ROLEMEMBER(name) = 1 UNION SELECT N'server '"
                + " + permission_name" + same + " FROM sys.fn_my_permissions(NULL, 'SERVER') UNION SELECT N'database '"
                + " + permission_name" + same + " FROM sys.fn_my_permissions(NULL, 'DATABASE')";
        Set<String> rights = new HashSet<>();
        try (Statement statement = connection.createStatement(); ResultSet row = rows(statement, sql)) {
            while (row.next()) {
                rights.add(row.getString("granted"));
            }
            return survey.withRights(rights);
        } catch (SQLException e) {
            return survey.withWarning("the server does not tell the account's rights (SQL Server " + number(e) + ")");
        }
    }

    /**
     * One run for one account. The lock belongs to the session and ends with it. Its name counts for one database only, so
     * it is taken in the one that holds the password. Without it, the old value in the statement still decides.
     *
     * @param millis to wait: the server may take a moment to notice that the session before this one has ended
     */
    Survey lock(MssqlAccount account, Survey survey, int millis) throws SQLException, TargetException {
        String outcome;
        try {
            outcome = row("SET NOCOUNT ON; DECLARE @outcome int; EXEC @outcome = " + (account.contained() ? "" : "master.")
                    + "sys.sp_getapplock @Resource = " + text("keyturn/" + account.name()) + ", @LockMode = 'Exclusive',"
                    + " @LockOwner = 'Session', @LockTimeout = " + millis + "; SELECT @outcome AS outcome").get("outcome");
        } catch (SQLException e) {
            outcome = "SQL Server " + number(e);
        }
        if ("-1".equals(outcome)) {
            throw new TargetException(Kind.CONFLICT, "another run holds the lock for this account");
        }
        return "0".equals(outcome) || "1".equals(outcome) ? survey : survey.withWarning("the server gave no lock for the account (" + outcome
                + "): see to it that no two rotations of it run at once");
    }

    /** The server's error number, unless it was not the server that answered. */
    private static int number(SQLException e) throws SQLException {
        if (e.getErrorCode() == 0) {
            throw e;
        }
        return e.getErrorCode();
    }

    private Map<String, String> row(String sql) throws SQLException {
        Map<String, String> columns = new HashMap<>();
        try (Statement statement = connection.createStatement(); ResultSet row = rows(statement, sql)) {
            if (row.next()) {
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    String value = row.getString(i);
                    if (value != null) {
                        columns.put(row.getMetaData().getColumnLabel(i), value);
                    }
                }
            }
        }
        return columns;
    }

    /** The first result set, whatever update counts come before it. */
    private static ResultSet rows(Statement statement, String sql) throws SQLException {
        boolean rows = statement.execute(sql);
        while (!rows && statement.getUpdateCount() != -1) {
            rows = statement.getMoreResults();
        }
        if (!rows) {
            throw new SQLException("no rows");
        }
        return statement.getResultSet();
    }
}
