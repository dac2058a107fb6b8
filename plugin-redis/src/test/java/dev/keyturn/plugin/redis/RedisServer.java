package dev.keyturn.plugin.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A real Redis server on a free port of the loopback interface, for tests: 6.2 from Maven Central, or a binary that is
 * already there. It ends with this process, also when that is killed.
 */
public final class RedisServer implements AutoCloseable {

    /** The administrator's name. */
    public static final String ADMIN = "default";
    /** The administrator's password. */
    public static final String ADMIN_PASSWORD = "only-a-test";

    /** What an independent login attempt answered. */
    public enum Login {
        /** The password works. */
        ACCEPTED,
        /** The server answered that it does not. */
        REFUSED,
        /** No answer. */
        UNREACHABLE
    }

    // Reading its input tells the shell when the JVM is gone. It must outlive the signals of a terminal, which go to both.
    private static final String WATCHDOG = """
            trap '' INT HUP TERM
            "$0/redis-server" "$0/conf/redis.conf" > "$0/server.log" 2>&1 &
            server=$!
            read -r word
            kill -9 $server 2> "$0/watchdog.log"
            wait $server 2> "$0/watchdog.log"
            [ "$word" = stop ] || rm -rf "$0"
            """;

    private final Path folder;
    private final int port;
    private Process process;
    private RawRedis admin;

    private RedisServer(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /**
     * Starts Redis 6.2 with an ACL file.
     *
     * @return the server, ready
     */
    public static RedisServer start() {
        return start(Optional.empty(), true);
    }

    /**
     * Starts a server.
     *
     * @param program what to run; nothing for the 6.2 that is always there
     * @param aclFile whether it keeps its users in an ACL file; else in its configuration file
     * @param settings more lines for its configuration file; FOLDER stands for the folder that the file is in
     * @return the server, ready
     */
    public static RedisServer start(Optional<Path> program, boolean aclFile, String... settings) {
        try {
            Path folder = Files.createTempDirectory("keyturn-redis");
            try {
                if (program.isPresent()) {
                    Files.createSymbolicLink(folder.resolve("redis-server"), program.get());
                } else {
                    unpack(folder.resolve("redis-server"));
                }
            } catch (IOException | RuntimeException e) {
                remove(folder);
                throw e;
            }
            for (int attempt = 1; ; attempt++) {
                RedisServer server = new RedisServer(folder, freePort());
                server.configure(aclFile, settings);
                try {
                    server.run();
                    return server;
                } catch (IllegalStateException e) {
                    // Somebody else may have taken the port in between.
                    if (attempt == 2) {
                        server.close();
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void unpack(Path program) throws IOException {
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        String name = "/redis-server-" + (arm && !mac ? "6.2.7" : "6.2.6-v5") + (mac ? "-darwin" : "-linux") + (arm ? "-arm64" : "-amd64");
        try (InputStream packed = RedisServer.class.getResourceAsStream(name)) {
            if (packed == null) {
                throw new IllegalStateException("no Redis for this machine: " + name);
            }
            Files.copy(packed, program);
        }
        program.toFile().setExecutable(true);
    }

    /**
     * A Redis of this machine's own.
     *
     * @param variable the environment variable that names the program
     * @param path where it may be otherwise
     * @return the program, if there is one
     */
    public static Optional<Path> installed(String variable, String path) {
        return Optional.of(Path.of(Optional.ofNullable(System.getenv(variable)).orElse(path)))
                .filter(program -> Files.isRegularFile(program) && Files.isExecutable(program));
    }

    /**
     * The SHA-256 of a text, as access lists hold it.
     *
     * @param text a password
     * @return 64 hexadecimal digits
     */
    public static String hash(String text) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> left = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
            left.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void configure(boolean aclFile, String... settings) throws IOException {
        // The files that the server rewrites are in a folder of their own: without it, it cannot.
        Files.createDirectories(files());
        List<String> lines = new ArrayList<>(List.of("bind 127.0.0.1", "port " + port, "dir " + folder, "save \"\"",
                "loglevel debug", "slowlog-log-slower-than 0", "slowlog-max-len 100000"));
        if (aclFile) {
            Files.writeString(files().resolve("users.acl"), "user " + ADMIN + " on #" + hash(ADMIN_PASSWORD) + " ~* +@all\n");
            lines.add("aclfile " + files().resolve("users.acl"));
        } else {
            lines.add("requirepass \"" + ADMIN_PASSWORD + "\"");
        }
        for (String setting : settings) {
            lines.add(setting.replace("FOLDER", files().toString()));
        }
        Files.write(files().resolve("redis.conf"), lines);
    }

    private void run() throws IOException {
        process = new ProcessBuilder("/bin/sh", "-c", WATCHDOG, folder.toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("watchdog.log").toFile()).start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < end) {
            // Wait for the answer of a server that has read its users.
            try (RawRedis client = new RawRedis(host(), port)) {
                client.ask("PING");
                return;
            } catch (RawRedis.Error e) {
                if (!e.getMessage().startsWith("LOADING")) {
                    return;
                }
            } catch (IOException e) {
                if (log().contains("Address already in use") || log().contains("FATAL CONFIG FILE ERROR")) {
                    break;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        stop();
        throw new IllegalStateException("Redis did not start: " + log());
    }

    /**
     * The folder with the server's configuration and ACL file.
     *
     * @return the folder
     */
    public Path files() {
        return folder.resolve("conf");
    }

    /**
     * The server's own log.
     *
     * @return its text
     */
    public String log() {
        try {
            return Files.readString(folder.resolve("server.log"));
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * The server's address.
     *
     * @return an IPv4 address
     */
    public String host() {
        return "127.0.0.1";
    }

    /**
     * The server's port.
     *
     * @return the port
     */
    public int port() {
        return port;
    }

    /**
     * A command of the administrator's.
     *
     * @param command its words
     * @return the reply
     */
    public Object admin(String... command) {
        try {
            if (admin == null) {
                admin = new RawRedis(host(), port);
                admin.ask("AUTH", ADMIN_PASSWORD);
            }
            return admin.ask((Object[]) command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes a user that may use every key and command, or what the rules say.
     *
     * @param name its name
     * @param password its password
     * @param rules of an access list; none for all rights
     */
    public void createUser(String name, String password, String... rules) {
        List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", name, "on", "#" + hash(password)));
        command.addAll(rules.length == 0 ? List.of("~*", "+@all") : List.of(rules));
        admin(command.toArray(String[]::new));
    }

    /**
     * Tries a login, without the driver that the plugin uses.
     *
     * @param user the user
     * @param password the password
     * @return what the server answered
     */
    public Login login(String user, String password) {
        try (RawRedis client = new RawRedis(host(), port)) {
            client.ask("AUTH", user, password);
            return Login.ACCEPTED;
        } catch (RawRedis.Error e) {
            return Login.REFUSED;
        } catch (IOException e) {
            return Login.UNREACHABLE;
        }
    }

    /**
     * How many logins the server has seen, refused ones among them.
     *
     * @return the server's own count of AUTH commands since it started
     */
    public int logins() {
        return admin("INFO", "commandstats").toString().lines().filter(line -> line.startsWith("cmdstat_auth:"))
                .mapToInt(line -> Integer.parseInt(line.replaceAll(".*calls=([0-9]+),usec=.*", "$1"))).sum();
    }

    /**
     * How many connections a user has.
     *
     * @param user the user
     * @return the server's own count
     */
    public long sessions(String user) {
        return admin("CLIENT", "LIST").toString().lines().filter(line -> line.contains(" user=" + user + " ")).count();
    }

    /**
     * The fields of a secret for this server.
     *
     * @param user the user
     * @param password the password
     * @return name and value
     */
    public Map<String, String> fields(String user, String password) {
        return Map.of("host", host(), "port", String.valueOf(port), "user", user, "password", password);
    }

    /** Kills the server, keeping its files. */
    public void stop() {
        end("stop\n");
    }

    /** Kills the server and starts it again from its files. */
    public void restart() {
        stop();
        try {
            run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end(String word) {
        try {
            if (admin != null) {
                admin.close();
                admin = null;
            }
            if (process.isAlive()) {
                try (OutputStream out = process.getOutputStream()) {
                    out.write(word.getBytes(StandardCharsets.US_ASCII));
                }
                process.waitFor();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills the server and removes its files. */
    @Override
    public void close() {
        end("");
        try {
            remove(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
