package dev.keyturn.plugin.mysql;

import com.mysql.cj.MysqlConnection;
import com.mysql.cj.NativeSession;
import com.mysql.cj.protocol.a.NativeCapabilities;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts that are sent on one connection, each with one or more statements. A text is one round trip. The server stops at the first error,
 * and what it answered before that is lost.
 *
 * <p>Since the connection takes several statements at once, a mistake in quoting could add one (R9). So every value goes through
 * {@link #quoted}, and none into a text with several statements before {@link #begin} has given the session the mode under which a doubled
 * quote is all there is to quoting. The server reads each statement when its turn has come, in the mode that holds then.
 */
final class Statements {

    private static final int NO_BACKSLASH_ESCAPES = 512; // A flag of the server's greeting.
    private static final int CLOSE_MILLIS = 1_000;

    private final Connection connection;
    private boolean backslashEscapes; // Until the session has its mode: one with an expired password may not even set that.

    Statements(Connection connection) {
        this.connection = connection;
        int greeting = ((NativeCapabilities) session().getServerSession().getCapabilities()).getStatusFlags();
        backslashEscapes = (greeting & NO_BACKSLASH_ESCAPES) == 0;
    }

    private NativeSession session() {
        return (NativeSession) ((MysqlConnection) connection).getSession();
    }

    /** What the driver knows. */
    boolean encrypted() {
        return session().isSSLEstablished();
    }

    /** The server's version as its greeting has it. */
    String greetedVersion() throws SQLException {
        return connection.getMetaData().getDatabaseProductVersion();
    }

    void limit(int millis) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, millis);
    }

    /**
     * Gives the session its settings, and asks. Without backslash escapes a text literal needs one rule only, whatever the server's own
     * mode: a quote is doubled. What the driver would set itself is set here too, because it is told that all is well
     * ({@link DriverParts.Settings}): a server may ignore the character set that a login asks for, and may begin without autocommit.
     *
     * @param settings more of them
     * @param questions constant statements
     * @return what each question was answered
     */
    List<List<List<String>>> begin(String settings, String... questions) throws SQLException {
        List<String> all = new ArrayList<>();
        all.add("SET NAMES utf8mb4, autocommit = 1, sql_mode = 'NO_BACKSLASH_ESCAPES', " + settings);
        all.addAll(List.of(questions));
        List<List<List<String>>> answers = results(all.toArray(String[]::new));
        backslashEscapes = false;
        return answers.subList(1, answers.size());
    }

    /** A text literal. */
    String quoted(String text) {
        return "'" + (backslashEscapes ? text.replace("\\", "\\\\") : text).replace("'", "''") + "'";
    }

    void execute(String... statements) throws SQLException {
        results(statements);
    }

    List<String> row(String question) throws SQLException {
        return only(rows(question));
    }

    List<List<String>> rows(String question) throws SQLException {
        return results(question).get(0);
    }

    static List<String> only(List<List<String>> rows) throws SQLException {
        if (rows.size() != 1) {
            throw new SQLException("rows: " + rows.size());
        }
        return rows.get(0);
    }

    /** The rows that each statement answered; NULL reads as empty. */
    List<List<List<String>>> results(String... statements) throws SQLException {
        List<List<List<String>>> results = new ArrayList<>();
        // Not prepared: these statements cannot be. Not escape-processed: a value may hold braces. No query timeout: the driver
        // would open a second connection to end the statement; the socket's timeout does it.
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            boolean rows = statement.execute(String.join("; ", statements));
            while (rows || statement.getUpdateCount() >= 0) {
                results.add(rows ? rows(statement.getResultSet()) : List.of());
                rows = statement.getMoreResults();
            }
        }
        return results;
    }

    private static List<List<String>> rows(ResultSet result) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        while (result.next()) {
            List<String> row = new ArrayList<>();
            for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                String value = result.getString(column);
                row.add(value == null ? "" : value);
            }
            rows.add(row);
        }
        return rows;
    }

    private interface Work {
        void run() throws SQLException;
    }

    void close() {
        closeQuietly(connection);
    }

    /** The server's answer to the last statement is waited for: not for long. */
    void closeAfter(String last) {
        quietly(() -> {
            limit(CLOSE_MILLIS);
            execute(last);
        });
        closeQuietly(connection);
    }

    /** TLS would wait for the server's goodbye: a round trip from which nobody learns anything. */
    static void closeQuietly(Connection connection) {
        quietly(() -> connection.setNetworkTimeout(Runnable::run, 1));
        quietly(connection::close);
    }

    /** For what is left to do on a connection that may be broken: then there is nothing left to do. */
    private static void quietly(Work work) {
        try {
            work.run();
        } catch (SQLException e) {
            // The server drops a broken connection, and the lock with it.
        }
    }
}
