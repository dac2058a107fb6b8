package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.CONFLICT;
import static dev.keyturn.api.TargetException.Kind.FORBIDDEN;
import static dev.keyturn.api.TargetException.Kind.MISCONFIGURED;
import static dev.keyturn.api.TargetException.Kind.UNKNOWN;

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
 * MySQL: an account can have a primary and a secondary password, and its owner's changes compare before they set.
 *
 * <p>{@code REPLACE} compares with the primary one only. {@code RETAIN} makes the primary one secondary and drops the secondary
 * one. So {@code RETAIN} is only ever sent when it is certain that the value to keep is the primary one.
 */
final class MysqlSession extends AccountSession {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*", Pattern.DOTALL);
    private static final Pattern METHOD = Pattern.compile(" IDENTIFIED WITH '([^']*)'");
    private static final String OWN = "ALTER USER USER()";
    private static final String RETAIN = " RETAIN CURRENT PASSWORD";
    private static final String DISCARD = " DISCARD OLD PASSWORD";
    private static final String MARK = "@keyturn_changed";

    private int changes;

    MysqlSession(Statements sql, Credential credential, TargetContext context) {
        super(sql, credential, context);
    }

    @Override
    String limits(int seconds) {
        return ""; // max_execution_time binds SELECT only; the two lock time-outs bind ALTER USER.
    }

    @Override
    String instanceExpression() {
        return "@@server_uuid";
    }

    @Override
    Set<String> methods() {
        return StoredHash.METHODS;
    }

    @Override
    Pattern method() {
        return METHOD;
    }

    @Override
    void requireVersion(String version) throws TargetException {
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches() || 10_000 * Integer.parseInt(parts.group(1)) + 100 * Integer.parseInt(parts.group(2))
                + Integer.parseInt(parts.group(3)) < 80_014) {
            throw new TargetException(MISCONFIGURED, "the server's version is below 8.0.14: not tried, so not touched",
                    "use MySQL 8.0.14 or later, or MariaDB");
        }
    }

    @Override
    Survey survey(boolean own, Credential account, Grants grants) throws TargetException {
        if (own) {
            return grants.include("APPLICATION_PASSWORD_ADMIN", "*.*") || grants.include("CREATE USER", "*.*")
                    ? Survey.empty().withOverlap()
                    : Survey.empty().withWarning("the account lacks APPLICATION_PASSWORD_ADMIN: its old password stops working"
                    + " with the change, and a second one, should it have one from an earlier rotation, goes on working");
        }
        if (!grants.include("CREATE USER", "*.*") && !grants.include("UPDATE", "*.*", "`mysql`.*")) {
            throw new TargetException(FORBIDDEN, "the administrator may not change other accounts: CREATE USER is missing");
        }
        StoredHash stored = users.passwordsOf(account);
        if (stored == null) {
            return Survey.empty().withWarning("the administrator may not read mysql.user, so it cannot be known which password"
                    + " is the account's current one: the old one stops working with the change");
        }
        requireMethod(stored.method());
        return Survey.empty().withOverlap();
    }

    @Override
    public void change(Change change) throws TargetException {
        // Any other change has room for no third value: what it does not keep goes with it.
        if (change.finishes()) {
            if (change.retired().isPresent()) {
                retire(change.retired().get());
            }
            return;
        }
        Login.refuseTooLong(change.to().password(), context.tls());
        boolean own = own(change.to());
        String account = own ? OWN : "ALTER USER " + quotedAccount(change.to());
        String set = account + " IDENTIFIED BY " + sql.quoted(change.to().password());
        if (!change.keepFrom()) {
            // A repeat of the owner's change misses the comparison. There is none for an administrator's; it has the same end.
            setAndDiscard(own ? set + replacing(credential) : set, account + DISCARD);
        } else if (own) {
            keepOwn(set, change.to());
        } else {
            send(set + keepingOther(change));
        }
    }

    /**
     * Changes so that the session's own password goes on working. Without {@code REPLACE} a repeat would make the new value
     * primary <em>and</em> secondary, and cut every client off.
     *
     * <p>If the comparison misses, the password that has just opened this session is not the primary one, and there are two
     * reasons. Either this is a repeat: then the new value is the primary one already. Or an earlier run was killed after its
     * change, and the value that it made is lost: the session's password works as the secondary one, and {@code REPLACE} would
     * miss for ever. Then a change with neither {@code REPLACE} nor {@code RETAIN} takes the place of the lost value and leaves
     * the secondary one alone.
     */
    private void keepOwn(String set, Credential to) throws TargetException {
        if (hits(set + replacing(credential) + RETAIN)) {
            return;
        }
        if (hits(set + replacing(to))) {
            throw new TargetException(CONFLICT, "the new value is the account's current password already");
        }
        send(set);
    }

    /** Keeps the value that the change comes from, wherever the account has it. Asks first: there is no comparison. */
    private String keepingOther(Change change) throws TargetException {
        StoredHash stored = users.passwordsOf(change.to());
        if (stored == null) {
            throw new TargetException(FORBIDDEN, "the administrator may not read mysql.user, so no value can be kept");
        }
        if (stored.primaryIs(change.to())) {
            throw new TargetException(CONFLICT, "the new value is the account's current password already");
        }
        if (change.from().isPresent() && stored.primaryIs(change.from().get())) {
            return RETAIN;
        }
        if (change.from().isPresent() && stored.secondaryIs(change.from().get())) {
            return "";
        }
        throw new TargetException(CONFLICT, "the value to keep is none of the account's passwords");
    }

    /**
     * A change that keeps nothing: a second password of an earlier rotation goes too, where that is permitted. One round trip, because
     * meanwhile clients are refused. If the server refuses one of the two, a mark that is set in between tells which.
     */
    private void setAndDiscard(String set, String discard) throws TargetException {
        if (expired()) { // The mode may not be what quoting in a text with several statements needs.
            send(set);
            try {
                sql.execute(discard);
            } catch (SQLException e) {
                requireNotPermitted(e);
            }
            return;
        }
        String mark = Integer.toString(++changes);
        try {
            sql.execute(set, "SET " + MARK + " = " + mark, discard);
        } catch (SQLException e) {
            if (e.getErrorCode() == 0 || !marked(mark)) {
                throw Errors.change(e);
            }
            requireNotPermitted(e);
        }
    }

    private boolean marked(String mark) throws TargetException {
        try {
            return sql.row("SELECT " + MARK).get(0).equals(mark);
        } catch (SQLException e) {
            throw Errors.change(e);
        }
    }

    private static void requireNotPermitted(SQLException discarding) throws TargetException {
        if (discarding.getErrorCode() != Errors.NOT_PERMITTED) {
            throw new TargetException(UNKNOWN, "the password was changed, but whether an older second one still works is not"
                    + " known (MySQL " + discarding.getErrorCode() + ")");
        }
    }

    /**
     * Drops the secondary password, if that is {@code old}.
     *
     * <p>An administrator looks. The owner may not, and a login would be a refused one if {@code old} is gone already. So the
     * owner makes sure of what counts, that the session's own password is the primary one, and drops the other: whatever it is,
     * the {@code RETAIN} of the next overlapping rotation would drop it as well. If the session's own is the
     * secondary one, then {@code old} can only be the primary one, and is replaced by the session's own if it is.
     */
    private void retire(Credential old) throws TargetException {
        if (!own(old)) {
            StoredHash stored = users.passwordsOf(old);
            if (stored == null || stored.primaryIs(old)) {
                throw new TargetException(CONFLICT, stored == null ? "the administrator may not read mysql.user, so no value can"
                        + " be retired" : "the value to retire is the account's current password");
            }
            if (stored.secondaryIs(old)) {
                send("ALTER USER " + quotedAccount(old) + DISCARD);
            }
            return;
        }
        String setOwn = OWN + " IDENTIFIED BY " + sql.quoted(credential.password());
        try {
            if (!hits(setOwn + replacing(credential), OWN + DISCARD)) { // Where that misses, nothing is dropped.
                hits(setOwn + replacing(old));
            }
        } catch (TargetException e) {
            // The policy (a history, a rule that is newer than the password) answers before the comparison. Nothing is known, so
            // nothing is dropped: the next rotation ends the old value.
            if (e.kind() != TargetException.Kind.VALUE_REFUSED) {
                throw e;
            }
        }
    }

    private String replacing(Credential current) throws TargetException {
        return " REPLACE " + sql.quoted(current.password());
    }

    /** Sends a change with a comparison, and what is to be done if it does not miss. False if it missed. */
    private boolean hits(String... change) throws TargetException {
        try {
            sql.execute(change);
            return true;
        } catch (SQLException e) {
            if (e.getErrorCode() == Errors.NOT_THE_CURRENT_PASSWORD) {
                return false;
            }
            throw Errors.change(e);
        }
    }
}
