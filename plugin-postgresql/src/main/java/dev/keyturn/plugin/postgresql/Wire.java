package dev.keyturn.plugin.postgresql;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TlsSettings;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.postgresql.Driver;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import org.postgresql.ssl.WrappedFactory;

/**
 * What the driver instantiates by class name: its sockets and its source of the password.
 *
 * <p>The driver's own limits are whole seconds, count each read anew, and its login limit leaves a thread behind when a host
 * hangs. So the sockets keep the time themselves.
 */
final class Wire {

    private static final String UNTIL = "keyturn.until";
    private static final String VERIFY = "keyturn.verify";
    private static final String CA = "keyturn.ca";
    // How the server asked, on its way from the driver's depths to the same thread's caller of the driver. Set only in between.
    private static final ThreadLocal<AuthenticationRequestType> ASKED = new ThreadLocal<>();

    private Wire() {
    }

    /** Adds to a connection's properties what the classes below read. */
    static void describe(Properties properties, TlsSettings tls, int loginMillis) {
        properties.setProperty("socketFactory", Sockets.class.getName());
        properties.setProperty("sslfactory", Sockets.class.getName());
        properties.setProperty("authenticationPluginClassName", Password.class.getName());
        properties.setProperty("sslmode", tls.verified() ? "verify-full" : tls.encrypted() ? "require" : "disable");
        // No limit of the driver's own: it would be taken for a new deadline.
        properties.setProperty("connectTimeout", "0");
        properties.setProperty("socketTimeout", "0");
        properties.setProperty("sslResponseTimeout", "0");
        properties.setProperty(UNTIL, Long.toString(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(loginMillis)));
        properties.setProperty(VERIFY, Boolean.toString(tls.verified()));
        tls.ca().ifPresent(pem -> properties.setProperty(CA, pem));
    }

    /** Connects, and notes whether the server asked for the password's MD5 sum and not for SCRAM. */
    static Connected connect(Properties properties) throws SQLException {
        ASKED.remove();
        try {
            Connection connection = new Driver().connect("jdbc:postgresql://", properties);
            return new Connected(connection, ASKED.get() == AuthenticationRequestType.MD5_PASSWORD);
        } finally {
            ASKED.remove();
        }
    }

    /** A connection that is logged in. */
    record Connected(Connection connection, boolean byMd5) {
    }

    /** Gives the password, and notes how the server asked for it. */
    public static final class Password implements AuthenticationPlugin {

        private final Properties info;

        /** For the driver. */
        public Password(Properties info) {
            this.info = info;
        }

        @Override
        public char[] getPassword(AuthenticationRequestType type) {
            ASKED.set(type);
            return info.getProperty("password").toCharArray();
        }
    }

    /** Makes the plain sockets, and puts TLS on one that is connected. */
    public static final class Sockets extends WrappedFactory {

        private final Properties info;

        /** For the driver. */
        public Sockets(Properties info) {
            this.info = info;
        }

        @Override
        public Socket createSocket() {
            return new TimedSocket(Long.parseLong(info.getProperty(UNTIL)));
        }

        @Override
        public Socket createSocket(Socket plain, String host, int port, boolean autoClose) throws IOException {
            boolean verify = Boolean.parseBoolean(info.getProperty(VERIFY));
            TlsSettings mode = verify ? TlsSettings.verify() : TlsSettings.required();
            String ca = info.getProperty(CA);
            try {
                SSLSocket socket = (SSLSocket) (ca == null ? mode : mode.withCa(ca)).sslContext().getSocketFactory()
                        .createSocket(plain, host, port, autoClose);
                if (verify) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setEndpointIdentificationAlgorithm("HTTPS");
                    socket.setSSLParameters(parameters);
                }
                return socket;
            } catch (TargetException e) {
                throw new IOException("TLS settings", e);
            }
        }
    }

    /** A socket whose time-out covers all that follows, however many reads that takes, and not each read. */
    private static final class TimedSocket extends Socket {

        private static final int FAREWELL_MILLIS = 1_000;

        private long until;
        private boolean late;

        TimedSocket(long until) {
            this.until = until;
        }

        private int left() throws IOException {
            long millis = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (millis < 1) {
                throw timeIsUp();
            }
            return (int) Math.min(millis, Integer.MAX_VALUE);
        }

        /** No SocketTimeoutException: the driver reads on after one, unless it was the driver that asked for the limit. */
        private IOException timeIsUp() {
            late = true;
            return new IOException("time is up");
        }

        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            super.connect(endpoint, left());
        }

        /** From now on this many milliseconds are left; 0 changes nothing. */
        @Override
        public void setSoTimeout(int millis) {
            if (millis > 0) {
                until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            }
        }

        @Override
        public int getSoTimeout() {
            return 0;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] bytes, int from, int length) throws IOException {
                    TimedSocket.super.setSoTimeout(left());
                    try {
                        return super.read(bytes, from, length);
                    } catch (SocketTimeoutException e) {
                        throw timeIsUp();
                    }
                }
            };
        }

        /** Left to {@link #close}: TLS would shut the input too early. */
        @Override
        public void shutdownInput() {
        }

        /**
         * Waits, for a moment, until the server has closed its end. A PostgreSQL backend does so by exiting, so that after
         * this its session and its lock are gone. Whoever did not answer before is not waited for.
         */
        @Override
        public void close() throws IOException {
            if (isConnected() && !isClosed() && !late) {
                try {
                    if (!isOutputShutdown()) {
                        shutdownOutput();
                    }
                    setSoTimeout(FAREWELL_MILLIS);
                    InputStream rest = getInputStream();
                    while (rest.read() >= 0) {
                        continue;
                    }
                } catch (IOException e) {
                    // It has gone already, or does not answer: either way there is nobody to wait for.
                }
            }
            super.close();
        }
    }
}
