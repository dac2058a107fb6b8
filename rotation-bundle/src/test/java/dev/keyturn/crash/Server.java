package dev.keyturn.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.jar.JarFile;

/** A server that rotations are crashed against. It is asked without its plugin, and never through the {@link Proxy}. */
interface Server extends AutoCloseable {

    /** The servers that there are. */
    enum Kind {
        POSTGRESQL(Postgresql::new),
        MYSQL(Mysql::new),
        REDIS(Redis::new),
        /** A stand-in: it speaks the protocol, and is not SQL Server. */
        MSSQL(Mssql::new);

        private final Supplier<Server> starter;

        Kind(Supplier<Server> starter) {
            this.starter = starter;
        }

        Server start() {
            return starter.get();
        }

        boolean available() {
            return this != MYSQL || Mysql.available();
        }

        /** Whether a bundle holds the plugin for it. */
        boolean isIn(Path bundle) {
            try (JarFile jar = new JarFile(bundle.toFile());
                    InputStream services = jar.getInputStream(jar.getEntry("META-INF/services/dev.keyturn.api.RotationTarget"))) {
                return new String(services.readAllBytes(), StandardCharsets.UTF_8).contains("." + type() + ".");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String type() {
            return name().toLowerCase(Locale.ROOT);
        }

        String label() {
            return this == MSSQL ? "mssql (stand-in)" : type();
        }
    }

    /** The name or address that its certificate holds. */
    String host();

    int port();

    /** PEM text of the authority behind its certificate; empty where it has no TLS. */
    String ca();

    void create(String user, String password);

    /**
     * One login.
     *
     * @throws IllegalStateException if the answer is neither yes nor "wrong password"
     */
    boolean accepts(String user, String password);

    default boolean accepts(Login login) {
        return accepts(login.user(), login.password());
    }

    /** How many logins were refused so far; of these users where the server tells. */
    long refused(Collection<String> users);

    /** How many sessions of the user are open now. */
    long sessions(String user);

    /** Whether an account of it can have two passwords at a time, and those that {@link #create} makes may. */
    boolean overlaps();

    /** Whether an account of it can have even more: then it keeps one that was made for it and forgotten. */
    default boolean keepsMore() {
        return false;
    }

    /** How many passwords the account has, as the server tells. */
    long passwords(String user);

    /** How many locks of rotations are held on it. */
    long locks();

    /** How {@link WrongOrder} connects through another port: a JDBC address, or {@code redis:}. */
    String address(int port);

    /** The statement with which an account changes its own password, as the platform's sample would write it. */
    String statement(String user, String from, String to);

    @Override
    void close();

    /** Whether anybody still listens where it did. */
    default boolean listens() {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Turns an answer into yes or no. */
    static boolean yes(String answer) {
        return switch (answer) {
            case "ACCEPTED" -> true;
            case "REFUSED" -> false;
            default -> throw new IllegalStateException("the server gave no answer to a login of the harness: " + answer);
        };
    }
}
