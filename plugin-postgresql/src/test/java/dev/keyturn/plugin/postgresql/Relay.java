package dev.keyturn.plugin.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes bytes on between clients and the server, until it is told to keep the server's to itself. */
final class Relay implements AutoCloseable {

    private final ServerSocket door;
    private final int serverPort;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean mute;

    Relay(String address, int serverPort) throws IOException {
        this.door = new ServerSocket(0, 10, InetAddress.getByName(address));
        this.serverPort = serverPort;
        background(this::accept);
    }

    String host() {
        return door.getInetAddress().getHostAddress();
    }

    int port() {
        return door.getLocalPort();
    }

    /** From now on nothing of the server's reaches a client. */
    void mute() {
        mute = true;
    }

    /** Connections that the server has not closed yet. */
    int open() {
        return open.get();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = door.accept();
            Socket server = new Socket(InetAddress.getByName("127.0.0.1"), serverPort);
            sockets.add(client);
            sockets.add(server);
            open.incrementAndGet();
            background(() -> pass(client, server, false));
            background(() -> {
                try {
                    pass(server, client, true);
                } finally {
                    open.decrementAndGet();
                }
            });
        }
    }

    private void pass(Socket from, Socket to, boolean mayBeMute) throws IOException {
        byte[] bytes = new byte[8192];
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            if (!(mayBeMute && mute)) {
                out.write(bytes, 0, count);
            }
        }
        if (!(mayBeMute && mute)) {
            to.shutdownOutput();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void background(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // One of the two has gone.
            }
        }, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
