package dev.keyturn.engine.rotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetSchema;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Redactor;
import dev.keyturn.engine.plugin.Plugin;
import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.Reply;
import dev.keyturn.engine.secretmanager.SecretManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** R7: a change is sent only while there is time for it, its test, putting it back and ending. The time is made up here. */
class TooLateTest {

    private static final int TIMEOUT_MILLIS = 60_000;

    private final List<String> done = new ArrayList<>();
    private long now;
    private boolean interrupt;

    @Test
    void r7_withTimeToSpareTheChangeIsSent() {
        assertEquals(RotationReport.Job.COMPLETED, rotate(1_000).job());
        assertEquals(List.of("start", "store", "change", "complete"), done);
    }

    @Test
    void r7_withTooLittleLeftTheChangeIsNotSent_andTheJobFails() {
        RotationReport report = rotate(35_000);
        assertEquals(RotationReport.Job.FAILED, report.job());
        assertEquals(ErrorCode.DEADLINE, report.error().orElseThrow().code());
        assertEquals(List.of("start", "store", "fail"), done);
    }

    @Test
    void r7_anInterruptedRunSendsNoChange_andEndsTheJob() {
        interrupt = true;
        RotationReport report = rotate(1_000);
        assertTrue(Thread.interrupted(), "whoever interrupted may look");
        assertEquals(RotationReport.Job.FAILED, report.job());
        assertEquals(ErrorCode.DEADLINE, report.error().orElseThrow().code());
        assertEquals(List.of("start", "store", "fail"), done);
    }

    private RotationReport rotate(long storeMillis) {
        Ticker ticker = new Ticker() {
            @Override
            public long millis() {
                return now;
            }

            @Override
            public void pause(long millis) {
                now += millis;
            }
        };
        RotationRequest.Target target = new RotationRequest.Target(new Plugin(new Blind(), "blind", "1", "here"), Map.of(), null, "",
                TlsSettings.off(), Map.of(), List.of(), Optional.empty(), RotationRequest.Overlap.AUTO, Optional.empty());
        RotationRequest request = new RotationRequest("secret", "token", RotationRequest.Generator.LOCAL, TIMEOUT_MILLIS, 3,
                Optional.of(target), Map.of(), List.of());
        return new Rotation(new Slow(storeMillis), new Redactor(), Progress.NONE, ticker, new Random(1)).run(request);
    }

    /** Takes any password, and tells when it is changed. */
    private final class Blind implements RotationTarget {

        @Override
        public String type() {
            return "blind";
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
            return new TargetSession() {
                @Override
                public void change(Change change) {
                    done.add("change");
                }

                @Override
                public void close() {
                }
            };
        }
    }

    /** Takes its time to store, and answers everything. */
    private final class Slow implements SecretManager {

        private final long storeMillis;

        Slow(long storeMillis) {
            this.storeMillis = storeMillis;
        }

        private Reply told(String call) {
            done.add(call);
            return new Reply.Success(Json.object());
        }

        @Override
        public Reply start(long limitMillis) {
            done.add("start");
            return read(limitMillis);
        }

        @Override
        public Reply addPending(long limitMillis) {
            return told("add");
        }

        @Override
        public Reply updatePending(ObjectNode document, long limitMillis) {
            now += storeMillis;
            done.add("store");
            if (interrupt) {
                Thread.currentThread().interrupt();
            }
            return new Reply.Success(Json.object().put("pending", Json.text(document)));
        }

        @Override
        public Reply random(ObjectNode wish, long limitMillis) {
            return told("random");
        }

        @Override
        public Reply complete(long limitMillis) {
            return told("complete");
        }

        @Override
        public Reply fail(long limitMillis) {
            return told("fail");
        }

        @Override
        public Reply read(long limitMillis) {
            return new Reply.Success(Json.object("{\"decryptedSecretChain\":{\"active\":\"{\\\"key\\\":\\\"old-value\\\"}\"},"
                    + "\"rotationTargets\":[\"key\"]}").orElseThrow());
        }

        @Override
        public void close() {
        }
    }
}
