package dev.keyturn.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the action and a server and passes bytes on. It counts the connections of a run, as they are accepted, and in each of
 * them the messages, both from 1: two connections that speak at the same time do not change each other's numbers.
 */
final class Proxy implements AutoCloseable {

    /**
     * What happens at one message. Afterwards its connection is closed on the client's side; the server sees the end of the
     * stream and what was passed on before, as it does when a client is killed.
     *
     * @param connection the connection's number
     * @param message the message's number in it
     * @param moment before it is passed on, just after, or when its reply has arrived
     * @param act what to do then
     */
    record Trap(int connection, int message, Blow.Moment moment, Runnable act) {
    }

    /** The counting for one run of the action. */
    static final class Watch implements AutoCloseable {

        private final @Nullable Trap trap;
        private final AtomicBoolean sprung = new AtomicBoolean();
        private final CountDownLatch over = new CountDownLatch(1);
        // Guarded by this.
        private final List<Link> links = new ArrayList<>();
        private boolean down;

        Watch(@Nullable Trap trap) {
            this.trap = trap;
        }

        /** Counts a connection; none if the server cannot be reached any more. */
        private synchronized Optional<Link> link(Socket client) {
            if (down) {
                return Optional.empty();
            }
            Link link = new Link(this, client, links.size() + 1);
            links.add(link);
            return Optional.of(link);
        }

        /** How many messages there were, connection by connection. */
        synchronized List<Integer> messages() {
            return links.stream().map(Link::messages).toList();
        }

        /** When this message is hit, if it is. */
        Blow.@Nullable Moment due(int connection, int message) {
            return trap != null && trap.connection == connection && trap.message == message ? trap.moment : null;
        }

        void spring() {
            sprung.set(true);
            if (trap != null) {
                trap.act.run();
            }
        }

        boolean sprung() {
            return sprung.get();
        }

        /** From now on the server cannot be reached. A connection that is silent just then ends as well. */
        void goDown() {
            List<Link> all;
            synchronized (this) {
                down = true;
                all = List.copyOf(links);
            }
            all.forEach(Link::end);
        }

        /** For an act that keeps a connection waiting: returns when the run is over. */
        void awaitOver() {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            over.countDown();
        }
    }

    private final ServerSocket door;
    private final int serverPort;
    private volatile Watch watch = new Watch(null);

    Proxy(int serverPort) {
        this.serverPort = serverPort;
        try {
            door = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        background(() -> {
            while (true) {
                accept(door.accept());
            }
        });
    }

    private void accept(Socket client) throws IOException {
        Optional<Link> link = watch.link(client);
        if (link.isEmpty()) {
            client.close();
            return;
        }
        try {
            link.get().start(serverPort);
        } catch (IOException e) {
            link.get().end(); // The server takes this one not; it may take the next.
        }
    }

    int port() {
        return door.getLocalPort();
    }

    /** Connections that come from now on belong to this run. */
    void watch(Watch next) {
        watch = next;
    }

    /** What ends when one of two connected sockets has gone. */
    interface Work {
        void run() throws IOException;
    }

    static void background(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // One of the two has gone.
            }
        }, "crash-proxy");
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
