package dev.keyturn.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A host that accepts connections and never says a word; counts them. */
final class SilentHost implements AutoCloseable {

    private final ServerSocket socket;
    final AtomicInteger connections = new AtomicInteger();

    SilentHost() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(() -> {
            List<Socket> open = new ArrayList<>();
            try {
                while (true) {
                    open.add(socket.accept());
                    connections.incrementAndGet();
                }
            } catch (IOException e) {
                open.forEach(SilentHost::close);
            }
        }, "silent-host");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    private static void close(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        close(socket);
    }

    /** Where nobody listens. */
    static int closedPort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
