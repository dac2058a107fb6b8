package dev.keyturn.testkit.contract;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Bounded waiting, and calls that may hang. */
final class Waiting {

    /** Threads of the kit's own begin with this. */
    static final String THREADS = "keyturn-kit-";

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Waiting() {
    }

    /** Asks until the answer is true, or the time is up. Asks at least once. */
    static boolean until(long millis, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    /** A call into the plugin on a thread of its own, as the engine makes them. */
    static final class Hanging {

        private final Thread thread;
        private volatile Outcome outcome = new Outcome(new IllegalStateException("it has not ended"));

        private Hanging(ClassLoader loader, Outcome.Call call) {
            thread = daemon("call", () -> outcome = Outcome.of(call));
            thread.setContextClassLoader(loader);
            thread.start();
        }

        static Hanging start(Object plugin, Outcome.Call call) {
            return new Hanging(plugin.getClass().getClassLoader(), call);
        }

        void interrupt() {
            thread.interrupt();
        }

        /** Whether it ended within that time. */
        boolean endsWithin(long millis) throws InterruptedException {
            thread.join(millis);
            return !thread.isAlive();
        }

        Outcome outcome() {
            return outcome;
        }
    }

    static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, THREADS + name);
        thread.setDaemon(true);
        return thread;
    }
}
