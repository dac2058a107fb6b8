package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.CONFLICT;
import static dev.keyturn.api.TargetException.Kind.FORBIDDEN;
import static dev.keyturn.api.TargetException.Kind.LOCKED;
import static dev.keyturn.api.TargetException.Kind.MISCONFIGURED;
import static dev.keyturn.api.TargetException.Kind.NOT_PROVABLE;
import static dev.keyturn.api.TargetException.Kind.READ_ONLY;

import com.mysql.cj.MysqlConnection;
import com.mysql.cj.protocol.a.NativeCapabilities;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a login to either server has: who and where it is, the account's lock, statements with their limits. */
abstract class AccountSession implements TargetSession {

    private static final int NO_BACKSLASH_ESCAPES = 512; // A flag of the server's greeting.
    private static final Set<String> OFF = Set.of("0", "OFF"); // Some versions answer in words.
    private static final int LONGEST_LOCK_NAME = 64;
    private static final int CLOSE_MILLIS = 1_000;
    private static final String WITH_GRANT_OPTION = " WITH GRANT OPTION";

    final Credential credential;
    final TargetContext context;
    private final Connection connection;
    private String current = ""; // The account that matched, user@host; empty while the password is expired.
    private String instance = "";
    private boolean backslashEscapes; // Only while the password is expired: a MySQL session may not even set its mode then.
    private boolean expired;
    private boolean readOnly;
    private boolean inspected;
    private @Nullable String lock;
    private String other = ""; // The account that an administrator changes, and the host part that was found for it.
    private String otherHost = "";

    AccountSession(Connection connection, Credential credential, TargetContext context) {
        this.connection = connection;
        this.credential = credential;
        this.context = context;
    }

    static AccountSession over(Connection connection, Credential credential, TargetContext context) throws SQLException {
        boolean mariadb = connection.getMetaData().getDatabaseProductVersion().contains("MariaDB"); // From the greeting.
        return mariadb ? new MariadbSession(connection, credential, context) : new MysqlSession(connection, credential, context);
    }

    // What the two servers do differently.

    abstract String limits(int seconds);

    abstract String instanceExpression();

    abstract Set<String> methods();

    abstract Pattern method();

    abstract void requireVersion(String version) throws TargetException;

    abstract Survey survey(boolean own, Credential account, List<String> grants) throws TargetException, SQLException;

    // After the login.

    /** The questions that follow a login, within its time. */
    void inspect(long end) throws SQLException, TargetException {
        if (context.tls().encrypted() && !((MysqlConnection) connection).getSession().isSSLEstablished()) {
            throw new TargetException(MISCONFIGURED, "the connection is not encrypted although it was asked to be");
        }
        int seconds = Math.max(1, context.statementMillis() / 1_000);
        int greeting = ((NativeCapabilities) ((MysqlConnection) connection).getSession().getServerSession().getCapabilities())
                .getStatusFlags();
        backslashEscapes = (greeting & NO_BACKSLASH_ESCAPES) == 0;
        try {
            limit(end);
            // Without backslash escapes a text needs one rule only, whatever the server's own mode: a quote is doubled.
            execute("SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES', lock_wait_timeout = " + seconds
                    + ", innodb_lock_wait_timeout = " + seconds + limits(seconds));
            backslashEscapes = false;
            limit(end);
            List<String> answer = row("SELECT VERSION(), CURRENT_USER(), @@read_only, @@innodb_read_only, "
                    + instanceExpression());
            requireVersion(answer.get(0));
            current = answer.get(1);
            readOnly = !OFF.contains(answer.get(2)) || !OFF.contains(answer.get(3));
            instance = answer.get(4);
            limit(end);
            requireProof();
        } catch (SQLException e) {
            if (e.getErrorCode() != Errors.PASSWORD_EXPIRED) {
                throw e;
            }
            expired = true; // The login was right, and the server answers nothing until the password is changed.
            requireVersion(connection.getMetaData().getDatabaseProductVersion().replaceFirst("^5\\.5\\.5-", ""));
        }
        connection.setNetworkTimeout(Runnable::run, context.replyMillis());
        inspected = true;
    }

    boolean inspected() {
        return inspected;
    }

    private void limit(long end) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, (int) Math.max(1, (end - System.nanoTime()) / 1_000_000));
    }

    /** Whether it was this account's password that opened the session. */
    private void requireProof() throws SQLException, TargetException {
        if (!credential.user().equals(userOf(current))) {
            throw new TargetException(NOT_PROVABLE, "the server let the login in as \"" + current + "\", which is another account"
                    + " (an anonymous or a proxied one, or it checks no passwords)",
                    "remove the account that matches instead, or name the right one in the secret");
        }
        if (context.tls().encrypted() && row("SHOW SESSION STATUS LIKE 'Ssl_cipher'").get(1).isEmpty()) {
            throw new TargetException(MISCONFIGURED, "the server says that the connection is not encrypted: something between"
                    + " here and there decrypts it", "connect to the server itself");
        }
        requireMethod(methodOf("CURRENT_USER()"));
    }

    final String methodOf(String account) throws SQLException {
        Matcher method = method().matcher(row("SHOW CREATE USER " + account).get(0));
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
            boolean locked = takeLock(own ? current : account.user() + "@" + hostOf(account));
            List<String> grants = new ArrayList<>();
            for (List<String> row : rows("SHOW GRANTS")) {
                grants.add(row.get(0));
            }
            Survey survey = survey(own, account, grants);
            if (!locked) {
                survey = survey.withWarning("this server has no GET_LOCK, so nothing keeps another run away meanwhile");
            }
            // The rights are compared between accounts that take turns, so only one's own are of interest.
            return own ? survey.withRights(rights(grants)) : survey;
        } catch (SQLException e) {
            throw Errors.question(e);
        }
    }

    /** Grants without the account's name, and without the password hash that MariaDB shows behind it. */
    private List<String> rights(List<String> grants) throws TargetException {
        String to = " TO `" + credential.user().replace("`", "``") + "`@";
        return grants.stream().filter(grant -> grant.contains(to)).map(grant -> grant.substring(0, grant.lastIndexOf(to))
                + (grant.endsWith(WITH_GRANT_OPTION) ? WITH_GRANT_OPTION : "")).toList();
    }

    static boolean granted(List<String> grants, String privilege, String... scopes) {
        for (String grant : grants) {
            for (String scope : scopes) {
                int on = grant.indexOf(" ON " + scope + " TO ");
                if (on > 0 && grant.startsWith("GRANT ")) {
                    List<String> privileges = List.of(grant.substring("GRANT ".length(), on).split(", "));
                    if (privileges.contains(privilege) || privileges.contains("ALL PRIVILEGES")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Held by the session, so it is gone with the connection even if this process is killed. False if there is no such lock. */
    private boolean takeLock(String account) throws SQLException, TargetException {
        String name = "keyturn:" + account;
        if (name.codePointCount(0, name.length()) > LONGEST_LOCK_NAME) {
            name = "keyturn:" + StoredHash.hex(StoredHash.sha256(account.getBytes(StandardCharsets.UTF_8))).substring(0, 48);
        }
        String taken;
        try {
            taken = row("SELECT GET_LOCK(" + quoted(name) + ", 0)").get(0);
        } catch (SQLException e) {
            if (e.getErrorCode() > 0) {
                return false; // Some clusters forbid it.
            }
            throw e;
        }
        if (!taken.equals("1")) {
            throw new TargetException(CONFLICT, "another session holds the lock \"" + name + "\": another rotation of this"
                    + " account is under way", "wait until it has ended");
        }
        lock = name;
        return true;
    }

    final boolean own(Credential account) throws TargetException {
        return account.user().equals(credential.user());
    }

    final boolean expired() {
        return expired;
    }

    /** The account that an administrator changes, as it stands in a statement. */
    final String quotedAccount(Credential account) throws TargetException {
        return quoted(account.user()) + "@" + quoted(hostOf(account));
    }

    /** The host part of another account: looked up or given, never guessed. */
    final String hostOf(Credential account) throws TargetException {
        if (!other.equals(account.user())) {
            otherHost = context.option(MysqlTarget.ACCOUNT_HOST).isPresent()
                    ? context.option(MysqlTarget.ACCOUNT_HOST).get() : onlyHost(account);
            other = account.user();
        }
        return otherHost;
    }

    private String onlyHost(Credential account) throws TargetException {
        String fix = "set options." + MysqlTarget.ACCOUNT_HOST + " to the host part of the account";
        try {
            List<List<String>> hosts = rows("SELECT Host FROM mysql.user WHERE User = " + quoted(account.user()));
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

    // Statements.

    /** A text literal. */
    final String quoted(String text) {
        return "'" + (backslashEscapes ? text.replace("\\", "\\\\") : text).replace("'", "''") + "'";
    }

    /** Sends a change. From here on only a definite refusal means that nothing happened. */
    final void send(String change) throws TargetException {
        try {
            execute(change);
        } catch (SQLException e) {
            throw Errors.change(e);
        }
    }

    final void execute(String sql) throws SQLException {
        // Not prepared: these statements cannot be. Not escape-processed: a value may hold braces. No query timeout: the driver
        // would open a second connection to end the statement; the socket's timeout does it.
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    final List<String> row(String sql) throws SQLException {
        List<List<String>> rows = rows(sql);
        if (rows.size() != 1) {
            throw new SQLException("rows: " + rows.size());
        }
        return rows.get(0);
    }

    /** All rows; NULL reads as empty. */
    final List<List<String>> rows(String sql) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet result = statement.executeQuery(sql)) {
                while (result.next()) {
                    List<String> row = new ArrayList<>();
                    for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                        String value = result.getString(column);
                        row.add(value == null ? "" : value);
                    }
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    @Override
    public void close() {
        if (lock != null) {
            // The server notices a closed connection a moment later; a next run must not find the lock still taken.
            quietly(() -> {
                connection.setNetworkTimeout(Runnable::run, CLOSE_MILLIS);
                execute("DO RELEASE_LOCK(" + quoted(lock) + ")");
            });
        }
        closeQuietly(connection);
    }

    /** TLS waits for the other side's goodbye: not for long. */
    static void closeQuietly(Connection connection) {
        quietly(() -> connection.setNetworkTimeout(Runnable::run, CLOSE_MILLIS));
        quietly(connection::close);
    }

    private interface Work {
        void run() throws SQLException;
    }

    /** For what is left to do on a connection that may be broken: then there is nothing left to do. */
    private static void quietly(Work work) {
        try {
            work.run();
        } catch (SQLException e) {
            // The server drops a broken connection, and the lock with it.
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + identity() + "]";
    }
}
