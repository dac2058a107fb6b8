package dev.keyturn.plugin.mssql;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An account as the server names it.
 *
 * @param name its name
 * @param contained whether it is a user whose password lies in the current database, not a login of the whole server
 * @param place where it is logged in: the server, and the database of a contained user; empty for somebody else's account
 */
record MssqlAccount(String name, boolean contained, String place) {

    private static final Pattern LIMIT = Pattern.compile("\\{\\s*limit\\s", Pattern.CASE_INSENSITIVE);

    /**
     * Whether the driver may change the statement: it replaces {@code {limit n}}, whatever setEscapeProcessing says. Inside
     * quotes it does not, but it does not know brackets, and so a quote or the like in the name puts it out of step.
     */
    boolean rewritten(String sql) {
        return LIMIT.matcher(sql).find() && !name.matches("[^'({]*");
    }

    /** ALTER LOGIN takes no parameters, and dynamic SQL would defeat the server's redaction. So values are quoted here. */
    String alter(String password, @Nullable String oldPassword, boolean unlock) {
        return (contained ? "ALTER USER " : "ALTER LOGIN ") + "[" + name.replace("]", "]]") + "] WITH PASSWORD = "
                + text(password) + (oldPassword == null ? "" : " OLD_PASSWORD = " + text(oldPassword))
                + (unlock && !contained ? " UNLOCK" : "");
    }

    /** N: without it, characters outside the database's code page would be lost. */
    static String text(String value) {
        return "N'" + value.replace("'", "''") + "'";
    }
}
