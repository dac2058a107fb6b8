package dev.keyturn.plugin.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The Redis protocol in a few lines, so that a login can be tried without the driver that is under test. */
final class RawRedis implements AutoCloseable {

    /** An error reply. */
    static final class Error extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Error(String line) {
            super(line);
        }
    }

    private final Socket socket = new Socket();
    private final InputStream in;

    RawRedis(String host, int port) throws IOException {
        try {
            socket.connect(new InetSocketAddress(host, port), 5_000);
            socket.setSoTimeout(10_000);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends a command; a {@code byte[]} or a text for each argument. */
    Object ask(Object... arguments) throws IOException {
        send(arguments);
        return reply();
    }

    void send(Object... arguments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(("*" + arguments.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (Object argument : arguments) {
            byte[] bytes = argument instanceof byte[] raw ? raw : argument.toString().getBytes(StandardCharsets.UTF_8);
            out.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.write('\r');
            out.write('\n');
        }
        socket.getOutputStream().write(out.toByteArray());
    }

    Object reply() throws IOException {
        String line = line();
        String rest = line.substring(1);
        switch (line.charAt(0)) {
            case '+':
                return rest;
            case '-':
                throw new Error(rest);
            case ':':
                return Long.parseLong(rest);
            case '$':
                int length = Integer.parseInt(rest);
                if (length < 0) {
                    return "";
                }
                String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                line();
                return text;
            case '*':
                List<Object> values = new ArrayList<>();
                for (int i = Integer.parseInt(rest); i > 0; i--) {
                    values.add(reply());
                }
                return values;
            default:
                throw new IOException("not Redis: " + line);
        }
    }

    /** A line without its end. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
