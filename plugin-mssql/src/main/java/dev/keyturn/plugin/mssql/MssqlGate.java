package dev.keyturn.plugin.mssql;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One login, which connects and does TLS, and sends its password when the context says so; and its time. The driver has no such place, so
 * its socket is one of ours: what begins like a pre-login packet passes, the TLS handshake inside of such packets too. Anything
 * else is the login, encrypted or not.
 */
final class MssqlGate {

    /** The driver makes its socket factory by name, in the thread that connects. Set for as long as that takes. */
    private static final ThreadLocal<@Nullable MssqlGate> CONNECTING = new ThreadLocal<>();

    private static final byte PRELOGIN = 0x12;

    private final TargetContext context;
    private long deadline;
    private boolean passed;
    private @Nullable TargetException unwanted;

    MssqlGate(TargetContext context) {
        this.context = context;
        restart();
    }

    /** A login by the driver. Null if it does not feel concerned. */
    @Nullable Connection connect(Properties settings) throws SQLException, TargetException {
        settings.setProperty("socketFactoryClass", Sockets.class.getName());
        CONNECTING.set(this);
        try {
            // Not by DriverManager, which may ask other drivers and other class loaders.
            return new SQLServerDriver().connect("jdbc:sqlserver://", settings);
        } catch (SQLException e) {
            if (unwanted != null) {
                throw unwanted;
            }
            throw e;
        } finally {
            CONNECTING.remove();
        }
    }

    /** Milliseconds until the login has taken too long; zero or less if it has. */
    int left() {
        return (int) TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    }

    private void restart() {
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(context.loginMillis());
    }

    /**
     * Once, also where the server sends the client on to another one, which is a second login with the same password. Where it does not
     * pass, what was to be written is not, and the driver closes the connection.
     */
    private void pass() throws IOException {
        try {
            context.beforePassword();
        } catch (TargetException e) {
            unwanted = e;
            throw new IOException("the login is not wanted any more");
        }
        passed = true;
        restart();
    }

    /** Made by the driver, by name, hence public. */
    public static final class Sockets extends SocketFactory {

        private final MssqlGate gate = Objects.requireNonNull(CONNECTING.get(), "no login is being made in this thread");

        /** Called by the driver. */
        public Sockets() {
        }

        @Override
        public Socket createSocket() {
            return new Gated(gate);
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException("the driver connects its sockets itself");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
            throw new UnsupportedOperationException("the driver connects its sockets itself");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException("the driver connects its sockets itself");
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
            throw new UnsupportedOperationException("the driver connects its sockets itself");
        }
    }

    private static final class Gated extends Socket {

        private final MssqlGate gate;

        Gated(MssqlGate gate) {
            this.gate = gate;
        }

        /** The driver's own limit is hours: it would go on counting while the password is held back. */
        @Override
        public void connect(SocketAddress server, int millis) throws IOException {
            int left = gate.left();
            if (left < 1) {
                throw new SocketTimeoutException("no time left to connect");
            }
            super.connect(server, left);
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] from, int offset, int length) throws IOException {
                    if (!gate.passed && length > 0 && from[offset] != PRELOGIN) {
                        gate.pass();
                    }
                    out.write(from, offset, length);
                }
            };
        }
    }
}
