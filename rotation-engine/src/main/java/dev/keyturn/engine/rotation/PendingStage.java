package dev.keyturn.engine.rotation;

import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.Reply;
import dev.keyturn.engine.secretmanager.SecretChain;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What stands, or is to stand, in the pending stage: the active document with other rotating values, and nothing else changed. */
final class PendingStage {

    private static final int MAX_BYTES = 10_000;

    private final Job job;
    private final ObjectNode active;
    private final Map<String, String> values = new LinkedHashMap<>();

    PendingStage(Job job, ObjectNode active) {
        this.job = job;
        this.active = active;
    }

    ObjectNode document(Map<String, String> newValues) {
        ObjectNode document = active.deepCopy();
        withUsers(newValues).forEach(document::put);
        return document;
    }

    /** And, where accounts take turns, whose they are. */
    private Map<String, String> withUsers(Map<String, String> newValues) {
        Map<String, String> all = new LinkedHashMap<>(newValues);
        for (Account account : job.accounts) {
            if (account.inUse != null) {
                all.put(account.inUse.userKey, account.user());
            }
        }
        return all;
    }

    /** These values stand in the chain: from here on they are what accounts are changed to. */
    void assign(Map<String, String> stored) {
        values.putAll(stored);
        for (Account account : job.accounts) {
            account.values.pending(stored.get(account.key));
        }
    }

    /** Stores one other value. */
    void exchange(String key, String value) throws Failure {
        Map<String, String> others = new LinkedHashMap<>(values);
        others.put(key, value);
        store(others);
    }

    /** Stores these values and has Secret Manager confirm them: a reply that shows others is no confirmation. */
    void store(Map<String, String> newValues) throws Failure {
        job.accounts.stream().map(account -> newValues.get(account.key)).forEach(job.redactor::hide);
        ObjectNode document = document(newValues);
        checkSize(document);
        job.knownPending.add(document);
        Job.Outcome outcome = job.ask(limit -> job.manager.updatePending(document, limit), 5);
        boolean confirmed = outcome.last() instanceof Reply.Success success && holds(success.data().path("pending"), withUsers(newValues));
        if (!confirmed && !(outcome.last() instanceof Reply.Refused) && !readBack(newValues)) {
            throw notStored(outcome.last() instanceof Reply.Success
                    ? "its reply shows another pending value than the one that was sent" : outcome.what());
        }
        if (outcome.last() instanceof Reply.Refused) {
            throw notStored(outcome.what());
        }
        assign(newValues);
    }

    /** Secret Manager holds only so much. */
    static void checkSize(ObjectNode document) throws Failure {
        int bytes = Json.text(document).getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new Failure(ErrorCode.SECRET_TOO_LARGE, Step.PENDING,
                    "the secret with its new value has " + bytes + " bytes, more than " + MAX_BYTES + "; nothing was sent");
        }
    }

    private static Failure notStored(String what) {
        return new Failure(ErrorCode.PENDING_NOT_STORED, Step.PENDING, "Secret Manager did not confirm the pending value: " + what);
    }

    /** Where the reply to the store says nothing, the chain may. */
    private boolean readBack(Map<String, String> newValues) {
        Reply reply = job.manager.read(Math.max(1, job.deadline.forwardShare(5)));
        return reply instanceof Reply.Success success
                && holds(success.data().path("decryptedSecretChain").path("pending"), withUsers(newValues));
    }

    /** Whether pending's values have become active. Null where the chain cannot be read. */
    Optional<Boolean> isActive() {
        Reply reply = job.manager.read(job.deadline.endingShare(4));
        if (!(reply instanceof Reply.Success success)) {
            return Optional.empty();
        }
        try {
            return Optional.of(holds(SecretChain.of(success.data()).active(), withUsers(values)));
        } catch (Failure e) {
            return Optional.empty();
        }
    }

    private static boolean holds(JsonNode text, Map<String, String> values) {
        return text.isString() && Json.object(text.stringValue()).filter(document -> holds(document, values)).isPresent();
    }

    private static boolean holds(ObjectNode document, Map<String, String> values) {
        return values.entrySet().stream()
                .allMatch(entry -> SecretFields.text(document, entry.getKey()).filter(entry.getValue()::equals).isPresent());
    }
}
