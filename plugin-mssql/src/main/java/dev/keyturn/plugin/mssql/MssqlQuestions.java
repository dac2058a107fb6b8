package dev.keyturn.plugin.mssql;

import static dev.keyturn.plugin.mssql.MssqlAccount.text;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the plugin asks the server. None of it changes anything, and none of it holds a password. */
final class MssqlQuestions {

    /** One result set, without the columns that are NULL; or what the server said in place of it. */
    record Answer(List<Map<String, String>> rows, @Nullable SQLException refusal) {

        /** The first row, or nothing. */
        Map<String, String> row() throws SQLException {
            if (refusal != null) {
                throw refusal;
            }
            return rows.isEmpty() ? Map.of() : rows.get(0);
        }
    }

    private final Connection connection;

    MssqlQuestions(Connection connection) {
        this.connection = connection;
    }

    /**
     * The kind of account is told by the session's own user: authentication type 2 is a password in the database. A
     * database that allows contained users can be entered by logins too, and of authenticating_database_id it is not
     * certain what it holds for them.
     *
     * @param lockMillis from now on the server gives up waiting for a lock before the client gives up waiting for the server
     */
    MssqlAccount whoAmI(int lockMillis) throws SQLException, TargetException {
        Map<String, String> row = alone("SET LOCK_TIMEOUT " + lockMillis
                + "; SELECT ORIGINAL_LOGIN() AS login_name, USER_NAME() AS user_name, COALESCE(@@SERVERNAME,"
                + " CONVERT(nvarchar(128), SERVERPROPERTY('ServerName'))) AS server_name, DB_NAME() AS database_name,"
                + " (SELECT CONVERT(nvarchar(8), authentication_type) FROM sys.database_principals"
                + " WHERE principal_id = DATABASE_PRINCIPAL_ID()) AS user_kind").row();
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
        Map<String, String> row = alone("SELECT SUSER_SNAME(SUSER_SID(" + name + ")) AS login_name, DB_NAME() AS database_name,"
                + " (SELECT CONVERT(nvarchar(8), authentication_type) FROM sys.database_principals WHERE name = " + name
                + ") AS user_kind").row();
        String database = row.getOrDefault("database_name", "");
        boolean contained = "2".equals(row.get("user_kind"))
                && account.find(MssqlTarget.DATABASE).orElse(database).equalsIgnoreCase(database);
        String login = row.get("login_name");
        return new MssqlAccount(contained || login == null ? account.user() : login, contained, "");
    }

    /**
     * Asks in one batch, which is one round trip. An error may end a batch and take other answers with it, so after one
     * each question is asked anew by itself. Each may be: a lock that the session holds it is given again.
     *
     * @param questions each with one result set
     * @return as many answers, in this order
     */
    List<Answer> together(String... questions) throws SQLException {
        try {
            List<Answer> answers = batch(String.join("; ", questions));
            if (answers.size() == questions.length) {
                return answers;
            }
        } catch (SQLException e) {
            throwUnlessServers(e);
        }
        List<Answer> answers = new ArrayList<>();
        for (String question : questions) {
            answers.add(alone(question));
        }
        return answers;
    }

    private Answer alone(String question) throws SQLException {
        try {
            return batch(question).stream().findFirst().orElseThrow(() -> new SQLException("no rows"));
        } catch (SQLException e) {
            throwUnlessServers(e);
            return new Answer(List.of(), e);
        }
    }

    /** The driver's own complaints have no number: the connection broke. */
    private static void throwUnlessServers(SQLException e) throws SQLException {
        if (e.getErrorCode() == 0) {
            throw e;
        }
    }

    /** All result sets, whatever update counts come between them. */
    private List<Answer> batch(String sql) throws SQLException {
        List<Answer> answers = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (rows || statement.getUpdateCount() != -1) {
                if (rows) {
                    answers.add(new Answer(rows(statement.getResultSet()), null));
                }
                rows = statement.getMoreResults();
            }
        }
        return answers;
    }

    private static List<Map<String, String>> rows(ResultSet from) throws SQLException {
        List<Map<String, String>> rows = new ArrayList<>();
        while (from.next()) {
            Map<String, String> columns = new HashMap<>();
            for (int i = 1; i <= from.getMetaData().getColumnCount(); i++) {
                String value = from.getString(i);
                if (value != null) {
                    columns.put(from.getMetaData().getColumnLabel(i), value);
                }
            }
            rows.add(columns);
        }
        return rows;
    }
}
