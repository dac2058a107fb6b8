package dev.keyturn.engine.rotation;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.engine.plugin.Plugin;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls into plugins on threads that are not the engine's, so that one that hangs can be left behind. A thread whose call has
 * ended takes the next one: starting a thread takes longer than most calls need here. Whatever a plugin throws that is no
 * {@link TargetException} becomes one, without a word of what it said.
 */
final class PluginThreads implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    // Beyond the limit that the plugin was given itself: it is the plugin that should give up first, and say why.
    private static final long GRACE_MILLIS = 1_000;
    private static final long CLOSE_MILLIS = 1_000;

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "keyturn-plugin-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    /** A call into a plugin. */
    interface Call<T> {
        T run() throws TargetException;
    }

    /**
     * Runs the call. One that takes too long is interrupted and counts as {@link Kind#UNKNOWN}; what it opens after that is closed.
     */
    <T> T call(Plugin plugin, String what, long limitMillis, Call<T> call) throws TargetException {
        return begin(plugin, what, call).await(limitMillis);
    }

    /** Begins the call, which is awaited or dropped later. */
    <T> Begun<T> begin(Plugin plugin, String what, Call<T> call) {
        return new Begun<>(plugin, what, threads, new Abandonable<>(plugin, what, call));
    }

    /** A call that is under way. */
    static final class Begun<T> {

        private final Plugin plugin;
        private final String what;
        private final Abandonable<T> body;
        private final Future<T> task;

        private Begun(Plugin plugin, String what, ExecutorService threads, Abandonable<T> body) {
            this.plugin = plugin;
            this.what = what;
            this.body = body;
            this.task = threads.submit(body);
        }

        boolean ended() {
            return task.isDone();
        }

        /** Its result, as of {@link PluginThreads#call}; the limit counts from now. */
        T await(long limitMillis) throws TargetException {
            try {
                return task.get(limitMillis + GRACE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof TargetException told ? told : unexpected(plugin, what, e.getCause());
            } catch (TimeoutException e) {
                return body.abandon(task, new TargetException(Kind.UNKNOWN,
                        "the plugin " + plugin.type() + " did not end " + what + " within " + limitMillis + " ms"));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return body.abandon(task, new TargetException(Kind.UNKNOWN, "interrupted during " + what));
            }
        }

        /** Nobody wants the result any more: what it opens is closed. Waits a moment for the call's end. */
        void drop() {
            try {
                if (await(0) instanceof AutoCloseable open) {
                    closeQuietly(open);
                }
            } catch (TargetException e) {
                // It has failed, or is left behind: either way there is nothing to close.
                return;
            }
        }
    }

    private static TargetException unexpected(Plugin plugin, String what, Throwable e) {
        if (e instanceof VirtualMachineError fatal) {
            throw fatal;
        }
        if (e instanceof NoClassDefFoundError) {
            return new TargetException(Kind.MISCONFIGURED,
                    "the plugin " + plugin.place() + " needs the missing class " + e.getMessage() + " for " + what,
                    "add the jar with that class to the bundle");
        }
        return new TargetException(Kind.UNKNOWN, "the plugin " + plugin.place() + " failed in " + what + " with "
                + e.getClass().getName() + ", which is not its contract");
    }

    private static final class Abandonable<T> implements Callable<T> {

        private final Plugin plugin;
        private final String what;
        private final Call<T> call;
        // Both guarded by this: a result is either handed over or, if nobody waits any more, closed.
        private boolean abandoned;
        private @Nullable T result;

        Abandonable(Plugin plugin, String what, Call<T> call) {
            this.plugin = plugin;
            this.what = what;
            this.call = call;
        }

        @Override
        public T call() throws TargetException {
            Thread.currentThread().setContextClassLoader(plugin.target().getClass().getClassLoader());
            T answer = call.run();
            if (answer == null) {
                throw new TargetException(Kind.UNKNOWN, "the plugin " + plugin.place() + " answered null to " + what);
            }
            synchronized (this) {
                if (!abandoned) {
                    result = answer;
                    return answer;
                }
            }
            if (answer instanceof AutoCloseable open) {
                closeQuietly(open);
            }
            return answer;
        }

        T abandon(Future<T> task, TargetException why) throws TargetException {
            synchronized (this) {
                if (result != null) {
                    return result;
                }
                abandoned = true;
            }
            // Interrupts the call, and nothing that its thread does after it.
            task.cancel(true);
            throw why;
        }
    }

    /** Nobody can act on a session that does not close well. */
    private static void closeQuietly(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception | LinkageError e) {
            // Nothing to do, and nothing to say: the text could be the driver's.
            return;
        }
    }

    /** Closes a session, and waits for that only so long. */
    void close(Plugin plugin, TargetSession session) {
        try {
            call(plugin, "closing a session", CLOSE_MILLIS, () -> {
                session.close();
                return Boolean.TRUE;
            });
        } catch (TargetException e) {
            // As above.
            return;
        }
    }

    /** Lets the threads end that have nothing to do; one that is left behind ends with its call. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
