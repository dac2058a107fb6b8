package dev.keyturn.testkit;

import static dev.keyturn.testkit.Caller.data;
import static dev.keyturn.testkit.Caller.job;
import static dev.keyturn.testkit.Caller.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class JobCallsTest {

    private static final String ACTIVE = "{\"cdbHost\":\"db\",\"cdbPort\":3306,\"big\":1.10,\"cdbPassword\":\"old\"}";
    private static final String NEXT = "{\"cdbHost\":\"db\",\"cdbPassword\":\"new\"}";

    private final LocalSecretManager manager = LocalSecretManager.builder().start();
    private final Caller caller = new Caller(manager);
    private final String secretId = manager.createSecret(ACTIVE, "cdbPassword");
    private final String token = manager.trigger(secretId);

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void start_tells_the_chain_and_the_rotating_keys() throws Exception {
        assertEquals(JobState.NEW, manager.job(token));
        assertEquals(SecretStatus.ENABLE, manager.status(secretId));
        JsonNode data = data(caller.post(job(secretId, token, "start"), ""));
        assertEquals(ACTIVE, data.at("/decryptedSecretChain/active").stringValue());
        assertTrue(data.at("/decryptedSecretChain/previous").isNull());
        assertTrue(data.at("/decryptedSecretChain/pending").isNull());
        assertEquals("[\"cdbPassword\"]", data.get("rotationTargets").toString());
        assertEquals(JobState.IN_PROGRESS, manager.job(token));
        assertEquals(SecretStatus.ROTATING, manager.status(secretId));
        assertEquals(Optional.empty(), manager.lastResult(secretId));
    }

    @Test
    void complete_shifts_the_chain() throws Exception {
        manager.setChain(secretId, new Chain("{\"older\":1}", ACTIVE, null));
        caller.post(job(secretId, token, "start"), "");
        assertEquals(NEXT, data(caller.put(job(secretId, token, "pending"), NEXT)).get("pending").stringValue());
        assertEquals(new Chain("{\"older\":1}", ACTIVE, NEXT), manager.chain(secretId));
        assertTrue(data(caller.post(job(secretId, token, "complete"), "{}")).isNull());
        assertEquals(new Chain(ACTIVE, NEXT, null), manager.chain(secretId));
        assertEquals(JobState.COMPLETED, manager.job(token));
        assertEquals(SecretStatus.ENABLE, manager.status(secretId));
        assertEquals(Optional.of(JobState.COMPLETED), manager.lastResult(secretId));
        assertEquals(List.of(Operation.START, Operation.UPDATE_PENDING, Operation.COMPLETE), manager.operations());
    }

    @Test
    void complete_without_a_pending_value_is_refused() throws Exception {
        caller.post(job(secretId, token, "start"), "");
        assertEquals("422 UNPROCESSABLE_ENTITY", refusal(caller.post(job(secretId, token, "complete"), "")));
        assertEquals(JobState.IN_PROGRESS, manager.job(token));
        assertEquals(ACTIVE, manager.chain(secretId).active());
    }

    @Test
    void fail_ends_the_job_and_leaves_active() throws Exception {
        caller.post(job(secretId, token, "start"), "");
        caller.put(job(secretId, token, "pending"), NEXT);
        assertTrue(data(caller.post(job(secretId, token, "fail"), "")).isNull());
        assertEquals(JobState.FAILED, manager.job(token));
        assertEquals(new Chain(null, ACTIVE, NEXT), manager.chain(secretId));
        assertEquals(Optional.of(JobState.FAILED), manager.lastResult(secretId));
        assertEquals(SecretStatus.ENABLE, manager.status(secretId));
    }

    @Test
    void a_refusal_for_the_state_says_so() throws Exception {
        JsonNode error = Caller.JSON.readTree(caller.post(job(secretId, token, "fail"), "").body()).get("error");
        assertEquals("Invalid status", error.get("message").stringValue());
        assertEquals("the job is NEW", error.get("details").stringValue());
    }

    @ParameterizedTest
    @EnumSource(value = JobState.class, mode = EnumSource.Mode.EXCLUDE, names = "IN_PROGRESS")
    void only_a_job_in_progress_takes_calls_other_than_start(JobState state) throws Exception {
        bring(state);
        Chain before = manager.chain(secretId);
        for (String call : List.of("pending", "generate-random-secret", "complete", "fail")) {
            assertEquals("422 UNPROCESSABLE_ENTITY",
                    refusal(caller.post(job(secretId, token, call), "{\"length\":12}")), call);
        }
        assertEquals("422 UNPROCESSABLE_ENTITY", refusal(caller.put(job(secretId, token, "pending"), NEXT)));
        assertEquals(state, manager.job(token));
        assertEquals(before, manager.chain(secretId));
    }

    @ParameterizedTest
    @EnumSource(value = JobState.class, mode = EnumSource.Mode.EXCLUDE, names = "NEW")
    void only_a_new_job_starts(JobState state) throws Exception {
        bring(state);
        assertEquals("422 UNPROCESSABLE_ENTITY", refusal(caller.post(job(secretId, token, "start"), "")));
        assertEquals(state, manager.job(token));
    }

    private void bring(JobState state) throws Exception {
        if (state == JobState.NEW) {
            return;
        }
        data(caller.post(job(secretId, token, "start"), ""));
        switch (state) {
            case COMPLETED -> {
                data(caller.put(job(secretId, token, "pending"), NEXT));
                data(caller.post(job(secretId, token, "complete"), ""));
            }
            case FAILED -> data(caller.post(job(secretId, token, "fail"), ""));
            case CANCELLED -> manager.cancel(secretId);
            case NEW, IN_PROGRESS -> { }
        }
        assertEquals(state, manager.job(token));
    }

    @Test
    void add_pending_fills_the_rotating_keys_and_keeps_the_rest() throws Exception {
        caller.post(job(secretId, token, "start"), "");
        String pending = data(caller.post(job(secretId, token, "pending"), "")).get("pending").stringValue();
        assertEquals(pending, manager.chain(secretId).pending());
        assertEquals(12, Caller.JSON.readTree(pending).get("cdbPassword").stringValue().length());
        assertTrue(pending.startsWith("{\"cdbHost\":\"db\",\"cdbPort\":3306,\"big\":1.10,"), "numbers keep their digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{}", "[]", "\"text\"", "7", "null", "{\"a\":1",
        "{\"a\":1}}", "{\"a\":1,\"a\":2}", "{a:1}"})
    void update_takes_nothing_but_the_text_of_a_json_object(String value) throws Exception {
        caller.post(job(secretId, token, "start"), "");
        assertEquals("400 INVALID_REQUEST", refusal(caller.put(job(secretId, token, "pending"), value)));
        assertNull(manager.chain(secretId).pending());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"value\":{\"a\":1}}", "{\"value\":null}", "{\"Value\":\"{}\"}", "value={}",
        "{\"value\":\"{\\\"a\\\":1}\",\"stage\":\"pending\"}"})
    void update_takes_no_body_but_the_documented_one(String body) throws Exception {
        caller.post(job(secretId, token, "start"), "");
        assertEquals("400 INVALID_REQUEST", refusal(caller.send("PUT", job(secretId, token, "pending"), body)));
        assertNull(manager.chain(secretId).pending());
    }

    @Test
    void update_takes_a_value_of_10000_bytes_and_not_one_more() throws Exception {
        caller.post(job(secretId, token, "start"), "");
        // "é" is two bytes in UTF-8: counting characters would let the second one pass.
        String largest = "{\"a\":\"" + "é".repeat(4996) + "\"}";
        String longer = largest.replace("\"a\"", "\"ab\"");
        assertEquals(10_000, largest.getBytes(StandardCharsets.UTF_8).length);
        assertEquals("400 INVALID_REQUEST", refusal(caller.put(job(secretId, token, "pending"), longer)));
        data(caller.put(job(secretId, token, "pending"), largest));
        assertEquals(largest, manager.chain(secretId).pending());
    }

    @Test
    void generate_answers_under_data_and_stores_nothing() throws Exception {
        caller.post(job(secretId, token, "start"), "");
        JsonNode data = data(caller.post(job(secretId, token, "generate-random-secret"), "{\"length\":20}"));
        assertEquals(20, data.get("randomString").stringValue().length());
        assertNull(manager.chain(secretId).pending());
        assertEquals("400 INVALID_REQUEST", refusal(caller.post(job(secretId, token, "generate-random-secret"), "")));
    }

    @Test
    void values_tell_what_start_tells_and_need_no_job() throws Exception {
        String path = "/api/v1/secrets/" + secretId + "/values";
        JsonNode values = data(caller.send("GET", path, ""));
        assertEquals(data(caller.post(job(secretId, token, "start"), "")), values);
    }

    @Test
    void unknown_secrets_and_jobs_are_not_found() throws Exception {
        String other = manager.trigger(manager.createSecret(ACTIVE));
        assertEquals("404 NOT_FOUND", refusal(caller.post(job("nobody", token, "start"), "")));
        assertEquals("404 NOT_FOUND", refusal(caller.post(job(secretId, "nothing", "start"), "")));
        assertEquals("404 NOT_FOUND", refusal(caller.post(job(secretId, other, "start"), "")));
        assertThrows(NoSuchElementException.class, () -> manager.chain("nobody"));
        assertThrows(NoSuchElementException.class, () -> manager.job("nothing"));
    }

    @Test
    void an_empty_text_empties_a_stage() {
        manager.setChain(secretId, new Chain("", "", ""));
        assertEquals(new Chain(null, null, null), manager.chain(secretId));
    }

    @Test
    void each_trigger_is_a_job_of_its_own_and_cancels_none() throws Exception {
        caller.post(job(secretId, token, "start"), "");
        String second = manager.trigger(secretId);
        assertNotEquals(token, second);
        data(caller.post(job(secretId, second, "start"), ""));
        assertEquals(JobState.IN_PROGRESS, manager.job(token));
        data(caller.post(job(secretId, second, "fail"), ""));
        assertEquals(SecretStatus.ROTATING, manager.status(secretId));
    }

    @Test
    void cancel_ends_what_is_in_progress_and_nothing_else() throws Exception {
        assertThrows(IllegalStateException.class, () -> manager.cancel(secretId));
        caller.post(job(secretId, token, "start"), "");
        String waiting = manager.trigger(secretId);
        manager.cancel(secretId);
        assertEquals(Map.of(token, JobState.CANCELLED, waiting, JobState.NEW),
                Map.of(token, manager.job(token), waiting, manager.job(waiting)));
        assertEquals(Optional.of(JobState.CANCELLED), manager.lastResult(secretId));
    }
}
