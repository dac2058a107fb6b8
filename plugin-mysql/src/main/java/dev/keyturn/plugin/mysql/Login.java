package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.MISCONFIGURED;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.jdbc.AbandonedConnectionCleanupThread;
import com.mysql.cj.jdbc.NonRegisteringDriver;
import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.ServerSession;
import com.mysql.cj.protocol.SocketConnection;
import com.mysql.cj.protocol.StandardSocketFactory;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TlsSettings;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One connection and one login: nothing here is tried twice. */
final class Login {

    /** Without TLS the password and a NUL travel encrypted with the server's RSA key of 2,048 bits, which holds 214 bytes. */
    static final int MAX_BYTES_WITHOUT_TLS = 213;

    private Login() {
    }

    static AccountSession open(Credential credential, TargetContext context) throws TargetException {
        String user = credential.user();
        if (user.codePoints().anyMatch(Character::isISOControl)) {
            // The protocol ends the name at a NUL: what follows it would become other fields of the login.
            throw new TargetException(MISCONFIGURED, "the user name has a control character");
        }
        TlsSettings tls = context.tls();
        refuseTooLong(credential.password(), tls);
        if (tls.encrypted()) {
            tls.sslContext(); // An authority that cannot be read is told before anything is connected.
        }
        // It would outlive the run. Started by loading the class; once stopped it stays so for this class loader.
        AbandonedConnectionCleanupThread.uncheckedShutdown();

        long end = System.nanoTime() + context.loginMillis() * 1_000_000L;
        String host = credential.host();
        String url = "jdbc:mysql://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + credential.port() + "/";
        Connection connection;
        try {
            // Not DriverManager, which would try other drivers and keep a reference to this one.
            connection = new NonRegisteringDriver().connect(url, properties(credential, context));
        } catch (SQLException e) {
            Optional<String> refusal = TlsSettings.refusal(e);
            if (refusal.isPresent()) {
                throw new TargetException(MISCONFIGURED, refusal.get(),
                        "if this is the right server, pass the authority that signed its certificate in options.ca");
            }
            throw Errors.login(e);
        }
        AccountSession session = null;
        try {
            session = AccountSession.over(connection, credential, context);
            session.inspect(end);
            return session;
        } catch (SQLException e) {
            throw Errors.login(e);
        } finally {
            if (session == null || !session.inspected()) {
                AccountSession.closeQuietly(connection);
            }
        }
    }

    static void refuseTooLong(String password, TlsSettings tls) throws TargetException {
        if (!tls.encrypted() && password.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES_WITHOUT_TLS) {
            throw new TargetException(MISCONFIGURED,
                    "a password of more than " + MAX_BYTES_WITHOUT_TLS + " bytes cannot log in without TLS",
                    "use TLS (options.tls), or a shorter password");
        }
    }

    private static Properties properties(Credential credential, TargetContext context) throws TargetException {
        TlsSettings tls = context.tls();
        String millis = Integer.toString(context.loginMillis());
        Properties properties = new Properties();
        properties.setProperty("user", credential.user());
        properties.setProperty("password", credential.password());
        properties.setProperty("connectTimeout", millis);
        properties.setProperty("socketTimeout", millis);
        properties.setProperty("characterEncoding", "UTF-8");
        properties.setProperty("passwordCharacterEncoding", "UTF-8");
        properties.setProperty("logger", "com.mysql.cj.log.NullLogger");
        properties.setProperty("paranoid", "true");
        // A session with an expired password may do one thing, which is to change it. The driver has to be told not to give
        // up on it, and not to ask whether the session is read-only before it sends the change.
        properties.setProperty("disconnectOnExpiredPasswords", "false");
        properties.setProperty("readOnlyPropagatesToServer", "false");
        properties.setProperty("sslMode", tls.encrypted() ? "REQUIRED" : "DISABLED");
        // Without TLS the new password is sent in clear anyway, so asking for the key gives nothing away; not asking would
        // break off the login half-way, which the server counts as a failed one.
        properties.setProperty("allowPublicKeyRetrieval", Boolean.toString(!tls.encrypted()));
        properties.setProperty("socketFactory", Sockets.class.getName());
        properties.setProperty(Sockets.MILLIS, millis);
        properties.setProperty(Sockets.VERIFY, Boolean.toString(tls.verified()));
        tls.ca().ifPresent(pem -> properties.setProperty(Sockets.CA, pem));
        return properties;
    }

    /**
     * Connects within the login's time, and does the TLS handshake as {@link TlsSettings} say: the driver knows key store
     * files only. The driver makes it by name, hence public; what it needs to know travels in the driver's own properties,
     * so that nothing is static.
     */
    public static final class Sockets extends StandardSocketFactory {

        static final String MILLIS = "keyturnMillis";
        static final String VERIFY = "keyturnVerify";
        static final String CA = "keyturnCa";

        private PropertySet properties;

        /** Made by the driver. */
        public Sockets() {
        }

        @Override
        public <T extends Closeable> T connect(String host, int port, PropertySet properties, int ignored) throws IOException {
            this.properties = properties;
            return super.connect(host, port, properties, Integer.parseInt(text(MILLIS)));
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T extends Closeable> T performTlsHandshake(SocketConnection connection, ServerSession session, Log log)
                throws IOException {
            boolean verify = Boolean.parseBoolean(text(VERIFY));
            TlsSettings settings = verify ? TlsSettings.verify() : TlsSettings.required();
            if (properties.getProperty(CA) != null) {
                settings = settings.withCa(text(CA));
            }
            try {
                SSLSocket socket = (SSLSocket) settings.sslContext().getSocketFactory().createSocket(rawSocket, host, port, true);
                if (verify) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setEndpointIdentificationAlgorithm("HTTPS");
                    socket.setSSLParameters(parameters);
                }
                socket.startHandshake();
                sslSocket = socket;
                return (T) socket;
            } catch (TargetException e) {
                throw new IOException(e.getMessage()); // Read once already, so it cannot happen here.
            }
        }

        /** After the handshake the driver asks the server for its settings: each answer gets the time that is left. */
        @Override
        public void afterHandshake() throws IOException {
            resetLoginTimeCountdown();
            rawSocket.setSoTimeout(getRealTimeout(0));
        }

        private String text(String name) {
            return properties.getStringProperty(name).getValue();
        }
    }
}
