package dev.keyturn.plugin.mssql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A stand-in for SQL Server, not SQL Server. It speaks TDS 7.4 to Microsoft's own driver, TLS inside TDS included, keeps
 * logins with passwords, and reads the few statements that the plugin sends with a tokenizer of its own. So it proves the
 * protocol, the handling of errors, and the quoting; what SQL Server itself would do, it only repeats from its
 * documentation.
 */
public final class TdsStandIn implements AutoCloseable {

    /** What came of a login. */
    public enum Answer { ACCEPTED, REFUSED, UNREACHABLE }

    /** What happens to one ALTER. */
    public enum Fault { HANG_BEFORE_EFFECT, HANG_AFTER_EFFECT, CLOSE_BEFORE_EFFECT, CLOSE_AFTER_EFFECT }

    /** A login, or a contained user if it has a database. */
    static final class Account {
        final String name;
        final String database;
        volatile String password;
        volatile boolean disabled;
        volatile boolean admin;
        volatile int refusals;
        volatile boolean locked;

        Account(String name, String database, String password) {
            this.name = name;
            this.database = database;
            this.password = password;
        }
    }

    private final ServerSocket listener;
    private final TdsCertificate certificate;
    private final Map<String, Account> accounts = new ConcurrentHashMap<>();
    private final Set<TdsConnection> connections = ConcurrentHashMap.newKeySet();
    private final Map<String, TdsConnection> locks = new HashMap<>();
    final Map<String, List<String>> scripted = new ConcurrentHashMap<>();
    final Map<String, Integer> statementErrors = new ConcurrentHashMap<>();
    final List<Integer> loginErrors = new CopyOnWriteArrayList<>();
    final List<String> statements = new CopyOnWriteArrayList<>();
    final AtomicInteger handshakes = new AtomicInteger();
    final AtomicInteger accepted = new AtomicInteger();
    final AtomicInteger refused = new AtomicInteger();
    volatile Fault nextFault;
    volatile boolean silentAtLogin;
    volatile boolean policy;
    volatile int lockAfter;
    volatile int elsewhere;

    private TdsStandIn(TdsCertificate certificate) throws IOException {
        this.certificate = certificate;
        this.listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Account admin = new Account(adminUser(), null, adminPassword());
        admin.admin = true;
        accounts.put(key(admin.name, null), admin);
        Thread thread = new Thread(this::accept, "tds-stand-in");
        thread.setDaemon(true);
        thread.start();
    }

    /** With TLS, and a certificate of its own making for 127.0.0.1. */
    public static TdsStandIn start() throws IOException {
        return new TdsStandIn(TdsCertificate.forLoopback());
    }

    /** A server that offers no encryption at all. */
    public static TdsStandIn startWithoutTls() throws IOException {
        return new TdsStandIn(null);
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The authority behind the certificate, as PEM text. */
    public String ca() {
        return certificate.pem();
    }

    public String adminUser() {
        return "sa";
    }

    public String adminPassword() {
        return "Admin-1st_Password";
    }

    public void createLogin(String name, String password) {
        accounts.put(key(name, null), new Account(name, null, password));
    }

    public void createContainedUser(String database, String name, String password) {
        accounts.put(key(name, database), new Account(name, database, password));
    }

    /** One login by the driver alone, without the plugin. */
    public Answer attempt(String user, String password) {
        return attempt(user, password, null);
    }

    public Answer attempt(String user, String password, String database) {
        try {
            connect(user, password, database).close();
            return Answer.ACCEPTED;
        } catch (SQLException e) {
            return e.getErrorCode() == 18456 ? Answer.REFUSED : Answer.UNREACHABLE;
        }
    }

    /** A connection by the driver alone. Encrypted where the stand-in offers it. */
    public Connection connect(String user, String password, String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("serverName", host());
        properties.setProperty("portNumber", Integer.toString(port()));
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        if (database != null) {
            properties.setProperty("databaseName", database);
        }
        properties.setProperty("encrypt", Boolean.toString(certificate != null));
        properties.setProperty("trustServerCertificate", "true");
        properties.setProperty("connectRetryCount", "0");
        properties.setProperty("transparentNetworkIPResolution", "false");
        properties.setProperty("loginTimeout", "10");
        return new com.microsoft.sqlserver.jdbc.SQLServerDriver().connect("jdbc:sqlserver://", properties);
    }

    public int acceptedLogins() {
        return accepted.get();
    }

    public int refusedLogins() {
        return refused.get();
    }

    /** Connections that are open now. */
    public int openConnections() {
        return connections.size();
    }

    /** The names of the accounts that are logged in now, one for each session. */
    public List<String> sessions() {
        return connections.stream().map(TdsConnection::account).filter(Objects::nonNull).map(account -> account.name).toList();
    }

    /** Everything that was sent as a statement, in clear text. */
    public List<String> statements() {
        return List.copyOf(statements);
    }

    /** What the next ALTER meets. */
    public void failNextChange(Fault fault) {
        nextFault = fault;
    }

    /** The answer to a column of the plugin's questions, by the column's name; no value is NULL. */
    public void answer(String column, String... values) {
        scripted.put(column, List.of(values));
    }

    /**
     * Every statement that begins with this word, or asks for a column of this name, is refused with this number, and its batch
     * ends there; 0 takes it back.
     */
    public void refuseStatements(String word, int number) {
        if (number == 0) {
            statementErrors.remove(word);
        } else {
            statementErrors.put(word, number);
        }
    }

    /** Who logs in here is sent on to another port, where the driver logs in anew. */
    public void sendOnTo(int port) {
        elsewhere = port;
    }

    /** Every login is answered with these numbers, in this order; none takes it back. */
    public void refuseLogins(Integer... numbers) {
        loginErrors.clear();
        loginErrors.addAll(List.of(numbers));
    }

    /** A login that is refused with 18470 from now on. */
    public void disable(String name) {
        account(name, null).disabled = true;
    }

    /** After so many wrong passwords in a row an account is locked, 18486; 0 for never. */
    public void lockAfter(int refusals) {
        lockAfter = refusals;
    }

    /** At least 8 characters, three classes of four, not the account's name. Off at first. */
    public void enforcePolicy(boolean enforced) {
        policy = enforced;
    }

    /** Takes connections, and answers no login. */
    public void beSilentAtLogin(boolean silent) {
        silentAtLogin = silent;
    }

    Account account(String name, String database) {
        return accounts.get(key(name, database));
    }

    /** As the server's collation compares: without regard to case. */
    private static String key(String name, String database) {
        return (database == null ? "" : database.toLowerCase(Locale.ROOT)) + "\n" + name.toLowerCase(Locale.ROOT);
    }

    Optional<TdsCertificate> certificate() {
        return Optional.ofNullable(certificate);
    }

    /** Whether the client has the lock now, at most so much later. */
    boolean lock(String name, TdsConnection client, int millis) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (locks) {
            while (locks.getOrDefault(name, client) != client) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                try {
                    locks.wait(left);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            locks.put(name, client);
            return true;
        }
    }

    void left(TdsConnection connection) {
        synchronized (locks) {
            locks.values().removeIf(owner -> owner == connection);
            locks.notifyAll();
        }
        connections.remove(connection);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                TdsConnection connection = new TdsConnection(this, socket);
                connections.add(connection);
                Thread thread = new Thread(connection, "tds-stand-in-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (TdsConnection connection : new ArrayList<>(connections)) {
            connection.close();
        }
    }
}
