package dev.keyturn.crash;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client of the secret: it reads the active value and logs in with it, over and over. Nobody may refuse it (R10). */
final class Client implements AutoCloseable {

    // So many logins are enough to meet every state of an account, and leave the machine to the runs.
    private static final long PAUSE_MILLIS = 20;
    private static final int LOOKS = 10;

    private final Server server;
    private final Supplier<Login> active;
    private final Thread thread = new Thread(this::run, "crash-client");
    private volatile boolean closed;
    private long logins;
    private long refused;
    private @Nullable RuntimeException trouble;

    /**
     * Begins.
     *
     * @param server where it logs in
     * @param active tells the secret's active value
     */
    Client(Server server, Supplier<Login> active) {
        this.server = server;
        this.active = active;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                login();
            } catch (RuntimeException e) {
                synchronized (this) {
                    trouble = e;
                }
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
        }
    }

    private synchronized void login() {
        if (server.accepts(active.get())) {
            logins++;
        } else {
            refused++;
        }
    }

    /** Asks a question that a session of the client's own would answer: it makes none meanwhile, but its last one may have to end first. */
    synchronized boolean without(BooleanSupplier question) {
        for (int look = 1; look < LOOKS && !question.getAsBoolean(); look++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return question.getAsBoolean();
    }

    /** How many logins were accepted. */
    synchronized long logins() {
        return logins;
    }

    synchronized long refused() {
        return refused;
    }

    /** Ends. A server that gave no answer is told here. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        RuntimeException told = trouble();
        if (told != null) {
            throw told;
        }
    }

    private synchronized @Nullable RuntimeException trouble() {
        RuntimeException told = trouble;
        trouble = null;
        return told;
    }
}
