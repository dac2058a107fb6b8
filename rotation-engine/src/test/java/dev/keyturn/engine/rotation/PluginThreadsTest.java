package dev.keyturn.engine.rotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSchema;
import dev.keyturn.api.TargetSession;
import dev.keyturn.engine.plugin.Plugin;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Plugins are other people's code: it may hang, throw anything, or answer nothing. */
class PluginThreadsTest {

    private static final class Idle implements RotationTarget {

        @Override
        public String type() {
            return "idle";
        }

        @Override
        public TargetSchema schema() {
            return TargetSchema.of(TargetSchema.Field.required(Credential.PASSWORD));
        }

        @Override
        public PasswordRules passwordRules() {
            return PasswordRules.standard();
        }

        @Override
        public TargetSession open(Credential credential, TargetContext context) {
            throw new UnsupportedOperationException();
        }
    }

    private final Plugin plugin = new Plugin(new Idle(), "idle", "1", "Idle in idle.jar");
    private final PluginThreads threads = new PluginThreads();

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void anOverdueCallIsInterruptedAndUnknown_andWhatItOpensIsClosed() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        TargetSession late = new TargetSession() {
            @Override
            public void change(dev.keyturn.api.Change change) {
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        TargetException e = assertThrows(TargetException.class, () -> threads.call(plugin, "a login", 10, () -> {
            try {
                new CountDownLatch(1).await();
                return null;
            } catch (InterruptedException interrupted) {
                return late;
            }
        }));
        assertEquals(Kind.UNKNOWN, e.kind());
        assertTrue(closed.await(30, TimeUnit.SECONDS), "the late session was closed");
    }

    @Test
    void r8_whatAPluginThrowsIsNotRepeated() {
        TargetException e = assertThrows(TargetException.class, () -> threads.call(plugin, "the change", 5_000, () -> {
            throw new IllegalStateException("password=hunter2");
        }));
        assertEquals(Kind.UNKNOWN, e.kind());
        assertTrue(e.getMessage().contains("Idle in idle.jar") && e.getMessage().contains("IllegalStateException"), e.getMessage());
        assertFalse(e.getMessage().contains("hunter2"));
        assertSame(null, e.getCause());
    }

    @Test
    void r11_aMissingClassIsNamedWithTheJar() {
        TargetException e = assertThrows(TargetException.class, () -> threads.call(plugin, "a login", 5_000, () -> {
            throw new NoClassDefFoundError("com/acme/Driver");
        }));
        assertEquals(Kind.MISCONFIGURED, e.kind());
        assertTrue(e.getMessage().contains("com/acme/Driver") && e.getMessage().contains("idle.jar"), e.getMessage());
    }

    @Test
    void nullIsNoAnswer() {
        assertEquals(Kind.UNKNOWN, assertThrows(TargetException.class, () -> threads.call(plugin, "the survey", 5_000, () -> null)).kind());
    }

    @Test
    void theContextClassLoaderIsThePluginsOwn() throws Exception {
        assertSame(Idle.class.getClassLoader(),
                threads.call(plugin, "a login", 5_000, () -> Thread.currentThread().getContextClassLoader()));
    }

    @Test
    void aThreadTakesTheNextCall_andNothingThatThisOneLeftInIt() throws Exception {
        Set<Thread> used = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            assertFalse(threads.call(plugin, "a login", 5_000, () -> Thread.currentThread().isInterrupted()));
            used.add(threads.call(plugin, "the survey", 5_000, () -> {
                Thread.currentThread().setContextClassLoader(null);
                Thread.currentThread().interrupt();
                return Thread.currentThread();
            }));
            assertSame(Idle.class.getClassLoader(), threads.call(plugin, "a login", 5_000, () -> Thread.currentThread().getContextClassLoader()));
        }
        // Each call finds a thread that has ended its own, unless it comes before that thread is back.
        assertTrue(used.size() < 50, used.size() + " threads");
        threads.close();
        for (Thread thread : used) {
            thread.join(30_000);
            assertFalse(thread.isAlive(), "ends when there is nothing more to do");
        }
    }
}
