package dev.keyturn.engine.rotation;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.engine.plugin.Plugin;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A login that connects while other things are done, and sends its password when it is wanted: while a value is stored and set, the
 * login that is to prove it gets as far as it can. Clients that hold the old value then wait for less.
 */
final class EarlyLogin {

    // Servers end connections on which nobody logs in; the shortest such time that is known is MySQL's, ten seconds.
    private static final long LONGEST_WAIT_MILLIS = 5_000;

    private final Job job;
    private final Plugin plugin;
    private final Credential credential;
    private final TargetContext context;
    private final CompletableFuture<Boolean> wanted = new CompletableFuture<>();
    // Guarded by this: it is begun in the thread of another login, and dropped by the engine's.
    private PluginThreads.@Nullable Begun<TargetSession> begun;
    private long since;
    private boolean dropped;

    EarlyLogin(Job job, Plugin plugin, Credential credential, TargetContext context) {
        this.job = job;
        this.plugin = plugin;
        this.credential = credential;
        this.context = context.withGate(this::awaitWanted);
    }

    boolean isFor(Credential other) {
        return credential.sameLogin(other);
    }

    /** Connects. */
    synchronized void begin() {
        if (begun == null && !dropped) {
            since = job.deadline.now();
            begun = job.plugins.begin(plugin, "a login", () -> plugin.target().open(credential, context));
        }
    }

    private void awaitWanted() throws TargetException {
        try {
            if (wanted.get()) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        throw new TargetException(Kind.UNREACHABLE, "the login is not wanted any more");
    }

    /** Whether there is something to go on with: not where connecting failed, which says nothing of the value, or was long ago. */
    synchronized boolean isWaiting() {
        return begun != null && !begun.ended() && job.deadline.now() - since < LONGEST_WAIT_MILLIS;
    }

    /** Logs in. */
    TargetSession finish(int millis) throws TargetException {
        wanted.complete(true);
        return required().await(millis);
    }

    private synchronized PluginThreads.Begun<TargetSession> required() {
        if (begun == null) {
            throw new IllegalStateException("not begun");
        }
        return begun;
    }

    /** Leaves nothing behind. */
    void drop() {
        wanted.complete(false);
        PluginThreads.@Nullable Begun<TargetSession> open;
        synchronized (this) {
            dropped = true;
            open = begun;
        }
        if (open != null) {
            open.drop();
        }
    }
}
