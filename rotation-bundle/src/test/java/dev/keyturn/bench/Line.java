package dev.keyturn.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A network between a client and a server on this machine: every round trip takes the same time, that of connecting too, and bytes
 * stay in order. It counts round trips as the client sees them: the server's bytes arrive after the client said something.
 */
final class Line implements AutoCloseable {

    // A sleeping thread wakes up late by about this much; the rest is waited for awake.
    private static final long LATE_NANOS = 100_000;
    private static final int MOST_BYTES = 32 * 1024;

    private final ServerSocket door;
    private final int serverPort;
    private final List<Connection> connections = new ArrayList<>();
    private volatile long tripNanos;

    Line(int serverPort) {
        this.serverPort = serverPort;
        try {
            door = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        background(() -> {
            while (true) {
                Connection connection = new Connection(door.accept(), tripNanos);
                synchronized (connections) {
                    connections.add(connection);
                }
                connection.start();
            }
        });
    }

    int port() {
        return door.getLocalPort();
    }

    /** Of connections that are made from now on; they are counted from here. */
    void begin(long millis) {
        tripNanos = TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (connections) {
            connections.clear();
        }
    }

    /** What crossed since {@link #begin}, by connection. */
    List<Crossed> crossed() {
        synchronized (connections) {
            return connections.stream().map(Connection::crossed).toList();
        }
    }

    /**
     * What crossed on one connection.
     *
     * @param since when it was opened
     * @param answers for each round trip but the first, which connects: when the server answered
     * @param toServer bytes
     * @param toClient bytes
     */
    record Crossed(long since, List<Long> answers, long toServer, long toClient) {

        int trips() {
            return 1 + answers.size();
        }
    }

    private record Chunk(byte[] bytes, long read, long due) {
    }

    private final class Connection {

        private final Socket client;
        private final long nanos;
        private final long since = System.nanoTime();
        private final BlockingQueue<Chunk> toServer = new LinkedBlockingQueue<>();
        private final BlockingQueue<Chunk> toClient = new LinkedBlockingQueue<>();
        // Guarded by this. The server hears that a client is there, and may be the first to speak.
        private final List<Long> answers = new ArrayList<>();
        private boolean clientSpoke = true;
        private long up;
        private long down;

        Connection(Socket client, long nanos) {
            this.client = client;
            this.nanos = nanos;
        }

        synchronized Crossed crossed() {
            return new Crossed(since, List.copyOf(answers), up, down);
        }

        void start() {
            background(() -> {
                client.setTcpNoDelay(true);
                // The client believes that it is connected; a real one would be after a round trip, and say nothing before.
                background(() -> read(client, toServer, since + nanos));
                await(since + nanos + nanos / 2);
                Socket server = new Socket(InetAddress.getByName("127.0.0.1"), serverPort);
                server.setTcpNoDelay(true);
                background(() -> read(server, toClient, since));
                background(() -> write(toClient, client, server));
                write(toServer, server, client);
            });
        }

        private void read(Socket from, BlockingQueue<Chunk> to, long notBefore) throws IOException {
            byte[] bytes = new byte[MOST_BYTES];
            int count = 0;
            while (count >= 0) {
                try {
                    count = from.getInputStream().read(bytes);
                } catch (IOException e) {
                    count = -1; // A connection that breaks ends, too.
                }
                long now = System.nanoTime();
                if (from == client && count > 0) {
                    spoke(count);
                }
                to.add(new Chunk(Arrays.copyOf(bytes, Math.max(0, count)), now, Math.max(now, notBefore) + nanos / 2));
            }
        }

        private void write(BlockingQueue<Chunk> from, Socket to, Socket other) throws IOException {
            try {
                OutputStream out = to.getOutputStream();
                for (Chunk chunk = from.take(); chunk.bytes.length > 0; chunk = from.take()) {
                    await(chunk.due);
                    if (to == client) {
                        arrives(chunk);
                    }
                    out.write(chunk.bytes);
                }
                to.shutdownOutput();
                if (to == client) {
                    to.close();
                    other.close();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private synchronized void spoke(int count) {
            clientSpoke = true;
            up += count;
        }

        private synchronized void arrives(Chunk chunk) {
            if (clientSpoke) {
                answers.add(chunk.read);
            }
            clientSpoke = false;
            down += chunk.bytes.length;
        }
    }

    private static void await(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            if (left > LATE_NANOS) {
                LockSupport.parkNanos(left - LATE_NANOS);
            } else {
                Thread.onSpinWait();
            }
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
        }, "bench-line");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
