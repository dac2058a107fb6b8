package dev.keyturn.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the action and a server and passes bytes on. It counts messages: what the client sends after the server
 * last spoke is one message, whatever is in it. It sees where a message begins without understanding it, TLS or not.
 */
final class Proxy implements AutoCloseable {

    /**
     * What happens at one message. Afterwards its connection is closed on the client's side; the server sees the end of the
     * stream and what was passed on before, as it does when a client is killed.
     *
     * @param message its number
     * @param moment before it is passed on, just after, or when its reply has arrived
     * @param act what to do then
     */
    record Trap(int message, Blow.Moment moment, Runnable act) {
    }

    /** The counting for one run of the action. */
    static final class Watch implements AutoCloseable {

        private final @Nullable Trap trap;
        private final AtomicInteger messages = new AtomicInteger();
        private final AtomicBoolean sprung = new AtomicBoolean();
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile boolean down;

        Watch(@Nullable Trap trap) {
            this.trap = trap;
        }

        int messages() {
            return messages.get();
        }

        boolean sprung() {
            return sprung.get();
        }

        /** From now on the server cannot be reached. */
        void goDown() {
            down = true;
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
                Socket client = door.accept();
                Watch run = watch;
                if (run.down) {
                    client.close();
                } else {
                    new Link(run, client).start();
                }
            }
        });
    }

    int port() {
        return door.getLocalPort();
    }

    /** Connections that come from now on belong to this run. */
    void watch(Watch next) {
        watch = next;
    }

    /** One connection. */
    private final class Link {

        private final Watch run;
        private final Socket client;
        private final Socket server;
        private boolean serverSpoke = true;
        private boolean replyIsTrapped;
        private boolean cut;

        Link(Watch run, Socket client) throws IOException {
            this.run = run;
            this.client = client;
            this.server = new Socket(InetAddress.getByName("127.0.0.1"), serverPort);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void start() {
            background(this::toServer);
            background(this::toClient);
        }

        private void toServer() throws IOException {
            byte[] bytes = new byte[32 * 1024];
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            try {
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
            InputStream in = server.getInputStream();
            try {
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
            if (run.down) {
                return Blow.Moment.BEFORE;
            }
            serverSpoke = false;
            boolean hit = run.messages.incrementAndGet() == (run.trap == null ? 0 : run.trap.message);
            replyIsTrapped = hit && run.trap.moment == Blow.Moment.AFTER;
            return hit ? run.trap.moment : null;
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

        private void spring() throws IOException {
            synchronized (this) {
                cut = true;
            }
            run.sprung.set(true);
            if (run.trap != null) {
                run.trap.act.run();
            }
            client.close();
            server.shutdownOutput();
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
