package dev.keyturn.engine.secretmanager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of a call whose reply does not come, or not all of it (R7): not done only if the request never left. */
@Timeout(60)
class HttpSecretManagerTest {

    private static final long SHORT = 300;
    private static final long LONG = 30_000;
    private static final String SUCCESS = "{\"code\":\"SUCCESS\",\"data\":{}}";

    /** Answers the first requests, on whichever connection, with these texts; after that it says nothing. */
    private static final class Server implements AutoCloseable {

        private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        private final String[] answers;
        private int asked;
        /** The client has closed a connection. */
        final CountDownLatch left = new CountDownLatch(1);
        final CountDownLatch heard = new CountDownLatch(1);

        Server(String... answers) throws IOException {
            this.answers = answers;
            background(() -> {
                while (true) {
                    Socket socket = door.accept();
                    background(() -> serve(socket));
                }
            });
        }

        private void serve(Socket socket) throws IOException {
            try (socket; InputStream in = socket.getInputStream()) {
                StringBuilder line = new StringBuilder();
                for (int c = in.read(); c >= 0; c = in.read()) {
                    line.append((char) c);
                    if (line.toString().endsWith("\r\n\r\n")) { // None of the requests here has a body.
                        line.setLength(0);
                        heard.countDown();
                        socket.getOutputStream().write(next().getBytes(StandardCharsets.US_ASCII));
                    }
                }
            } finally {
                left.countDown();
            }
        }

        private synchronized String next() {
            return asked < answers.length ? answers[asked++] : "";
        }

        private interface Work {
            void run() throws IOException;
        }

        private static void background(Work work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (IOException e) {
                    return; // The test is over.
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        HttpSecretManager client(String scheme) {
            URI endpoint = URI.create(scheme + "://127.0.0.1:" + door.getLocalPort());
            return new HttpSecretManager(new JobAddress(endpoint, "secret", "token"), "access", "secret");
        }

        @Override
        public void close() throws IOException {
            door.close();
        }
    }

    private static String answer(int length, String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n" + body;
    }

    private static void noReply(Reply reply) {
        assertEquals(new Reply.Unclear("no reply within " + SHORT + " ms"), reply);
    }

    @Test
    void r7_silenceOnANewConnectionProvesNothing() throws Exception {
        try (Server server = new Server(); HttpSecretManager client = server.client("http")) {
            noReply(client.complete(SHORT));
            assertTrue(server.left.await(LONG, TimeUnit.MILLISECONDS), "the connection is closed");
        }
    }

    @Test
    void r7_silenceOnAConnectionThatWasUsedBeforeProvesNothing() throws Exception {
        try (Server server = new Server(answer(SUCCESS.length(), SUCCESS)); HttpSecretManager client = server.client("http")) {
            assertInstanceOf(Reply.Success.class, client.start(LONG));
            noReply(client.complete(SHORT));
        }
    }

    @Test
    void r7_aBodyThatEndsHalfWayProvesNothing() throws Exception {
        try (Server server = new Server(answer(SUCCESS.length(), SUCCESS.substring(1))); HttpSecretManager client = server.client("http")) {
            noReply(client.complete(SHORT));
            assertTrue(server.left.await(LONG, TimeUnit.MILLISECONDS), "the connection is closed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: what\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n",
            "HTTP/1.1 fine\r\n\r\n", "+OK\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"})
    void r7_whatIsNoReplyProvesNothing(String answer) throws Exception {
        try (Server server = new Server(answer); HttpSecretManager client = server.client("http")) {
            assertInstanceOf(Reply.Unclear.class, client.complete(3_000));
        }
    }

    @Test
    void aRequestThatNeverLeftIsNotDone() throws Exception {
        Server server = new Server();
        server.close();
        try (HttpSecretManager client = server.client("http")) {
            assertInstanceOf(Reply.NotDone.class, client.complete(LONG));
        }
    }

    /** It may have been accepted, but TLS does not stand, so the request has not left either; to say less is no mistake. */
    @Test
    void tlsThatIsNotAnsweredEndsInTime() throws Exception {
        try (Server server = new Server(); HttpSecretManager client = server.client("https")) {
            Reply reply = client.complete(SHORT);
            assertTrue(reply instanceof Reply.NotDone || reply instanceof Reply.Unclear, reply.toString());
        }
    }

    @Test
    void anInterruptEndsTheWaitAndIsPassedOn() throws Exception {
        try (Server server = new Server(); HttpSecretManager client = server.client("http")) {
            Thread waiting = Thread.currentThread();
            Server.background(() -> {
                try {
                    server.heard.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                waiting.interrupt();
            });
            Reply reply = client.complete(LONG);
            assertTrue(Thread.interrupted());
            assertEquals(new Reply.Unclear("interrupted while waiting for the reply"), reply);
        }
    }
}
