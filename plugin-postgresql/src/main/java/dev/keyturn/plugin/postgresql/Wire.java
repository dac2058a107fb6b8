package dev.keyturn.plugin.postgresql;

import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TlsSettings;
import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import org.postgresql.ssl.PGjdbcHostnameVerifier;
import org.postgresql.ssl.WrappedFactory;

/**
 * What the driver instantiates by class name: its sockets, its look at the server's certificate and its source of the password.
 *
 * <p>The driver's own limits are whole seconds, count each read anew, and its login limit leaves a thread behind when a host
 * hangs. So the sockets keep the time themselves.
 */
final class Wire {

    // For what the driver makes in the thread that calls it, and to which it hands nothing but texts. Set only in between.
    private static final ThreadLocal<@Nullable Attempt> ATTEMPT = new ThreadLocal<>();

    private Wire() {
    }

    /** Connects and logs in, and notes whether the server asked for the password's MD5 sum and not for SCRAM. */
    static Connected connect(Properties properties, TargetContext context) throws SQLException {
        properties.setProperty("socketFactory", Sockets.class.getName());
        properties.setProperty("sslfactory", Sockets.class.getName());
        properties.setProperty("sslhostnameverifier", Handshaken.class.getName());
        properties.setProperty("authenticationPluginClassName", Password.class.getName());
        // What is verified is decided by the classes below. In this mode the driver calls all of them.
        properties.setProperty("sslmode", context.tls().encrypted() ? "verify-full" : "disable");
        // No limit of the driver's own: it would be taken for a new deadline.
        properties.setProperty("connectTimeout", "0");
        properties.setProperty("socketTimeout", "0");
        properties.setProperty("sslResponseTimeout", "0");
        Attempt attempt = new Attempt(context);
        ATTEMPT.set(attempt);
        try {
            Connection connection = new Driver().connect("jdbc:postgresql://", properties);
            return new Connected(connection, attempt.asked == AuthenticationRequestType.MD5_PASSWORD);
        } finally {
            ATTEMPT.remove();
        }
    }

    /** A connection that is logged in. */
    record Connected(Connection connection, boolean byMd5) {
    }

    /** One login, and afterwards its connection: what is known of it, and until when it may wait. */
    static final class Attempt {

        private final TargetContext context;
        private long until;
        private @Nullable AuthenticationRequestType asked;

        private Attempt(TargetContext context) {
            this.context = context;
            within(context.loginMillis());
        }

        private static Attempt current() {
            return Objects.requireNonNull(ATTEMPT.get(), "not in a login");
        }

        /** From now on this many milliseconds are left. */
        void within(int millis) {
            until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        }

        long left() {
            return TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        }

        /** The socket is connected. */
        void connected() throws IOException {
            if (!context.tls().encrypted()) {
                try {
                    beforeLogin();
                } catch (TargetException e) {
                    throw new IOException("not wanted", e);
                }
            }
        }

        /**
         * The last moment before the login. The password leaves later, but this is the place: a server reads what it will compare with
         * as soon as it hears the role's name, so a login that has named it before a change is refused after it.
         */
        private void beforeLogin() throws TargetException {
            context.beforePassword();
            within(context.loginMillis());
        }
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
            Attempt.current().asked = type;
            return info.getProperty("password").toCharArray();
        }
    }

    /** Hears of it when TLS stands, before the login begins. */
    public static final class Handshaken implements HostnameVerifier {

        private final Attempt attempt = Attempt.current();

        /** For the driver. */
        public Handshaken() {
        }

        @Override
        public boolean verify(String host, SSLSession session) {
            if (attempt.context.tls().verified() && !PGjdbcHostnameVerifier.INSTANCE.verify(host, session)) {
                return false;
            }
            try {
                attempt.beforeLogin();
                return true;
            } catch (TargetException e) {
                // The driver closes the connection, and passes this on as a cause.
                throw new IllegalStateException(e);
            }
        }
    }

    /** Makes the plain sockets, and puts TLS on one that is connected. */
    public static final class Sockets extends WrappedFactory {

        private final Attempt attempt = Attempt.current();

        /** For the driver. */
        public Sockets() {
        }

        @Override
        public Socket createSocket() {
            return new TimedSocket(attempt);
        }

        @Override
        public Socket createSocket(Socket plain, String host, int port, boolean autoClose) throws IOException {
            TlsSettings tls = attempt.context.tls();
            try {
                SSLSocket socket = (SSLSocket) tls.sslContext().getSocketFactory().createSocket(plain, host, port, autoClose);
                if (tls.verified()) {
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
}
