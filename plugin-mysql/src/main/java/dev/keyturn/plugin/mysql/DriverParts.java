package dev.keyturn.plugin.mysql;

import com.mysql.cj.CacheAdapter;
import com.mysql.cj.CacheAdapterFactory;
import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.ServerSession;
import com.mysql.cj.protocol.SocketConnection;
import com.mysql.cj.protocol.StandardSocketFactory;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TlsSettings;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** What the driver makes by name while it connects, in the thread that logs in: the classes are public for it, and find their login here. */
final class DriverParts {

    /** Set for as long as the driver connects. */
    static final ThreadLocal<Login> LOGIN = new ThreadLocal<>();

    private static final String LONGEST_ANSWER = "16777216"; // In bytes, of one row.

    private DriverParts() {
    }

    /**
     * Connects within the login's time, does the TLS handshake as {@link TlsSettings} say, because the driver knows key store files
     * only, and waits for the gate before the driver's first answer to the greeting: that one is made from the password.
     */
    public static final class Sockets extends StandardSocketFactory {

        private final Login login = LOGIN.get();

        /** Made by the driver. */
        public Sockets() {
        }

        @Override
        public <T extends Closeable> T connect(String host, int port, PropertySet properties, int ignored) throws IOException {
            return super.connect(host, port, properties, login.context.loginMillis());
        }

        /** With TLS the first answer is that TLS is wanted; without, the driver has read the greeting and writes the login. */
        @Override
        protected Socket createSocket(PropertySet properties) {
            return login.context.tls().encrypted() ? new Socket() : new Socket() {
                @Override
                public OutputStream getOutputStream() throws IOException {
                    return new FilterOutputStream(super.getOutputStream()) {
                        @Override
                        public void write(int one) throws IOException {
                            write(new byte[] {(byte) one}, 0, 1);
                        }

                        @Override
                        public void write(byte[] bytes, int offset, int length) throws IOException {
                            passGate();
                            out.write(bytes, offset, length);
                        }
                    };
                }
            };
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T extends Closeable> T performTlsHandshake(SocketConnection connection, ServerSession session, Log log)
                throws IOException {
            TlsSettings tls = login.context.tls();
            try {
                SSLSocket socket = (SSLSocket) tls.sslContext().getSocketFactory().createSocket(rawSocket, host, port, true);
                if (tls.verified()) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setEndpointIdentificationAlgorithm("HTTPS");
                    socket.setSSLParameters(parameters);
                }
                socket.startHandshake();
                sslSocket = socket;
                login.version = session.getServerVersion().toString();
                passGate();
                return (T) socket;
            } catch (TargetException e) {
                throw new IOException(e.getMessage()); // Read once already, so it cannot happen here.
            }
        }

        private void passGate() throws IOException {
            if (login.passesGate()) {
                loginTimeoutCountdown = login.context.loginMillis();
                loginTimeoutCheckTimestamp = System.currentTimeMillis();
                rawSocket.setSoTimeout(loginTimeoutCountdown);
            }
        }

        /** After the login each answer gets the time that is left. */
        @Override
        public void afterHandshake() throws IOException {
            resetLoginTimeCountdown();
            rawSocket.setSoTimeout(getRealTimeout(0));
        }
    }

    /**
     * Takes the place of the driver's cache of servers' settings, and so of the question for them that each session would begin with: what
     * it tells is what {@link Statements#begin} makes of them. Nothing is remembered. The driver believes it only for the version that the
     * server greeted with, which is known where there was a TLS handshake; without TLS it asks.
     */
    public static final class Settings implements CacheAdapterFactory<String, Map<String, String>> {

        /** Made by the driver. */
        public Settings() {
        }

        @Override
        public CacheAdapter<String, Map<String, String>> getInstance(Lock lock, String url, int entries, int length) {
            String version = LOGIN.get().version;
            Map<String, String> settings = version.isEmpty() ? Map.of() : Map.of("server_version_string", version,
                    "character_set_client", "utf8mb4", "character_set_connection", "utf8mb4", "character_set_results", "utf8mb4",
                    "max_allowed_packet", LONGEST_ANSWER);
            return new CacheAdapter<>() {
                @Override
                public @Nullable Map<String, String> get(String key) {
                    return settings.isEmpty() ? null : settings;
                }

                @Override
                public void put(String key, Map<String, String> value) {
                }

                @Override
                public void invalidate(String key) {
                }

                @Override
                public void invalidateAll(Set<String> keys) {
                }

                @Override
                public void invalidateAll() {
                }
            };
        }
    }
}
