package dev.keyturn.plugin.mssql;

import dev.keyturn.plugin.mssql.TdsWire.HandshakeSocket;
import dev.keyturn.plugin.mssql.TdsWire.Message;
import dev.keyturn.plugin.mssql.TdsWire.Tokens;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;

/** One client of the stand-in: encryption, login, then statements until it leaves. */
final class TdsConnection implements Runnable {

    private final TdsStandIn server;
    private final Socket raw;
    private Socket outermost;
    private InputStream in;
    private OutputStream out;
    private volatile TdsStandIn.Account account;
    private String database;

    TdsConnection(TdsStandIn server, Socket raw) {
        this.server = server;
        this.raw = raw;
        this.outermost = raw;
    }

    TdsStandIn.Account account() {
        return account;
    }

    String database() {
        return database;
    }

    @Override
    public void run() {
        try {
            raw.setTcpNoDelay(true);
            in = raw.getInputStream();
            out = raw.getOutputStream();
            boolean loginOnly = encryption();
            Message login = TdsWire.read(in);
            if (loginOnly) {
                in = raw.getInputStream();
                out = raw.getOutputStream();
            }
            if (server.silentAtLogin) {
                waitUntilLeft();
            }
            if (login.type() == TdsWire.LOGIN && login(login.body())) {
                statements();
            }
        } catch (IOException e) {
            // The client left, or a fault closed the connection.
        } finally {
            leave();
        }
    }

    private void leave() {
        try {
            outermost.close();
        } catch (IOException e) {
            // Closed all the same.
        }
        server.left(this);
    }

    /** @return whether only the login is encrypted, as SQL Server does when the client asks for nothing */
    private boolean encryption() throws IOException {
        byte[] asked = TdsWire.read(in).body();
        int wanted = 0;
        for (int option = 0; (asked[option] & 0xFF) != 0xFF; option += 5) {
            if (asked[option] == 1) {
                wanted = asked[((asked[option + 1] & 0xFF) << 8) + (asked[option + 2] & 0xFF)];
            }
        }
        int given = server.certificate().isEmpty() ? 2 : wanted;
        byte[] answer = {0, 0, 11, 0, 6, 1, 0, 17, 0, 1, (byte) 0xFF, 16, 0, 0, 0, 0, 0, (byte) given};
        TdsWire.write(out, TdsWire.REPLY, answer);
        if (given == 2) {
            return false;
        }
        HandshakeSocket framed = new HandshakeSocket(raw);
        outermost = framed;
        SSLSocket tls = (SSLSocket) server.certificate().orElseThrow().context().getSocketFactory()
                .createSocket(framed, raw.getInetAddress().getHostAddress(), raw.getPort(), true);
        tls.setUseClientMode(false);
        tls.setEnabledProtocols(new String[] {"TLSv1.2"}); // TLS in TDS packets ends with 1.2
        tls.startHandshake();
        server.handshakes.incrementAndGet();
        framed.handshakeIsOver();
        in = tls.getInputStream();
        out = tls.getOutputStream();
        return given == 0;
    }

    private boolean login(byte[] body) throws IOException {
        String user = field(body, 40, false);
        String password = field(body, 44, true);
        String wantedDatabase = field(body, 68, false);
        database = wantedDatabase.isEmpty() ? "master" : wantedDatabase;
        Tokens reply = new Tokens();
        int refusal = 0;
        TdsStandIn.Account found = server.account(user, database);
        if (found == null) {
            found = server.account(user, null);
        }
        if (!server.loginErrors.isEmpty()) {
            for (int number : server.loginErrors) {
                reply.error(number, "Login failed.");
            }
            refusal = -1;
        } else if (found == null) {
            refusal = 18456;
        } else if (found.locked) {
            refusal = 18486;
        } else if (!found.password.equals(password)) {
            refusal = 18456;
            found.refusals++;
            found.locked = server.lockAfter > 0 && found.refusals >= server.lockAfter;
        } else if (found.disabled) {
            refusal = 18470;
        }
        if (refusal != 0) {
            server.refused.incrementAndGet();
            if (refusal > 0) {
                reply.error(refusal, "Login failed for user '" + user + "'.");
            }
            TdsWire.write(out, TdsWire.REPLY, reply.done(2).bytes());
            return false;
        }
        server.accepted.incrementAndGet();
        found.refusals = 0;
        account = found;
        reply.loggedIn(database);
        if (server.elsewhere != 0) {
            reply.sentOn(server.host(), server.elsewhere);
        }
        TdsWire.write(out, TdsWire.REPLY, reply.done(0).bytes());
        return true;
    }

    private static String field(byte[] body, int at, boolean hidden) {
        ByteBuffer numbers = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        int from = numbers.getShort(at) & 0xFFFF;
        int length = (numbers.getShort(at + 2) & 0xFFFF) * 2;
        byte[] text = new byte[length];
        System.arraycopy(body, from, text, 0, length);
        for (int i = 0; hidden && i < length; i++) {
            int b = (text[i] ^ 0xA5) & 0xFF;
            text[i] = (byte) (b << 4 | b >> 4);
        }
        return new String(text, StandardCharsets.UTF_16LE);
    }

    private void statements() throws IOException {
        while (true) {
            Message message = TdsWire.read(in);
            if (message.type() == TdsWire.ATTENTION) {
                TdsWire.write(out, TdsWire.REPLY, new Tokens().done(0x20).bytes());
            } else if (message.type() == TdsWire.BATCH) {
                ByteBuffer body = ByteBuffer.wrap(message.body()).order(ByteOrder.LITTLE_ENDIAN);
                int headers = body.getInt(0);
                String text = new String(message.body(), headers, message.body().length - headers, StandardCharsets.UTF_16LE);
                server.statements.add(text);
                TdsWire.write(out, TdsWire.REPLY, new TdsBatch(server, this, text).run().bytes());
            } else {
                throw new IOException("message of type " + message.type());
            }
        }
    }

    /** Says nothing any more. */
    void waitUntilLeft() throws IOException {
        while (in.read() >= 0) {
            continue;
        }
        throw new IOException("left");
    }

    void close() throws IOException {
        raw.close();
    }
}
