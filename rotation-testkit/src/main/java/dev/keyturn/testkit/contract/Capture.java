package dev.keyturn.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyturn.api.TargetException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/** Listens to all that can be heard of a plugin: the console, java.util.logging at its loudest, and what the test hands in. */
final class Capture implements AutoCloseable {

    private final Queue<Map.Entry<String, String>> heard = new ConcurrentLinkedQueue<>();
    private final Map<String, ByteArrayOutputStream> consoles = new LinkedHashMap<>();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final Logger root = Logger.getLogger("");
    private final Level level = root.getLevel();
    private final Handler handler = new Records();

    private final class Records extends Handler {

        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
            heard.add(Map.entry("the log record of " + record.getLoggerName() + " at " + record.getLevel(),
                    formatter.format(record) + " " + record.getMessage() + " " + Arrays.deepToString(record.getParameters())));
        }

        @Override
        public void flush() {
        }

        @Override
        public void close() {
        }
    }

    Capture() {
        System.setOut(tee("System.out", out));
        System.setErr(tee("System.err", err));
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
        root.setLevel(Level.ALL);
    }

    private PrintStream tee(String name, PrintStream console) {
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        consoles.put(name, copy);
        return new PrintStream(new OutputStream() {
            @Override
            public void write(int b) {
                copy.write(b);
                console.write(b);
            }

            @Override
            public void write(byte[] bytes, int from, int count) {
                copy.write(bytes, from, count);
                console.write(bytes, from, count);
            }

            @Override
            public void flush() {
                console.flush();
            }
        }, true, UTF_8);
    }

    /** Something that the plugin returned: what its toString shows. */
    void shown(String where, Object thing) {
        heard.add(Map.entry("toString of " + where, String.valueOf(thing)));
    }

    /** An exception: all that hangs on it. */
    void thrown(String where, Throwable failure) {
        thrown(where, failure, 0);
    }

    private void thrown(String where, Throwable failure, int depth) {
        String fix = failure instanceof TargetException e ? " " + e.fix().orElse("") : "";
        heard.add(Map.entry("the exception of " + where, failure + " " + failure.getMessage() + " " + failure.getLocalizedMessage() + fix));
        if (depth < 20) {
            if (failure.getCause() != null) {
                thrown(where + ", a cause", failure.getCause(), depth + 1);
            }
            for (Throwable suppressed : failure.getSuppressed()) {
                thrown(where + ", suppressed", suppressed, depth + 1);
            }
            if (failure instanceof SQLException e && e.getNextException() != null) {
                thrown(where + ", a next exception", e.getNextException(), depth + 1);
            }
        }
    }

    void threads() {
        Thread.getAllStackTraces().keySet().forEach(thread -> heard.add(Map.entry("a thread's name", thread.getName())));
    }

    /** Where one of these is shown, raw or encoded; null if nowhere. */
    @Nullable String find(Map<String, String> secrets) {
        consoles.forEach((name, bytes) -> heard.add(Map.entry(name, bytes.toString(UTF_8))));
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            Set<String> forms = Text.forms(secret.getValue());
            for (Map.Entry<String, String> text : heard) {
                for (String form : forms) {
                    if (text.getValue().contains(form)) {
                        return text.getKey() + " shows " + secret.getKey() + (form.equals(secret.getValue()) ? "" : ", encoded");
                    }
                }
            }
        }
        return null;
    }

    @Override
    public void close() {
        root.removeHandler(handler);
        root.setLevel(level);
        System.setOut(out);
        System.setErr(err);
    }
}
