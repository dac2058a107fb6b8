package dev.keyturn.plugin.mysql;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes connections on to a port of this machine, and can fall silent, in one or both directions. */
final class Relay implements AutoCloseable {

    private final ServerSocket listening;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final String text;
    private final String other;
    private volatile int answers;
    private volatile boolean forwarding = true;

    /** Falls silent after so many of the server's answers. */
    Relay(int port, int answers) throws IOException {
        this("127.0.0.1", port, answers, "", "");
    }

    /** Listens on this address, and puts another text, of the same length, in place of one that either side sends. */
    Relay(String address, int port, int answers, String text, String other) throws IOException {
        this.listening = new ServerSocket(0, 5, InetAddress.getByName(address));
        this.answers = answers;
        this.text = text;
        this.other = other;
        start(() -> {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.addAll(List.of(client, server));
                start(() -> pass(client.getInputStream(), server.getOutputStream(), true));
                start(() -> pass(server.getInputStream(), client.getOutputStream(), false));
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // Closed.
            }
        }, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void pass(InputStream in, OutputStream out, boolean asking) throws IOException {
        byte[] bytes = new byte[65_536];
        for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
            if (asking ? forwarding : answers-- > 0) {
                String passed = new String(bytes, 0, n, StandardCharsets.ISO_8859_1);
                out.write(passed.replace(text, other).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    /** From now on no answer comes through, and questions only if asked for. */
    void silence(boolean forward) {
        answers = 0;
        forwarding = forward;
    }

    /** Its threads end with the sockets. */
    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
