package dev.keyturn.testkit.contract;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** One client's connection through a {@link Proxy}: two threads, one for each direction. */
final class ProxyConnection {

    private final Proxy proxy;
    private final Socket client;
    private final Socket server;
    private boolean clientTalks; // Guarded by this.
    private volatile Proxy.Fault fault = Proxy.Fault.NONE;
    private volatile boolean clientIsThere = true;

    ProxyConnection(Proxy proxy, Socket client, Socket server) throws IOException {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    void start() {
        Waiting.daemon("proxy", () -> pump(client, server, true)).start();
        Waiting.daemon("proxy", () -> pump(server, client, false)).start();
    }

    boolean clientIsThere() {
        return clientIsThere;
    }

    private void pump(Socket from, Socket to, boolean fromClient) {
        byte[] bytes = new byte[16_384];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                if (fromClient ? request() : reply()) {
                    out.write(bytes, 0, count);
                }
            }
            if (!fromClient && fault == Proxy.Fault.NONE) {
                to.shutdownOutput();
            } else if (!fromClient) {
                reply();
            }
        } catch (IOException e) {
            // One of the two is gone. A client that is still there is told by a closed connection.
            if (!fromClient && fault != Proxy.Fault.MUTE) {
                quietly(client);
            }
        }
        if (fromClient) {
            clientIsThere = false;
            close();
        }
    }

    /** Bytes of the client's: whether they are passed on. */
    private synchronized boolean request() {
        if (!clientTalks) {
            clientTalks = true;
            Proxy.Fault due = proxy.arrives();
            if (due == Proxy.Fault.CUT_BEFORE) {
                fault = due;
                proxy.bites();
                close();
                return false;
            }
            if (due != Proxy.Fault.NONE) {
                fault = due;
            }
        }
        return true;
    }

    /** Bytes of the server's, or their end: whether they are passed on. */
    private synchronized boolean reply() {
        clientTalks = false;
        if (fault == Proxy.Fault.NONE) {
            return true;
        }
        proxy.bites();
        if (fault != Proxy.Fault.MUTE) {
            close();
        }
        return false;
    }

    void close() {
        quietly(client);
        quietly(server);
    }

    static void quietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
    }
}
