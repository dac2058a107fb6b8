package dev.keyturn.probe;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A change by one statement. */
final class Sql {

    /** How to connect. */
    interface Opening {
        Connection open(Account account) throws SQLException;
    }

    private Sql() {
    }

    static void changeAndTest(Opening opening, Account account, String to, String statement) {
        try {
            try (Connection connection = opening.open(account); Statement sender = connection.createStatement()) {
                sender.execute(statement);
            }
            opening.open(new Account(account.user(), to)).close();
        } catch (SQLException e) {
            // Not with its cause: a driver's text may quote the statement.
            throw new IllegalStateException("the server refused a change: " + e.getSQLState() + " " + e.getErrorCode());
        }
    }
}
