package dev.keyturn.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * One connection through the {@link Proxy}. What the client sends after the server last spoke is one message, whatever is in it: where
 * a message begins is seen without understanding it, TLS or not.
 */
final class Link {

    private final Proxy.Watch run;
    private final Socket client;
    private final int number;
    private final Socket server = new Socket();
    // Guarded by this.
    private int messages;
    private boolean serverSpoke = true;
    private boolean replyIsTrapped;
    private boolean cut;

    Link(Proxy.Watch run, Socket client, int number) {
        this.run = run;
        this.client = client;
        this.number = number;
    }

    void start(int serverPort) throws IOException {
        server.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), serverPort));
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        Proxy.background(this::toServer);
        Proxy.background(this::toClient);
    }

    synchronized int messages() {
        return messages;
    }

    private void toServer() throws IOException {
        byte[] bytes = new byte[32 * 1024];
        try {
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                Blow.@Nullable Moment due = begins();
                if (due == Blow.Moment.BEFORE) {
                    spring();
                    return;
                }
                out.write(bytes, 0, count);
                if (due == Blow.Moment.DURING) {
                    spring();
                    return;
                }
            }
        } finally {
            if (trapped()) {
                spring(); // A message that has no reply, such as a goodbye.
            }
            server.shutdownOutput();
        }
    }

    private void toClient() throws IOException {
        byte[] bytes = new byte[32 * 1024];
        try {
            InputStream in = server.getInputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                if (spoken()) {
                    spring();
                }
                if (!isCut()) {
                    client.getOutputStream().write(bytes, 0, count);
                }
            }
        } finally {
            if (trapped()) {
                spring();
            }
            client.close();
            server.close();
        }
    }

    /** What is due now, if these bytes of the client's are the first of a message. */
    private synchronized Blow.@Nullable Moment begins() {
        if (!serverSpoke) {
            return null;
        }
        serverSpoke = false;
        messages++;
        Blow.@Nullable Moment due = run.due(number, messages);
        replyIsTrapped = due == Blow.Moment.AFTER;
        return due;
    }

    /** Notes that the server has spoken; true if that was waited for. */
    private synchronized boolean spoken() {
        serverSpoke = true;
        return trapped();
    }

    private synchronized boolean trapped() {
        boolean now = replyIsTrapped;
        replyIsTrapped = false;
        return now;
    }

    private synchronized boolean isCut() {
        return cut;
    }

    private void spring() {
        synchronized (this) {
            cut = true;
        }
        run.spring();
        end();
    }

    /** The client hears no more; the server sees the end of the stream, after what was passed on before. */
    void end() {
        synchronized (this) {
            cut = true;
        }
        try {
            client.close();
            server.shutdownOutput();
        } catch (IOException e) {
            // One of the two has gone, or was never there.
        }
    }
}
