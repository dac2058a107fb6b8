package dev.keyturn.plugin.postgresql;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.postgresql.Driver;

/**
 * A real PostgreSQL on a free port of the loopback interface, which asks everybody for a password by SCRAM and offers TLS with
 * a certificate for {@code localhost} and {@code 127.0.0.1} that its own authority signed.
 *
 * <p>It ends with {@link #close} or with the JVM. One whose JVM was killed is ended by a later start: the folder below is where
 * the library looks for servers whose lock nobody holds.
 */
public final class PostgresqlServer implements AutoCloseable {

    /** What became of a login. */
    public enum Login {
        /** The server took the password. */
        ACCEPTED,
        /** The server said that the password is wrong. */
        REFUSED,
        /** Anything else. */
        UNREACHABLE
    }

    /** Who is a member of one of these groups is let in, or not, in another way than by SCRAM. */
    private static final String GROUPS = """
            host all +ask_nothing all trust
            host all +ask_plain all password
            host all +ask_md5 all md5
            host all +ask_nobody all reject
            """;

    private static final String ADMIN = "postgres";
    private static final String ADMIN_PASSWORD = "Adm1n-of-the-fixture";

    private final EmbeddedPostgres postgres;
    private final TestCertificates certificates;
    private final Path folder;

    private PostgresqlServer(EmbeddedPostgres postgres, TestCertificates certificates, Path folder) {
        this.postgres = postgres;
        this.certificates = certificates;
        this.folder = folder;
    }

    /** A primary. */
    public static PostgresqlServer start() {
        PostgresqlServer server = start(false, Map.of());
        server.execute("CREATE ROLE ask_nothing", "CREATE ROLE ask_plain", "CREATE ROLE ask_md5", "CREATE ROLE ask_nobody");
        return server;
    }

    /** A hot standby without TLS. Its primary never sends anything, so the administrator is its only role. */
    public static PostgresqlServer startStandby() {
        return start(true, Map.of("ssl", "off"));
    }

    private static PostgresqlServer start(boolean standby, Map<String, String> settings) {
        try {
            return tryStart(standby, settings);
        } catch (IOException | RuntimeException e) {
            // The port was free a moment ago, but is not reserved: somebody else may have taken it.
            try {
                return tryStart(standby, settings);
            } catch (IOException again) {
                again.addSuppressed(e);
                throw new UncheckedIOException(again);
            }
        }
    }

    private static void prepare(Path data, boolean standby) {
        try {
            Path hba = data.resolve("pg_hba.conf");
            Files.writeString(hba, GROUPS + Files.readString(hba));
            if (standby) {
                Files.createFile(data.resolve("standby.signal"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PostgresqlServer tryStart(boolean standby, Map<String, String> settings) throws IOException {
        Path folder = Files.createTempDirectory("keyturn-postgresql");
        TestCertificates certificates = TestCertificates.make(folder);
        Path password = Files.writeString(folder.resolve("password"), ADMIN_PASSWORD + "\n");
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "listen_addresses", "127.0.0.1",
                "log_connections", "on",
                "log_statement", "all",
                "log_line_prefix", "%u:",
                "ssl", "on",
                "ssl_cert_file", certificates.certificate().toString(),
                "ssl_key_file", certificates.key().toString()));
        all.putAll(settings);
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg", UUID.randomUUID().toString()))
                .setRegisterShutdownHook(false)
                .setDataDirectoryCustomizer(data -> prepare(data.toPath(), standby))
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .setPGStartupWait(Duration.ofSeconds(60))
                // Options of initdb. Without them, anybody gets in with any password.
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("auth-host", "scram-sha-256")
                .setLocaleConfig("auth-local", "scram-sha-256")
                .setLocaleConfig("pwfile", password.toString())
                .setConnectConfig("password", ADMIN_PASSWORD);
        all.forEach(builder::setServerConfig);
        PostgresqlServer server = new PostgresqlServer(builder.start(), certificates, folder);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return server;
    }

    /** The name for which the certificate is made out. */
    public String host() {
        return "localhost";
    }

    /** The port on the loopback interface. */
    public int port() {
        return postgres.getPort();
    }

    /** A database that every role may connect to. */
    public String database() {
        return "postgres";
    }

    /** The administrator, a superuser. */
    public String adminUser() {
        return ADMIN;
    }

    /** The administrator's password. */
    public String adminPassword() {
        return ADMIN_PASSWORD;
    }

    /** The authority that signed the server's certificate, as PEM text. */
    public String caPem() {
        return certificates.caPem();
    }

    /** A new connection of the administrator's. */
    public Connection admin() throws SQLException {
        return admin(database());
    }

    /** A new connection of the administrator's to another database. */
    public Connection admin(String database) throws SQLException {
        return connect(ADMIN, ADMIN_PASSWORD, database);
    }

    /** Carries out statements as the administrator. */
    public void execute(String... statements) {
        try (Connection connection = admin(); Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of a query's answer, as text. */
    public List<String> query(String sql) {
        try (Connection connection = admin(); Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> answer = new ArrayList<>();
            while (rows.next()) {
                answer.add(rows.getString(1));
            }
            return answer;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes a role that may log in. */
    public void createRole(String name, String password) {
        execute("CREATE ROLE " + quoted(name) + " LOGIN PASSWORD '" + password.replace("'", "''") + "'");
    }

    /** A name as SQL wants it. */
    public static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Tries a login with nothing but the driver. */
    public Login login(String user, String password) {
        try {
            connect(user, password, database()).close();
            return Login.ACCEPTED;
        } catch (SQLException e) {
            return "28P01".equals(e.getSQLState()) ? Login.REFUSED : Login.UNREACHABLE;
        }
    }

    private Connection connect(String user, String password, String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("PGHOST", "127.0.0.1");
        properties.setProperty("PGPORT", Integer.toString(port()));
        properties.setProperty("PGDBNAME", database);
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        return new Driver().connect("jdbc:postgresql://", properties);
    }

    /** All that the server has logged so far. */
    public String log() {
        try {
            return Files.readString(folder.resolve("log"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many logins of a role the server has taken, by its log. */
    public long acceptedLogins(String user) {
        return log().lines().filter(line -> line.contains("connection authorized: user=" + user + " ")).count();
    }

    /** How many logins of a role the server has refused for the password's sake, by its log. */
    public long refusedLogins(String user) {
        return log().lines().filter(line -> line.contains("password authentication failed for user \"" + user + "\"")).count();
    }

    /** How many sessions a role has now. */
    public long sessions(String user) {
        return Long.parseLong(query("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + user.replace("'", "''") + "'").get(0));
    }

    /** A second time does nothing. */
    @Override
    public void close() {
        try {
            postgres.close();
            File[] files = folder.toFile().listFiles();
            for (File file : files == null ? new File[0] : files) {
                Files.deleteIfExists(file.toPath());
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Only the owner may read a private key, or the server refuses it. */
    static void restrict(Path file) throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }
}
