package dev.keyturn.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two connections at the same time, of which one is silent for a while. The server says each letter back. */
@Timeout(60)
class ProxyTest {

    private static final int GONE = -1;

    private final List<Socket> sockets = new ArrayList<>();
    private ServerSocket server;
    private Proxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
        Proxy.background(() -> {
            while (true) {
                Socket one = server.accept();
                Proxy.background(() -> {
                    try (one) {
                        one.getInputStream().transferTo(one.getOutputStream());
                    }
                });
            }
        });
        proxy = new Proxy(server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        proxy.close();
        server.close();
    }

    private Proxy.Watch watch(int connection, int message, Blow.Moment moment, Runnable act) {
        Proxy.Watch watch = new Proxy.Watch(new Proxy.Trap(connection, message, moment, act));
        proxy.watch(watch);
        return watch;
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", proxy.port());
        socket.setSoTimeout(20_000); // A read that nothing ends is a failure, not a wait for ever.
        sockets.add(socket);
        return socket;
    }

    /** What comes back for a letter. */
    private static int says(Socket socket, char letter) throws IOException {
        try {
            socket.getOutputStream().write(letter);
            return socket.getInputStream().read();
        } catch (SocketException e) {
            return GONE;
        }
    }

    @Test
    void messagesAreCountedInEachConnection() throws IOException {
        Proxy.Watch watch = watch(3, 1, Blow.Moment.BEFORE, () -> { });
        Socket first = connect();
        says(first, 'a');
        Socket second = connect();
        says(second, 'b');
        says(first, 'c');
        says(second, 'd');
        says(first, 'e');

        assertEquals(List.of(3, 2), watch.messages());
        assertFalse(watch.sprung());
    }

    @Test
    void aTrapIsInOneConnection_andTheSilentOneGoesOn() throws IOException {
        Proxy.Watch watch = watch(2, 2, Blow.Moment.AFTER, () -> { });
        Socket first = connect();
        Socket second = connect();

        assertEquals('a', says(second, 'a'));
        assertEquals(GONE, says(second, 'b'));
        assertTrue(watch.sprung());
        assertEquals('c', says(first, 'c'));
        assertEquals('d', says(first, 'd'));
        assertEquals(List.of(2, 2), watch.messages());
    }

    @Test
    void aMessageThatIsKeptWaiting_keepsNoOtherConnection() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        Proxy.Watch[] watch = new Proxy.Watch[1];
        watch[0] = watch(1, 1, Blow.Moment.BEFORE, () -> {
            held.countDown();
            watch[0].awaitOver();
        });
        Socket first = connect();
        Socket second = connect();
        first.getOutputStream().write('a');
        held.await();

        assertEquals('b', says(second, 'b'));
        watch[0].close();
        assertEquals(GONE, first.getInputStream().read());
    }

    @Test
    void whenTheServerIsDown_theSilentConnectionEndsToo() throws IOException {
        Proxy.Watch[] watch = new Proxy.Watch[1];
        watch[0] = watch(1, 2, Blow.Moment.BEFORE, () -> watch[0].goDown());
        Socket first = connect();
        assertEquals('a', says(first, 'a'));
        Socket silent = connect();
        assertEquals('b', says(silent, 'b'));

        assertEquals(GONE, says(first, 'c'));
        assertEquals(GONE, silent.getInputStream().read());
        assertEquals(GONE, says(connect(), 'd'));
        assertEquals(List.of(2, 1), watch[0].messages());
    }
}
