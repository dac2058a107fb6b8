package dev.keyturn.plugin.redis;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Speaks Redis and answers as a test says: for what real servers do rarely, and as a proxy that loses replies. */
final class FakeRedis implements AutoCloseable {

    /** The raw reply: {@link #SILENT} for none, {@link #CUT} to close the connection. */
    interface Handler {
        String answer(List<String> command) throws IOException;
    }

    static final String OK = "+OK\r\n";
    static final String SILENT = "";
    static final String CUT = "cut";

    private final ServerSocket listener;
    private final Handler handler;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    FakeRedis(Handler handler) throws IOException {
        this.handler = handler;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "fake redis");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                sockets.add(socket);
                InputStream in = new BufferedInputStream(socket.getInputStream());
                for (List<String> command = read(in); !command.isEmpty(); command = read(in)) {
                    String reply = handler.answer(command);
                    if (reply.equals(CUT)) {
                        break;
                    }
                    socket.getOutputStream().write(reply.getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException | RuntimeException e) {
                // The client is gone, or the test is over.
            }
        }
    }

    private static List<String> read(InputStream in) throws IOException {
        List<String> words = new ArrayList<>();
        String head = line(in);
        for (int left = head.isEmpty() ? 0 : Integer.parseInt(head.substring(1)); left > 0; left--) {
            words.add(new String(in.readNBytes(Integer.parseInt(line(in).substring(1))), StandardCharsets.UTF_8));
            line(in);
        }
        return words;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    static String error(String text) {
        return "-" + text + "\r\n";
    }

    /** A reply's wire form. */
    static String encode(Object reply) {
        if (reply instanceof List<?> list) {
            return "*" + list.size() + "\r\n" + list.stream().map(FakeRedis::encode).collect(Collectors.joining());
        }
        return reply instanceof Long number ? ":" + number + "\r\n"
                : "$" + reply.toString().getBytes(StandardCharsets.UTF_8).length + "\r\n" + reply + "\r\n";
    }

    /** What the real server answers. */
    static String forward(RawRedis server, List<String> command) throws IOException {
        try {
            return encode(server.ask(command.toArray()));
        } catch (RawRedis.Error e) {
            return error(e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
