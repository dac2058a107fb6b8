package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.Redactor;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.engine.action.RotationAction;
import dev.keyturn.engine.rotation.Progress;
import dev.keyturn.testkit.Fault;
import dev.keyturn.testkit.Operation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** R8: everything that is written, searched for every secret in every form. */
class SilenceTest {

    private static final String ADMIN_PASSWORD = "Admin'Secret\"9";

    /** Collects all log records at the finest level, standard output and error, and the progress. */
    private static final class Ears extends Handler implements AutoCloseable, Progress {

        private final StringWriter heard = new StringWriter();
        private final PrintStream out = System.out;
        private final PrintStream err = System.err;
        private final ByteArrayOutputStream streams = new ByteArrayOutputStream();
        private final Logger root = Logger.getLogger("");
        private final Level before = root.getLevel();
        int records;

        Ears() {
            PrintStream stream = new PrintStream(streams, true, StandardCharsets.UTF_8);
            System.setOut(stream);
            System.setErr(stream);
            root.setLevel(Level.ALL);
            setLevel(Level.ALL);
            root.addHandler(this);
        }

        @Override
        public synchronized void publish(LogRecord entry) {
            if (entry.getLoggerName() != null && entry.getLoggerName().startsWith("com.sun.net.httpserver")) {
                // The local Secret Manager's: the other side's log, not ours.
                return;
            }
            records++;
            heard.append(entry.getLoggerName()).append(' ').append(String.valueOf(entry.getMessage())).append(' ');
            if (entry.getParameters() != null) {
                for (Object parameter : entry.getParameters()) {
                    heard.append(String.valueOf(parameter)).append(' ');
                }
            }
            if (entry.getThrown() != null) {
                entry.getThrown().printStackTrace(new PrintWriter(heard));
            }
            heard.append('\n');
        }

        @Override
        public synchronized void step(Step step, String outcome, long millis) {
            heard.append(outcome).append('\n');
        }

        @Override
        public synchronized void note(String line) {
            heard.append(line).append('\n');
        }

        @Override
        public void flush() {
        }

        synchronized String all() {
            return heard + streams.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            root.removeHandler(this);
            root.setLevel(before);
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static List<String> forms(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        List<String> forms = new ArrayList<>(List.of(secret, secret.replace("'", "''"), URLEncoder.encode(secret, StandardCharsets.UTF_8),
                Base64.getEncoder().withoutPadding().encodeToString(bytes), Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)));
        String json = Scene.JSON.writeValueAsString(secret);
        forms.add(json.substring(1, json.length() - 1));
        return forms;
    }

    private static void assertSilent(String heard, List<String> secrets) {
        for (String secret : secrets) {
            for (String form : forms(secret)) {
                int at = heard.indexOf(form);
                assertTrue(at < 0, () -> "found a secret near: " + heard.substring(Math.max(0, at - 80), at).replace(secret, "***"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Operation.class, names = {"START", "UPDATE_PENDING", "COMPLETE", "UNKNOWN"})
    void r8_nothingThatIsWrittenHoldsASecret(Operation faulty) {
        try (Scene scene = new Scene(); Ears ears = new Ears()) {
            scene.secret("The'previous\"value\\1", "The%pending{}value?2");
            scene.manager.on(faulty).beforeEffect(Fault.status(500));
            ObjectNode arguments = scene.arguments().put("timeoutMillis", 4_000);
            ObjectNode admin = arguments.putObject("admin").put("user", "postgres").put("password", ADMIN_PASSWORD);
            admin.putArray("hosts").add("localhost");
            ActionRun.Ended ended = ActionRun.run(arguments.toString(), true, Map.of(), ears);
            String heard = ears.all() + ended.document();
            assertTrue(ears.records > 0, "the log was heard");
            assertTrue(heard.contains(scene.secretId), "the run was heard");
            assertSilent(heard, List.of(scene.oldPassword, "The'previous\"value\\1", "The%pending{}value?2", ADMIN_PASSWORD,
                    scene.manager.secretKey(), arguments.path("jobToken").stringValue()));
        }
    }

    @Test
    void r8_theNewValueIsNotWrittenEither() {
        try (Scene scene = new Scene(); Ears ears = new Ears()) {
            ActionRun.Ended ended = ActionRun.run(scene.arguments().toString(), true, Map.of(), ears);
            assertEquals(0, ended.exitCode());
            assertSilent(ears.all() + ended.document(), List.of(scene.oldPassword, scene.activePassword()));
        }
    }

    @Test
    void r8_theActionLetsNoExceptionOut() {
        String text = RotationAction.main(null).toString();
        assertTrue(text.contains("KT-101"), text);
    }

    @Test
    void theRedactorMasksEveryForm() {
        Redactor redactor = new Redactor();
        String secret = "it's \"%{}\\ é/+";
        redactor.hide(secret);
        for (String form : forms(secret)) {
            assertEquals("a *** b", redactor.clean("a " + form + " b"), form);
        }
        assertEquals("x\\u000ay", redactor.clean("x\ny"), "a line stays a line");
    }
}
