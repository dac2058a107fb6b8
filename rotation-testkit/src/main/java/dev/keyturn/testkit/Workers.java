package dev.keyturn.testkit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that serve calls: daemons, as many as there are calls at once. */
final class Workers {

    private static final long PATIENCE_MILLIS = 10_000;

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final ExecutorService executor;

    Workers(String namePrefix) {
        executor = Executors.newCachedThreadPool(task -> {
            threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
            Thread thread = new Thread(task, namePrefix + count.incrementAndGet());
            thread.setDaemon(true);
            threads.add(thread);
            return thread;
        });
    }

    ExecutorService executor() {
        return executor;
    }

    /** Interrupts all, and waits until each thread is gone: a pool that calls itself terminated may still have some. */
    void close() {
        executor.shutdownNow();
        try {
            for (Thread thread : threads) {
                if (thread != Thread.currentThread()) {
                    thread.join(PATIENCE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
