package dev.keyturn.plugin.mysql;

import com.mysql.cj.jdbc.NonRegisteringDriver;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * A real MySQL server of its own on a free port of the loopback interface, without installation: the binaries come out of a
 * jar. Linux on x86-64 only. Everything is gone after {@link #close}, and also when the process that started it is killed: a shell
 * waits for the end of its own input, which is a pipe from here.
 */
public final class MysqlServer implements AutoCloseable {

    /** What came of a login that was made without the plugin. */
    public enum Login { ACCEPTED, REFUSED, UNREACHABLE }

    private static final String PACKED = "/mysql-Linux-amd64.tar.gz";
    private static final String CACHE = "mysql-8.0.31-keyturn2";
    private static final String ROOT = "root";
    private static final String WATCH = """
            { "$@" & echo $! > "$KEYTURN_DATA/server.pid"; wait; : > "$KEYTURN_DATA/ended"; } &
            cat > /dev/null
            [ -e "$KEYTURN_DATA/ended" ] || kill -9 $(cat "$KEYTURN_DATA/server.pid")
            wait
            rm -rf "$KEYTURN_DATA"
            """;
    private static final long START_SECONDS = 90;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Path folder;
    private final Process process;
    private final int port;
    private final String ca;

    private MysqlServer(Path folder, Process process, int port, String ca) {
        this.folder = folder;
        this.process = process;
        this.port = port;
        this.ca = ca;
    }

    /** Whether there are binaries for this machine. */
    public static boolean available() {
        return System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64");
    }

    /** MySQL 8.0.31, ready for logins; more options for mysqld may be given. */
    public static MysqlServer start(String... options) {
        Path home = cache();
        return start(List.of(home.resolve("bin/mysqld").toString()), homeOptions(home), home.resolve("template"), "", options);
    }

    /** Another MySQL, if the environment variable {@code KEYTURN_MYSQLD9} has the path of its mysqld. */
    public static Optional<MysqlServer> startOther(String... options) {
        Path mysqld = Path.of(System.getenv().getOrDefault("KEYTURN_MYSQLD9", ""));
        if (!Files.isRegularFile(mysqld)) {
            return Optional.empty();
        }
        Path usr = mysqld.toAbsolutePath().getParent().getParent();
        List<String> settings = List.of("--secure-file-priv=NULL", "--mysqlx=0", "--lc-messages-dir=" + usr.resolve("share/mysql"),
                "--character-sets-dir=" + usr.resolve("share/mysql/charsets"), "--plugin-dir=" + usr.resolve("lib/mysql/plugin"));
        Path template = freshFolder();
        List<String> command = command(mysqld, usr);
        List<String> initialise = new ArrayList<>(command);
        initialise.addAll(base(template, settings));
        initialise.add("--initialize-insecure");
        run(initialise, null, template.resolveSibling(template.getFileName() + ".log"), usr);
        try {
            return Optional.of(start(command, settings, template, "", options));
        } finally {
            delete(template);
        }
    }

    /** MariaDB, if {@code KEYTURN_MARIADBD} has the path of mariadbd, or it is found on the PATH or in /usr/sbin. */
    public static Optional<MysqlServer> startMariadb(String... options) {
        Optional<Path> mariadbd = Stream.concat(Stream.of(System.getenv().getOrDefault("KEYTURN_MARIADBD", "")),
                        Stream.of((System.getenv("PATH") + File.pathSeparator + "/usr/sbin").split(File.pathSeparator))
                                .map(folder -> folder + "/mariadbd"))
                .map(Path::of).filter(Files::isExecutable).filter(Files::isRegularFile).findFirst();
        if (mariadbd.isEmpty()) {
            return Optional.empty();
        }
        Path usr = mariadbd.get().toAbsolutePath().getParent().getParent();
        Path share = Files.isDirectory(usr.resolve("share/mariadb/english")) ? usr.resolve("share/mariadb") : usr.resolve("share/mysql");
        Path plugins = Stream.of("lib/mysql/plugin", "lib/mariadb/plugin", "lib64/mariadb/plugin").map(usr::resolve)
                .filter(Files::isDirectory).findFirst().orElseThrow();
        List<String> settings = List.of("--basedir=" + usr, "--lc-messages-dir=" + share,
                "--character-sets-dir=" + share.resolve("charsets"), "--plugin-dir=" + plugins);
        Path template = freshFolder();
        try {
            Files.createDirectories(template.resolve("mysql"));
            Path sql = template.resolveSibling(template.getFileName() + ".sql");
            StringBuilder bootstrap = new StringBuilder("use mysql;\nset @auth_root_socket=NULL;\n");
            for (String part : List.of("system_tables", "performance_tables", "system_tables_data")) {
                Path file = share.resolve("mariadb_" + part + ".sql");
                bootstrap.append(Files.readString(Files.exists(file) ? file : share.resolve("mysql_" + part + ".sql")));
            }
            bootstrap.append("\ndelete from global_priv where User in ('', 'root') and Host <> 'localhost';\n");
            Files.writeString(sql, bootstrap);
            List<String> command = command(mariadbd.get(), usr);
            List<String> initialise = new ArrayList<>(command);
            initialise.addAll(base(template, settings));
            initialise.add("--bootstrap");
            run(initialise, sql, template.resolveSibling(template.getFileName() + ".log"), usr);
            Files.delete(sql);
            return Optional.of(start(command, settings, template, "", options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(template);
        }
    }

    private static MysqlServer start(List<String> command, List<String> settings, Path template, String sql, String... options) {
        try {
            Path folder = freshFolder();
            Path data = folder.resolve("data");
            copy(template, data);
            Files.deleteIfExists(data.resolve("auto.cnf"));
            Tls tls = Tls.cached(cacheFolder());
            Path init = folder.resolve("init.sql");
            Files.writeString(init, "ALTER USER root@localhost IDENTIFIED BY '" + ROOT + "';\n"
                    + "RENAME USER root@localhost TO root@'%';\n" + sql);
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            List<String> line = new ArrayList<>(List.of("sh", "-c", WATCH, "sh"));
            line.addAll(command);
            line.addAll(base(data, settings));
            line.addAll(List.of("--port=" + port, "--bind-address=127.0.0.1", "--skip-name-resolve",
                    "--socket=s" /* in the data folder; a whole path may be too long */, "--pid-file=" + folder.resolve("pid"),
                    "--log-error=" + folder.resolve("error.log"), "--loose-log-error-verbosity=3", "--loose-log-warnings=9",
                    "--init-file=" + init,
                    "--ssl-ca=" + tls.certificate(), "--ssl-cert=" + tls.certificate(), "--ssl-key=" + tls.key()));
            line.addAll(List.of(options));
            ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true)
                    .redirectOutput(folder.resolve("out.log").toFile());
            builder.environment().put("KEYTURN_DATA", folder.toString());
            libraries(builder, Path.of(command.get(command.size() - 1)).getParent().getParent());
            MysqlServer server = new MysqlServer(folder, builder.start(), port, Files.readString(tls.certificate()));
            server.await();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await() throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (login(ROOT, ROOT) != Login.ACCEPTED) {
            if (System.nanoTime() > end || !process.isAlive() || Files.exists(folder.resolve("ended"))) {
                StringBuilder log = new StringBuilder("the server did not start:\n");
                for (String name : List.of("out.log", "error.log")) {
                    log.append(Files.exists(folder.resolve(name)) ? Files.readString(folder.resolve(name)) : "");
                }
                close();
                throw new IllegalStateException(log.toString());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(25));
        }
    }

    /** The host name by which the certificate knows it. */
    public String host() {
        return "127.0.0.1";
    }

    /** Its port. */
    public int port() {
        return port;
    }

    /** The authority that signed its certificate, as PEM. */
    public String ca() {
        return ca;
    }

    /** Where its data, logs and certificate are. */
    public Path folder() {
        return folder;
    }

    /** A new connection of the server's own administrator. */
    public Connection admin() throws SQLException {
        return connect(ROOT, ROOT);
    }

    /** Statements of the server's own administrator. */
    public void execute(String... statements) {
        try (Connection connection = admin(); Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e.getErrorCode() + " " + e.getMessage());
        }
    }

    /** The first column of the first row, as the server's own administrator sees it; the second one of a SHOW STATUS. */
    public String value(String query) {
        try (Connection connection = admin(); Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            return result.next() ? result.getString(query.startsWith("SHOW") ? 2 : 1) : "";
        } catch (SQLException e) {
            throw new IllegalStateException(e.getErrorCode() + " " + e.getMessage());
        }
    }

    /** A new account of the host part {@code %}; a name and a value that need no quoting. */
    public void createAccount(String user, String password, String... grants) {
        List<String> statements = new ArrayList<>();
        statements.add("CREATE USER '" + user + "'@'%' IDENTIFIED BY '" + password + "'");
        for (String grant : grants) {
            statements.add("GRANT " + grant + " TO '" + user + "'@'%'");
        }
        execute(statements.toArray(String[]::new));
    }

    /** One login without the plugin. */
    public Login login(String user, String password) {
        try {
            connect(user, password).close();
            return Login.ACCEPTED;
        } catch (SQLException e) {
            return e.getErrorCode() == 1045 ? Login.REFUSED : Login.UNREACHABLE;
        }
    }

    /** How many connections were made so far, whatever came of them; the one that asks this included. */
    public long connections() {
        return Long.parseLong(value("SHOW GLOBAL STATUS LIKE 'Connections'"));
    }

    /** How many logins of an account succeeded so far. MySQL only. */
    public long acceptedLogins(String user) {
        return Long.parseLong(value("SELECT IFNULL(SUM(TOTAL_CONNECTIONS), 0) FROM performance_schema.accounts WHERE USER = '" + user + "'"));
    }

    /** How many logins with a user name were refused so far, from the server's error log. */
    public long refusedLogins(String user) {
        try {
            return Files.readString(folder.resolve("error.log"), StandardCharsets.ISO_8859_1).lines()
                    .filter(line -> line.contains("Access denied for user '" + user + "'@")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Connection connect(String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        // Plain is faster, and holds 213 bytes.
        properties.setProperty("sslMode", password.getBytes(StandardCharsets.UTF_8).length > 213 ? "REQUIRED" : "DISABLED");
        properties.setProperty("allowPublicKeyRetrieval", "true");
        properties.setProperty("characterEncoding", "UTF-8");
        properties.setProperty("disconnectOnExpiredPasswords", "true");
        properties.setProperty("connectTimeout", "10000");
        properties.setProperty("socketTimeout", "30000");
        return new NonRegisteringDriver().connect("jdbc:mysql://127.0.0.1:" + port + "/", properties);
    }

    /** Ends the server and removes what it left. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close(); // The shell waits for this.
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // Binaries.

    private static Path cacheFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path folder = (cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache)).resolve("keyturn");
        try {
            return Files.createDirectories(folder).toAbsolutePath();
        } catch (IOException e) {
            return Path.of("target", "keyturn-cache").toAbsolutePath();
        }
    }

    /** Where the server stands unpacked, with an initialised data folder; made once, by whoever comes first. */
    private static synchronized Path cache() {
        Path home = cacheFolder().resolve(CACHE);
        if (Files.isDirectory(home)) {
            return home;
        }
        Path making = home.resolveSibling(CACHE + "-" + ProcessHandle.current().pid());
        try (InputStream packed = MysqlServer.class.getResourceAsStream(PACKED)) {
            if (!available() || packed == null) {
                throw new IllegalStateException("there is no MySQL server for this machine: only for Linux on x86-64");
            }
            delete(making);
            untar(new GZIPInputStream(packed), making);
            for (String library : List.of("libaio.so.1", "libnuma.so.1")) {
                // Beside mysqld's own libraries, so that they win over the system's. See shims.c.
                try (InputStream text = MysqlServer.class.getResourceAsStream(library + ".base64");
                        InputStream bytes = new GZIPInputStream(Base64.getMimeDecoder().wrap(text))) {
                    Files.copy(bytes, making.resolve("lib/private").resolve(library));
                }
            }
            List<String> initialise = new ArrayList<>(List.of(making.resolve("bin/mysqld").toString()));
            initialise.addAll(base(making.resolve("template"), homeOptions(making)));
            initialise.add("--initialize-insecure");
            run(initialise, null, making.resolve("initialise.log"), null);
            Files.move(making, home, StandardCopyOption.ATOMIC_MOVE);
            return home;
        } catch (IOException e) {
            if (Files.isDirectory(home)) { // Somebody else was faster.
                delete(making);
                return home;
            }
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> homeOptions(Path home) {
        return List.of("--basedir=" + home, "--lc-messages-dir=" + home.resolve("share"),
                "--character-sets-dir=" + home.resolve("share/charsets"), "--secure-file-priv=NULL", "--mysqlx=0",
                "--innodb-doublewrite=0", "--innodb-flush-method=nosync", "--innodb-redo-log-capacity=8M");
    }

    private static List<String> base(Path data, List<String> settings) {
        List<String> options = new ArrayList<>(List.of("--no-defaults"));
        if (System.getProperty("user.name").equals("root")) {
            options.add("--user=root");
        }
        options.addAll(List.of("--datadir=" + data, "--innodb-use-native-aio=0", "--innodb-flush-log-at-trx-commit=0",
                "--innodb-buffer-pool-size=32M"));
        options.addAll(settings);
        return options;
    }

    /** Unpacked packages of another distribution bring their own libraries, and maybe their own loader. */
    private static List<String> command(Path binary, Path usr) {
        Path libraries = usr.resolve("lib/x86_64-linux-gnu");
        Path loader = libraries.resolve("ld-linux-x86-64.so.2");
        return usr.equals(Path.of("/usr")) || !Files.isExecutable(loader) ? List.of(binary.toString())
                : List.of(loader.toString(), "--library-path", libraries.toString(), binary.toString());
    }

    private static void libraries(ProcessBuilder builder, Path usr) {
        if (!usr.equals(Path.of("/usr")) && Files.isDirectory(usr.resolve("lib/x86_64-linux-gnu"))
                && !Files.exists(usr.resolve("lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"))) {
            builder.environment().put("LD_LIBRARY_PATH", usr.resolve("lib/x86_64-linux-gnu") + ":"
                    + usr.getParent().resolve("lib/x86_64-linux-gnu"));
        }
    }

    private static void run(List<String> command, Path input, Path log, Path usr) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.redirectInput(input == null ? new File("/dev/null") : input.toFile());
            if (usr != null) {
                libraries(builder, usr);
            }
            if (builder.start().waitFor() != 0) {
                throw new IllegalStateException("the server was not initialised:\n" + Files.readString(log));
            }
            Files.delete(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Regular files only: the links in it lead nowhere. */
    private static void untar(InputStream tar, Path folder) throws IOException {
        byte[] header = new byte[512];
        while (tar.readNBytes(header, 0, 512) == 512 && header[0] != 0) {
            String name = text(header, 0, 100);
            long size = Long.parseLong(text(header, 124, 12).strip(), 8);
            if (header[156] == '0' || header[156] == 0) {
                Path file = folder.resolve(name).normalize();
                if (!file.startsWith(folder)) {
                    throw new IOException(name);
                }
                Files.createDirectories(file.getParent());
                Files.write(file, tar.readNBytes((int) size));
                if ((Integer.parseInt(text(header, 100, 8).strip(), 8) & 0100) != 0) {
                    file.toFile().setExecutable(true);
                }
            } else {
                tar.skipNBytes(size);
            }
            tar.skipNBytes((512 - size % 512) % 512);
        }
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }

    // Folders.

    private static Path freshFolder() {
        try {
            return Files.createDirectories(Path.of("target", "servers",
                    "mysql-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet()).toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (java.nio.file.NoSuchFileException e) {
            // Nothing to delete.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A certificate for 127.0.0.1 and localhost that is its own authority, made once by the JDK's keytool. */
    private record Tls(Path certificate, Path key) {

        static Tls cached(Path cache) throws IOException {
            Path folder = cache.resolve("tls-1");
            if (!Files.isDirectory(folder)) {
                Path making = cache.resolve("tls-1-" + ProcessHandle.current().pid());
                delete(making);
                make(Files.createDirectories(making));
                try {
                    Files.move(making, folder, StandardCopyOption.ATOMIC_MOVE);
                } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
                    delete(making);
                }
            }
            return new Tls(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
        }

        private static void make(Path folder) throws IOException {
            Path store = folder.resolve("store.p12");
            run(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "server",
                    "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "3650", "-dname", "CN=Keyturn test server",
                    "-ext", "san=ip:127.0.0.1,dns:localhost", "-storetype", "PKCS12", "-storepass", "changeit",
                    "-keystore", store.toString()), null, folder.resolve("keytool.log"), null);
            try (InputStream bytes = Files.newInputStream(store)) {
                KeyStore keys = KeyStore.getInstance("PKCS12");
                keys.load(bytes, "changeit".toCharArray());
                Files.write(folder.resolve("certificate.pem"), pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
                Files.write(folder.resolve("key.pem"),
                        pem("PRIVATE KEY", keys.getKey("server", "changeit".toCharArray()).getEncoded()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
            Files.delete(store);
        }

        private static byte[] pem(String what, byte[] bytes) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(("-----BEGIN " + what + "-----\n").getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(bytes));
            out.writeBytes(("\n-----END " + what + "-----\n").getBytes(StandardCharsets.US_ASCII));
            return out.toByteArray();
        }
    }
}
