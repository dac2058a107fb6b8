package com.example.acme;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TlsSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;

/**
 * The API's two requests. Each has a connection of its own, which is closed afterwards: the JDK's newer client keeps
 * connections and a thread for longer than a session lives.
 */
final class AcmeApi {

    static final String INSTANCE = "Acme-Instance";
    static final String ROLE = "Acme-Role";

    private final URI base;
    private final String authorization;
    private final TargetContext context;

    private AcmeApi(URI base, String authorization, TargetContext context) {
        this.base = base;
        this.authorization = authorization;
        this.context = context;
    }

    /** What the API answered. No body: it might quote the token. */
    record Reply(int status, Optional<String> instance, Optional<String> role) {
    }

    static AcmeApi of(Credential credential, TargetContext context) throws TargetException {
        String host = credential.host();
        String path = context.option(AcmeTarget.BASE_PATH).orElse("");
        if (!path.matches("(/[A-Za-z0-9._-]+)*")) {
            throw new TargetException(Kind.MISCONFIGURED, "the option \"" + AcmeTarget.BASE_PATH + "\" is not a path such as /acme");
        }
        // host() has let nothing through that means something in an address; an IPv6 address wants brackets.
        URI base = URI.create((context.tls().encrypted() ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host)
                + ":" + credential.port() + path);
        String login = account(credential) + ":" + credential.password();
        return new AcmeApi(base, "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8)), context);
    }

    /** The account's name, if it can be one: so it needs no quoting, neither here before the colon nor in a path. */
    private static String account(Credential credential) throws TargetException {
        String name = credential.user();
        if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")) {
            throw new TargetException(Kind.MISCONFIGURED, "the field \"user\" is not the name of an account: letters, digits, . _ -");
        }
        return name;
    }

    // TODO 2: how to log in. One request that needs the right token, and changes nothing.
    Reply login() throws TargetException {
        return send("POST", "/v1/login", "", context.loginMillis(), Kind.UNREACHABLE);
    }

    // TODO 3: how to change. One request that takes effect as a whole or not at all.
    Reply replaceToken(Credential to) throws TargetException {
        return send("PUT", "/v1/accounts/" + account(to) + "/token", to.password(), context.replyMillis(), Kind.UNKNOWN);
    }

    private Reply send(String method, String path, String body, int millis, Kind whenNotAnswered) throws TargetException {
        byte[] bytes = body.getBytes(UTF_8);
        HttpURLConnection call = prepare(method, path, bytes.length, millis);
        try {
            connect(call);
            try (OutputStream out = call.getOutputStream()) {
                out.write(bytes);
            }
            return new Reply(call.getResponseCode(), header(call, INSTANCE), header(call, ROLE));
        } catch (IOException e) {
            // Not its message: an exception of the JDK may quote what it was given.
            throw new TargetException(whenNotAnswered, method + " " + path.replaceAll("/accounts/.*/", "/accounts/…/")
                    + " was sent, and no answer came (" + e.getClass().getSimpleName() + ")");
        } finally {
            // Else the JDK keeps the connection for the next call to this host.
            call.disconnect();
        }
    }

    private HttpURLConnection prepare(String method, String path, int length, int millis) throws TargetException {
        try {
            // Past the proxy of the JVM's settings: the token goes to the secret's host and nowhere else.
            HttpURLConnection call = (HttpURLConnection) URI.create(base + path).toURL().openConnection(Proxy.NO_PROXY);
            if (call instanceof HttpsURLConnection secure) {
                secure.setSSLSocketFactory(context.tls().sslContext().getSocketFactory());
                if (!context.tls().verified()) {
                    secure.setHostnameVerifier((host, session) -> true);
                }
            }
            call.setRequestMethod(method);
            call.setRequestProperty("Authorization", authorization);
            call.setRequestProperty("Content-Type", "text/plain; charset=utf-8");
            call.setDoOutput(true);
            // Without a length the JDK keeps the body, and sends a request a second time when its reply is lost.
            call.setFixedLengthStreamingMode(length);
            // It would take the token along to another host.
            call.setInstanceFollowRedirects(false);
            call.setConnectTimeout(Math.max(1, millis / 2));
            call.setReadTimeout(Math.max(1, millis / 2));
            return call;
        } catch (IOException e) {
            throw new IllegalStateException("this JDK makes no HTTP connections: " + e.getClass().getSimpleName());
        }
    }

    /** Until here nothing was sent, so whatever goes wrong is known not to have happened. */
    private static void connect(HttpURLConnection call) throws TargetException {
        try {
            call.connect();
        } catch (IOException e) {
            Optional<String> refused = TlsSettings.refusal(e);
            if (refused.isPresent()) {
                throw new TargetException(Kind.MISCONFIGURED, refused.get(),
                        "compare the fingerprint, and pass the certificate's authority in options.ca");
            }
            throw new TargetException(Kind.UNREACHABLE, "no connection to the API (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static Optional<String> header(HttpURLConnection call, String name) {
        return Optional.ofNullable(call.getHeaderField(name));
    }
}
