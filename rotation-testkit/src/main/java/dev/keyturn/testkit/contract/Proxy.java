package dev.keyturn.testkit.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Passes bytes on between the plugin and the target, and counts request bursts: what a client sends until the server answers.
 * Bursts of all connections are counted together, from 1. At one of them something can be made to go wrong.
 */
final class Proxy implements AutoCloseable {

    /** What goes wrong at a burst. */
    enum Fault {
        /** Nothing. */
        NONE("nothing"),
        /** The connection breaks before the burst is passed on. */
        CUT_BEFORE("the connection was cut before the request"),
        /** The burst is passed on, and the connection breaks when the reply comes. */
        CUT_AFTER("the request arrived, and the connection was cut before its reply"),
        /** The burst is passed on, and no reply ever comes back, nor to any later one. */
        MUTE("the request arrived, and no reply came back");

        final String text;

        Fault(String text) {
            this.text = text;
        }
    }

    private final ServerSocket door;
    private final InetSocketAddress target;
    private final List<ProxyConnection> connections = new CopyOnWriteArrayList<>();
    private final AtomicInteger bursts = new AtomicInteger();
    private volatile Fault fault = Fault.NONE;
    private volatile int faultAt;
    private volatile boolean bit;

    Proxy(InetAddress address, InetSocketAddress target) {
        this.target = target;
        try {
            this.door = new ServerSocket(0, 50, address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Waiting.daemon("proxy", this::accept).start();
    }

    int port() {
        return door.getLocalPort();
    }

    /** Bursts so far. */
    int bursts() {
        return bursts.get();
    }

    /** Connections so far. */
    int accepted() {
        return connections.size();
    }

    /** Connections that the client has not closed. */
    long open() {
        return connections.stream().filter(ProxyConnection::clientIsThere).count();
    }

    /** Lets the burst of this number go wrong. */
    void plan(Fault what, int burst) {
        bit = false;
        faultAt = burst;
        fault = what;
    }

    /** Whether what was planned has happened. */
    boolean bit() {
        return bit;
    }

    /** A burst begins: what is to happen to it. */
    Fault arrives() {
        int number = bursts.incrementAndGet();
        Fault planned = fault;
        return number == faultAt || number > faultAt && planned == Fault.MUTE ? planned : Fault.NONE;
    }

    void bites() {
        bit = true;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                try {
                    Socket server = new Socket();
                    server.connect(target, 10_000);
                    ProxyConnection connection = new ProxyConnection(this, client, server);
                    connections.add(connection);
                    connection.start();
                } catch (IOException e) {
                    client.close();
                }
            }
        } catch (IOException e) {
            // The door was closed.
        }
    }

    @Override
    public void close() {
        ProxyConnection.quietly(door);
        connections.forEach(ProxyConnection::close);
    }
}
