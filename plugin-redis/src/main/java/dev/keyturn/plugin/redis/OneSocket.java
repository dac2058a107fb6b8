package dev.keyturn.plugin.redis;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TlsSettings;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Gives Jedis one socket, never a second: Jedis connects again by itself when its socket is closed, and what it sends then
 * goes to a server where nobody has logged in.
 */
final class OneSocket implements JedisSocketFactory {

    private final String host;
    private final int port;
    private final TlsSettings settings;
    private final @Nullable SSLContext tls;
    private final Deadline deadline;
    private boolean used;

    OneSocket(String host, int port, TlsSettings settings, @Nullable SSLContext tls, Deadline deadline) {
        this.host = host;
        this.port = port;
        this.settings = settings;
        this.tls = tls;
        this.deadline = deadline;
    }

    @Override
    public Socket createSocket() {
        if (used) {
            throw new JedisConnectionException("the one connection is gone");
        }
        used = true;
        try {
            Socket plain = connected();
            try {
                return tls == null ? plain : encrypted(plain, tls);
            } catch (IOException | RuntimeException e) {
                plain.close();
                throw e;
            }
        } catch (IOException e) {
            throw new JedisConnectionException("not connected", e);
        }
    }

    /** A name may have several addresses, such as IPv6 and IPv4: each gets its share of the time, and the first is taken. */
    private Socket connected() throws IOException {
        InetAddress[] addresses = InetAddress.getAllByName(host);
        for (int i = 0; ; i++) {
            Socket socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(addresses[i], port), Math.max(1, deadline.left() / (addresses.length - i)));
                return socket;
            } catch (IOException | RuntimeException e) {
                socket.close();
                if (i == addresses.length - 1) {
                    throw e;
                }
            }
        }
    }

    private Socket encrypted(Socket plain, SSLContext context) throws IOException {
        plain.setSoTimeout(deadline.left());
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
        if (settings.verified()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return socket;
    }

    /** What kept us from connecting, in our own words. */
    static TargetException explain(String host, int port, RuntimeException failure) {
        Optional<String> refusal = TlsSettings.refusal(failure);
        if (refusal.isPresent()) {
            return new TargetException(Kind.MISCONFIGURED, refusal.get(),
                    "if that is the right server, pass the authority that signed its certificate in options.ca");
        }
        Throwable cause = failure.getCause();
        String where = "no connection to " + host + " port " + port + ": ";
        if (cause instanceof UnknownHostException) {
            return new TargetException(Kind.UNREACHABLE, where + "no such host");
        }
        if (cause instanceof SSLException && !silent(cause.getCause())) {
            return new TargetException(Kind.MISCONFIGURED, where + "the TLS handshake failed",
                    "see whether that port speaks TLS, and which versions; options.tls says what is asked for");
        }
        return new TargetException(Kind.UNREACHABLE, where + (cause instanceof InterruptedIOException || cause == null
                ? "no answer in time (a server that does not speak TLS is silent, too, when it is asked to)"
                : "it was refused, or closed at once"));
    }

    /** A handshake that was cut off or left waiting says nothing about TLS. */
    private static boolean silent(@Nullable Throwable cause) {
        return cause instanceof EOFException || cause instanceof SocketException || cause instanceof InterruptedIOException;
    }
}
