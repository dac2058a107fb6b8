package dev.keyturn.plugin.mssql;

import static dev.keyturn.plugin.mssql.MssqlAccount.text;

import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.plugin.mssql.MssqlQuestions.Answer;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has to be known before a change. Everything is asked at once, and read afterwards: then an answer may be an objection. */
final class MssqlSurvey {

    /** Roles and permissions, on the server and in the database. Its names and the server's may sort differently. */
    private static final String RIGHTS = """
            SELECT N'server role ' + name COLLATE DATABASE_DEFAULT AS granted FROM sys.server_principals
             WHERE type = 'R' AND IS_SRVROLEMEMBER(name) = 1
             UNION SELECT N'database role ' + name COLLATE DATABASE_DEFAULT FROM sys.database_principals
             WHERE type = 'R' AND IS_ROLEMEMBER(name) = 1
             UNION SELECT N'server ' + permission_name COLLATE DATABASE_DEFAULT FROM sys.fn_my_permissions(NULL, 'SERVER')
             UNION SELECT N'database ' + permission_name COLLATE DATABASE_DEFAULT FROM sys.fn_my_permissions(NULL, 'DATABASE')""";

    private final MssqlAccount account;
    private final Answer may;
    private final Answer server;
    private final Answer lock;

    private MssqlSurvey(MssqlAccount account, List<Answer> answers) {
        this.account = account;
        this.may = answers.get(0);
        this.server = answers.get(1);
        this.lock = answers.get(2);
    }

    /**
     * Asks, and takes the account's lock: one run for one account. The lock belongs to the session and ends with it. Its name counts for
     * one database only, so it is taken in the one that holds the password. Without it, the old value in the statement still decides.
     *
     * @param own whether the session is the account's own
     * @param lockMillis to wait: the server may take a moment to notice that the session before this one has ended
     */
    static MssqlSurvey ask(MssqlQuestions questions, MssqlAccount account, boolean own, int lockMillis) throws SQLException {
        boolean contained = account.contained();
        List<Answer> answers = questions.together(own ? RIGHTS : may(account),
                "SELECT CONVERT(nvarchar(16), DATABASEPROPERTYEX(" + (contained ? "DB_NAME()" : "N'master'")
                        + ", 'Updateability')) AS updateability,"
                        + " CONVERT(nvarchar(8), SERVERPROPERTY('IsHadrEnabled')) AS hadr,"
                        + " CONVERT(nvarchar(8), SERVERPROPERTY('EngineEdition')) AS edition",
                "SET NOCOUNT ON; DECLARE @outcome int; EXEC @outcome = " + (contained ? "" : "master.")
                        + "sys.sp_getapplock @Resource = " + text("keyturn/" + account.name()) + ", @LockMode = 'Exclusive',"
                        + " @LockOwner = 'Session', @LockTimeout = " + lockMillis + "; SELECT @outcome AS outcome");
        return new MssqlSurvey(account, answers);
    }

    private static String may(MssqlAccount account) {
        String name = text(account.name());
        return account.contained()
                ? "SELECT HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'ALTER ANY USER') AS may_alter"
                : "SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'ALTER ANY LOGIN') AS may_alter,"
                        + " HAS_PERMS_BY_NAME(NULL, NULL, 'CONTROL SERVER') AS may_control,"
                        + " IS_SRVROLEMEMBER('sysadmin', " + name + ") AS is_sysadmin,"
                        + " CONVERT(nvarchar(8), LOGINPROPERTY(" + name + ", 'IsLocked')) AS is_locked,"
                        + " CONVERT(nvarchar(16), LOGINPROPERTY(" + name + ", 'BadPasswordCount')) AS bad_passwords,"
                        + " (SELECT CONVERT(nvarchar(8), is_disabled) FROM sys.sql_logins WHERE name = " + name
                        + ") AS is_disabled";
    }

    /** What the session's own account may. */
    Survey rights() {
        SQLException refusal = may.refusal();
        if (refusal != null) {
            return Survey.empty().withWarning("the server does not tell the account's rights (SQL Server "
                    + refusal.getErrorCode() + ")");
        }
        Set<String> rights = new HashSet<>();
        may.rows().forEach(row -> rights.addAll(row.values()));
        return Survey.empty().withRights(rights);
    }

    /** Whether the administrator may, and whether the account could log in afterwards. NULL is "not told", and no objection. */
    Survey asAdministrator(boolean unlock) throws SQLException, TargetException {
        Map<String, String> row = may.row();
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
    Survey server(Survey survey) throws SQLException, TargetException {
        Map<String, String> row = server.row();
        if ("READ_ONLY".equals(row.get("updateability"))) {
            throw new TargetException(Kind.READ_ONLY, "the database that holds the password is read-only on this node");
        }
        // Editions from 5 on are Azure's, where replicas share their logins.
        boolean groups = "1".equals(row.get("hadr")) && Set.of("1", "2", "3", "4").contains(row.getOrDefault("edition", ""));
        return groups && !account.contained() ? survey.withWarning("availability groups are enabled on this server, and logins"
                + " are not copied between replicas: name every replica in options.nodes, or a failover brings the old value"
                + " back to life") : survey;
    }

    /** Does the session have the lock? */
    Survey lock(Survey survey) throws SQLException, TargetException {
        SQLException refusal = lock.refusal();
        String outcome = refusal != null ? "SQL Server " + refusal.getErrorCode() : lock.row().get("outcome");
        if ("-1".equals(outcome)) {
            throw new TargetException(Kind.CONFLICT, "another run holds the lock for this account");
        }
        return "0".equals(outcome) || "1".equals(outcome) ? survey : survey.withWarning("the server gave no lock for the account (" + outcome
                + "): see to it that no two rotations of it run at once");
    }
}
