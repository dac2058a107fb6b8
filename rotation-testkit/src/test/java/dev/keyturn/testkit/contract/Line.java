package dev.keyturn.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** A client's connection to a {@link LineServer}. */
class Line {

    private final Socket socket = new Socket();
    private BufferedReader answers;
    private long end;

    /** Connects; the time is for all that follows, too, until {@link #within} says otherwise. */
    Line connect(String host, int port, int millis) throws IOException {
        within(millis);
        try {
            socket.connect(new InetSocketAddress(host, port), left());
            answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
        return this;
    }

    void within(int millis) {
        end = System.nanoTime() + millis * 1_000_000L;
    }

    /** Milliseconds, at least 1. */
    int left() throws IOException {
        long left = (end - System.nanoTime()) / 1_000_000L;
        if (left < 1) {
            throw new SocketTimeoutException("the time is up");
        }
        return (int) left;
    }

    String ask(String request) throws IOException {
        socket.getOutputStream().write((request + "\n").getBytes(UTF_8));
        String answer = answer();
        if (answer == null) {
            throw new EOFException("the server hung up");
        }
        return answer;
    }

    String answer() throws IOException {
        limit(left());
        return answers.readLine();
    }

    final String read() throws IOException {
        return answers.readLine();
    }

    final void limit(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    void close() throws IOException {
        socket.close();
    }
}
