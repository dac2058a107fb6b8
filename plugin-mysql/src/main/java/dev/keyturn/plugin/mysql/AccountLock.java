package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.CONFLICT;

import dev.keyturn.api.TargetException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps another run off an account. It is held by the session, so it is gone with the connection even if this process is killed. */
final class AccountLock {

    private static final int LONGEST_NAME = 64;

    private final Statements sql;
    private @Nullable String name;

    AccountLock(Statements sql) {
        this.sql = sql;
    }

    /** Takes it, and asks what the session's own account may do: one round trip. */
    Grants takeAndAskGrants(String account) throws SQLException, TargetException {
        String wanted = name(account);
        List<List<List<String>>> answers;
        try {
            answers = sql.results("SELECT GET_LOCK(" + sql.quoted(wanted) + ", 0)", Grants.QUESTION);
        } catch (SQLException e) {
            if (e.getErrorCode() > 0) {
                return Grants.of(sql.rows(Grants.QUESTION)); // Some clusters forbid such locks.
            }
            throw e;
        }
        if (!Statements.only(answers.get(0)).get(0).equals("1")) {
            throw new TargetException(CONFLICT, "another session holds the lock \"" + wanted + "\": another rotation of this"
                    + " account is under way", "wait until it has ended");
        }
        name = wanted;
        return Grants.of(answers.get(1));
    }

    private static String name(String account) {
        String name = "keyturn:" + account;
        return name.codePointCount(0, name.length()) <= LONGEST_NAME ? name
                : "keyturn:" + StoredHash.hex(StoredHash.sha256(account.getBytes(StandardCharsets.UTF_8))).substring(0, 48);
    }

    boolean held() {
        return name != null;
    }

    /** Ends the session. The server notices a closed connection a moment later; a next run must not find the lock still taken. */
    void releaseAndClose() {
        if (name == null) {
            sql.close();
        } else {
            sql.closeAfter("DO RELEASE_LOCK(" + sql.quoted(name) + ")");
        }
    }
}
