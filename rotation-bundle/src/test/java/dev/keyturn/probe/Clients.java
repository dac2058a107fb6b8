package dev.keyturn.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Clients that read the active value and log in with it, again and again, until they are closed. */
final class Clients implements AutoCloseable {

    // Between a client's logins. Each costs a port for a minute, and Linux has some 28,000.
    static final int PAUSE_MILLIS = 4;
    private static final long PATIENCE_SECONDS = 60;

    private final Supplier<Account> active;
    private final Target target;
    private final ExecutorService threads;
    private final List<Future<?>> running = new ArrayList<>();
    private final List<Login> logins = new ArrayList<>();
    private final int[] ended;
    private volatile boolean stop;

    /**
     * Starts them.
     *
     * @param active reads what Secret Manager calls active
     * @param target where they log in
     * @param cacheMillis of each client: how long it keeps what it read
     */
    Clients(Supplier<Account> active, Target target, int... cacheMillis) {
        this.active = active;
        this.target = target;
        this.ended = new int[cacheMillis.length];
        this.threads = Executors.newFixedThreadPool(cacheMillis.length);
        for (int client = 0; client < cacheMillis.length; client++) {
            int number = client;
            int cache = cacheMillis[client];
            running.add(threads.submit(() -> run(number, cache)));
        }
    }

    private void run(int number, int cacheMillis) {
        Account account = active.get();
        long read = System.nanoTime();
        while (!stop) {
            if (System.nanoTime() - read >= TimeUnit.MILLISECONDS.toNanos(cacheMillis)) {
                read = System.nanoTime();
                account = active.get();
            }
            long began = System.nanoTime();
            Answer answer = target.login(account);
            add(number, new Login(cacheMillis, began, System.nanoTime(), answer));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
        }
    }

    private synchronized void add(int number, Login login) {
        logins.add(login);
        ended[number]++;
        notifyAll();
    }

    /** All logins that have ended, in that order. */
    synchronized List<Login> logins() {
        return List.copyOf(logins);
    }

    /**
     * Waits until each client has ended two more logins. The second of them began after this call, so without a cache it was made
     * with what was active then.
     */
    synchronized void awaitTwoLogins() {
        int[] before = ended.clone();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (int client = 0; client < ended.length; client++) {
            while (ended[client] < before[client] + 2) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0 || running.get(client).isDone()) {
                    throw new IllegalStateException("a client does not log in any more");
                }
                try {
                    wait(left);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** When this returns they have ended. */
    @Override
    public void close() {
        stop = true;
        threads.shutdown();
        for (Future<?> client : running) {
            try {
                client.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a client ended early", e.getCause());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
