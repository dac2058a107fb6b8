package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.MISCONFIGURED;

import com.mysql.cj.jdbc.AbandonedConnectionCleanupThread;
import com.mysql.cj.jdbc.NonRegisteringDriver;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TlsSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** One connection and one login: nothing here is tried twice. */
final class Login {

    /** Without TLS the password and a NUL travel encrypted with the server's RSA key of 2,048 bits, which holds 214 bytes. */
    static final int MAX_BYTES_WITHOUT_TLS = 213;

    final TargetContext context;
    private long end;
    private boolean asked;
    private boolean wanted;
    private @Nullable TargetException unwanted;
    String version = ""; // The server's, as DriverParts heard it in the handshake.

    Login(TargetContext context) {
        this.context = context;
        this.end = fromNow(context);
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

        return new Login(context).open(credential);
    }

    private AccountSession open(Credential credential) throws TargetException {
        Connection connection = connect(credential);
        AccountSession session = null;
        try {
            session = AccountSession.over(new Statements(connection), credential, context);
            session.inspect(end);
            return session;
        } catch (SQLException e) {
            throw Errors.login(e);
        } finally {
            if (session == null || !session.inspected()) {
                Statements.closeQuietly(connection);
            }
        }
    }

    private Connection connect(Credential credential) throws TargetException {
        String host = credential.host();
        String url = "jdbc:mysql://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + credential.port() + "/";
        DriverParts.LOGIN.set(this);
        try {
            // Not DriverManager, which would try other drivers and keep a reference to this one.
            return new NonRegisteringDriver().connect(url, properties(credential, context));
        } catch (SQLException e) {
            if (unwanted != null) {
                throw unwanted;
            }
            Optional<String> refusal = TlsSettings.refusal(e);
            if (refusal.isPresent()) {
                throw new TargetException(MISCONFIGURED, refusal.get(),
                        "if this is the right server, pass the authority that signed its certificate in options.ca");
            }
            throw Errors.login(e);
        } finally {
            DriverParts.LOGIN.remove();
        }
    }

    private static long fromNow(TargetContext context) {
        return System.nanoTime() + context.loginMillis() * 1_000_000L;
    }

    /** Waits until the password may be sent; the login's time begins anew. Once it is not wanted, nothing more is sent. */
    boolean passesGate() throws IOException {
        if (!asked) {
            asked = true;
            try {
                context.beforePassword();
                wanted = true;
                end = fromNow(context);
                return true;
            } catch (TargetException e) {
                unwanted = e;
            }
        }
        if (!wanted) {
            throw new IOException("the login is not wanted");
        }
        return false;
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
        properties.setProperty("characterSetResults", "UTF-8");
        properties.setProperty("passwordCharacterEncoding", "UTF-8");
        properties.setProperty("logger", "com.mysql.cj.log.NullLogger");
        properties.setProperty("paranoid", "true");
        // Several statements in one text save round trips; what that asks of quoting stands at Statements.
        properties.setProperty("allowMultiQueries", "true");
        // A session gets its settings in Statements, so the driver need not ask for any, nor set them: three round trips less.
        properties.setProperty("cacheServerConfiguration", "true");
        properties.setProperty("serverConfigCacheFactory", DriverParts.Settings.class.getName());
        properties.setProperty("useLocalSessionState", "true");
        properties.setProperty("jdbcCompliantTruncation", "false");
        // A session with an expired password may do one thing, which is to change it. The driver has to be told not to give
        // up on it, and not to ask whether the session is read-only before it sends the change.
        properties.setProperty("disconnectOnExpiredPasswords", "false");
        properties.setProperty("readOnlyPropagatesToServer", "false");
        properties.setProperty("sslMode", tls.encrypted() ? "REQUIRED" : "DISABLED");
        // Without TLS the new password is sent in clear anyway, so asking for the key gives nothing away; not asking would
        // break off the login half-way, which the server counts as a failed one.
        properties.setProperty("allowPublicKeyRetrieval", Boolean.toString(!tls.encrypted()));
        properties.setProperty("socketFactory", DriverParts.Sockets.class.getName());
        return properties;
    }
}
