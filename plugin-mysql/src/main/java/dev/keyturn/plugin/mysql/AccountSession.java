package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.LOCKED;
import static dev.keyturn.api.TargetException.Kind.MISCONFIGURED;
import static dev.keyturn.api.TargetException.Kind.NOT_PROVABLE;
import static dev.keyturn.api.TargetException.Kind.READ_ONLY;

import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a login to either server has: who and where it is, and the account's lock. */
abstract class AccountSession implements TargetSession {

    private static final Set<String> OFF = Set.of("0", "OFF"); // Some versions answer in words.

    final Credential credential;
    final TargetContext context;
    final Statements sql;
    final UserTable users;
    private final AccountLock lock;
    private String current = ""; // The account that matched, user@host; empty while the password is expired.
    private String instance = "";
    private boolean expired;
    private boolean readOnly;
    private boolean inspected;

    AccountSession(Statements sql, Credential credential, TargetContext context) {
        this.sql = sql;
        this.credential = credential;
        this.context = context;
        this.users = new UserTable(sql, context);
        this.lock = new AccountLock(sql);
    }

    static AccountSession over(Statements sql, Credential credential, TargetContext context) throws SQLException {
        boolean mariadb = sql.greetedVersion().contains("MariaDB");
        return mariadb ? new MariadbSession(sql, credential, context) : new MysqlSession(sql, credential, context);
    }

    // What the two servers do differently.

    abstract String limits(int seconds);

    abstract String instanceExpression();

    abstract Set<String> methods();

    abstract Pattern method();

    abstract void requireVersion(String version) throws TargetException;

    abstract Survey survey(boolean own, Credential account, Grants grants) throws TargetException, SQLException;

    // After the login.

    /** The questions that follow a login, within its time: one text, so one round trip. */
    void inspect(long end) throws SQLException, TargetException {
        if (context.tls().encrypted() && !sql.encrypted()) {
            throw new TargetException(MISCONFIGURED, "the connection is not encrypted although it was asked to be");
        }
        int seconds = Math.max(1, context.statementMillis() / 1_000);
        String settings = "lock_wait_timeout = " + seconds + ", innodb_lock_wait_timeout = " + seconds + limits(seconds);
        try {
            limit(end);
            List<List<List<String>>> answers = sql.begin(settings,
                    "SELECT VERSION(), CURRENT_USER(), @@read_only, @@innodb_read_only, " + instanceExpression(),
                    "SHOW SESSION STATUS LIKE 'Ssl_cipher'", // Not from performance_schema, which may be off.
                    "SHOW CREATE USER CURRENT_USER()");
            List<String> answer = Statements.only(answers.get(0));
            requireVersion(answer.get(0));
            current = answer.get(1);
            readOnly = !OFF.contains(answer.get(2)) || !OFF.contains(answer.get(3));
            instance = answer.get(4);
            requireProof(Statements.only(answers.get(1)).get(1), Statements.only(answers.get(2)).get(0));
        } catch (SQLException e) {
            if (e.getErrorCode() != Errors.PASSWORD_EXPIRED) {
                throw explained(e);
            }
            expired = true; // The login was right, and the server answers nothing until the password is changed.
            requireVersion(sql.greetedVersion().replaceFirst("^5\\.5\\.5-", ""));
            limit(end);
            beginExpired(settings);
        }
        sql.limit(context.replyMillis());
        inspected = true;
    }

    /** A server that is too old, or that checks no passwords, does not answer all of it. */
    private SQLException explained(SQLException e) throws SQLException, TargetException {
        if (e.getErrorCode() > 0) {
            List<String> answer = sql.row("SELECT VERSION(), CURRENT_USER()");
            requireVersion(answer.get(0));
            current = answer.get(1);
            requireUser();
        }
        return e;
    }

    /** MariaDB lets such a session have its settings, and quoting must go by them. */
    private void beginExpired(String settings) throws SQLException {
        try {
            sql.begin(settings);
        } catch (SQLException e) {
            if (e.getErrorCode() != Errors.PASSWORD_EXPIRED) {
                throw e;
            }
        }
    }

    boolean inspected() {
        return inspected;
    }

    private void limit(long end) throws SQLException {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SQLException("the login's time is over", "08S01");
        }
        sql.limit((int) left);
    }

    /** Whether it was this account's password that opened the session. */
    private void requireProof(String cipher, String definition) throws TargetException {
        requireUser();
        if (context.tls().encrypted() && cipher.isEmpty()) {
            throw new TargetException(MISCONFIGURED, "the server says that the connection is not encrypted: something between"
                    + " here and there decrypts it", "connect to the server itself");
        }
        requireMethod(methodIn(definition));
    }

    private void requireUser() throws TargetException {
        if (!credential.user().equals(userOf(current))) {
            throw new TargetException(NOT_PROVABLE, "the server let the login in as \"" + current + "\", which is another account"
                    + " (an anonymous or a proxied one, or it checks no passwords)",
                    "remove the account that matches instead, or name the right one in the secret");
        }
    }

    /** What SHOW CREATE USER says of it. */
    final String methodIn(String definition) {
        Matcher method = method().matcher(definition);
        return method.find() ? method.group(1) == null ? "mysql_native_password" : method.group(1) : "none";
    }

    final void requireMethod(String method) throws TargetException {
        if (!methods().contains(method)) {
            throw new TargetException(NOT_PROVABLE, "the account's authentication method \"" + method + "\" is none whose"
                    + " password the server keeps and checks itself", "known are " + methods());
        }
    }

    private static String userOf(String account) {
        return account.substring(0, Math.max(0, account.lastIndexOf('@')));
    }

    @Override
    public String identity() {
        return current.isEmpty() ? "" : current + "@" + instance;
    }

    // Before a change.

    @Override
    public Survey survey(Credential account) throws TargetException {
        boolean own = own(account);
        if (expired) {
            if (!own) {
                throw new TargetException(LOCKED, "the administrator's own password has expired");
            }
            return Survey.empty().withWarning("the password has expired: applications are refused, and until it is changed"
                    + " the server does not tell whether it takes changes, nor keep another run away");
        }
        if (readOnly) {
            throw new TargetException(READ_ONLY, "this server is read-only (read_only or innodb_read_only): a replica?",
                    "use the address of the primary");
        }
        try {
            Grants grants = lock.takeAndAskGrants(own ? current : account.user() + "@" + users.hostOf(account));
            Survey survey = survey(own, account, grants);
            if (!lock.held()) {
                survey = survey.withWarning("this server has no GET_LOCK, so nothing keeps another run away meanwhile");
            }
            // The rights are compared between accounts that take turns, so only one's own are of interest.
            return own ? survey.withRights(grants.withoutName(credential.user())) : survey;
        } catch (SQLException e) {
            throw Errors.question(e);
        }
    }

    final boolean own(Credential account) throws TargetException {
        return account.user().equals(credential.user());
    }

    final boolean expired() {
        return expired;
    }

    /** The account that an administrator changes, as it stands in a statement. */
    final String quotedAccount(Credential account) throws TargetException {
        return sql.quoted(account.user()) + "@" + sql.quoted(users.hostOf(account));
    }

    /** Sends a change. From here on only a definite refusal means that nothing happened. */
    final void send(String... change) throws TargetException {
        try {
            sql.execute(change);
        } catch (SQLException e) {
            throw Errors.change(e);
        }
    }

    @Override
    public void close() {
        lock.releaseAndClose();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + identity() + "]";
    }
}
