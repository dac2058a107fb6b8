package dev.keyturn.testkit;

import static dev.keyturn.testkit.Caller.data;
import static dev.keyturn.testkit.Caller.job;
import static dev.keyturn.testkit.Caller.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class FaultTest {

    private final LocalSecretManager manager = LocalSecretManager.builder().start();
    private final Caller caller = new Caller(manager);
    private final String secretId = manager.createSecret("{\"a\":\"1\"}", "a");
    private final String token = manager.trigger(secretId);
    private final String start = job(secretId, token, "start");

    @AfterEach
    void close() {
        manager.close();
    }

    /** Calls start, into which the fault was put, and checks that the effect is there or not, as the moment says. */
    private HttpResponse<String> hit(boolean after, Fault fault) throws Exception {
        put(after, fault);
        HttpResponse<String> response = caller.post(start, "");
        assertSeen(after, Integer.toString(response.statusCode()));
        return response;
    }

    private void put(boolean after, Fault fault) {
        FaultPoint point = manager.on(Operation.START).nth(1);
        if (after) {
            point.afterEffect(fault);
        } else {
            point.beforeEffect(fault);
        }
    }

    private void assertSeen(boolean effect, String answer) {
        assertEquals(effect ? JobState.IN_PROGRESS : JobState.NEW, manager.job(token));
        CallRecord call = manager.calls().get(0);
        assertEquals(effect, call.effect());
        assertEquals(answer, call.answer());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_closed_connection_answers_nothing(boolean after) {
        put(after, Fault.close());
        assertThrows(IOException.class, () -> caller.post(start, ""));
        assertSeen(after, "closed");
    }

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_REQUEST", "401, 200", "403, FORBIDDEN", "404, NOT_FOUND", "413, 430", "422, UNPROCESSABLE_ENTITY",
        "429, 410", "500, INTERNAL_SERVER_ERROR", "502, 900", "503, 500", "504, 510",
    })
    void an_error_has_the_code_of_its_status(int status, String code) throws Exception {
        assertEquals(status + " " + code, refusal(hit(false, Fault.status(status))));
    }

    @Test
    void an_error_can_hide_an_effect() throws Exception {
        assertEquals("504 510", refusal(hit(true, Fault.status(504))));
    }

    @Test
    void only_errors_are_answered_by_status() {
        for (int status : new int[] {200, 302, 399, 600}) {
            assertThrows(IllegalArgumentException.class, () -> Fault.status(status));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void garbage_calls_itself_json_and_is_none(boolean after) throws Exception {
        HttpResponse<String> response = hit(after, Fault.garbage());
        assertEquals(200, response.statusCode());
        assertTrue(response.headers().firstValue("Content-Type").orElse("").startsWith("application/json"));
        assertThrows(JacksonException.class, () -> Caller.JSON.readTree(response.body()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_html_page_comes_with_502(boolean after) throws Exception {
        HttpResponse<String> response = hit(after, Fault.htmlPage());
        assertEquals(502, response.statusCode());
        assertTrue(response.body().startsWith("<!DOCTYPE html>"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_redirect_names_the_other_place(boolean after) throws Exception {
        HttpResponse<String> response = hit(after, Fault.redirectTo(URI.create("http://127.0.0.1:1/elsewhere")));
        assertEquals(302, response.statusCode());
        assertEquals("http://127.0.0.1:1/elsewhere", response.headers().firstValue("Location").orElse(""));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_oversize_reply_is_right_but_for_its_size_and_does_not_tell_it(boolean after) throws Exception {
        HttpResponse<String> response = hit(after, Fault.oversize());
        assertTrue(data(response).isNull());
        assertTrue(response.body().length() > 1024 * 1024);
        assertTrue(response.headers().firstValue("Content-Length").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_empty_body_comes_with_200(boolean after) throws Exception {
        HttpResponse<String> response = hit(after, Fault.emptyBody());
        assertEquals(200, response.statusCode());
        assertEquals("", response.body());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_delay_changes_nothing_else(boolean after) throws Exception {
        put(after, Fault.delay(Duration.ofMillis(1)));
        data(caller.post(start, ""));
        assertSeen(true, "200");
    }

    @Test
    void the_nth_call_is_counted_from_the_rule_on_and_per_operation() throws Exception {
        data(caller.post(start, ""));
        manager.on(Operation.UPDATE_PENDING).nth(2).beforeEffect(Fault.status(429));
        String pending = job(secretId, token, "pending");
        assertEquals(422, caller.post(start, "").statusCode());
        data(caller.put(pending, "{\"a\":\"2\"}"));
        assertEquals("429 410", refusal(caller.put(pending, "{\"a\":\"3\"}")));
        data(caller.put(pending, "{\"a\":\"4\"}"));
        assertThrows(IllegalArgumentException.class, () -> manager.on(Operation.START).nth(0));
    }

    @Test
    void without_a_number_every_call_is_hit_until_the_faults_are_cleared() throws Exception {
        manager.on(Operation.START).beforeEffect(Fault.status(503));
        for (int i = 0; i < 3; i++) {
            assertEquals("503 500", refusal(caller.post(start, "")));
        }
        manager.clearFaults();
        data(caller.post(start, ""));
    }

    @Test
    void rules_on_one_call_act_in_the_order_they_were_made_in() throws Exception {
        manager.on(Operation.START).beforeEffect(Fault.delay(Duration.ofMillis(1)));
        manager.on(Operation.START).beforeEffect(Fault.status(429));
        manager.on(Operation.START).beforeEffect(Fault.status(503));
        assertEquals("429 410", refusal(caller.post(start, "")));
    }

    @Test
    void a_fault_before_the_effect_comes_before_the_signature_counts() throws Exception {
        manager.on(Operation.START).nth(1).beforeEffect(Fault.status(503));
        assertEquals("503 500", refusal(caller.send("POST", start, "", Map.of())));
        assertEquals("401 200", refusal(caller.send("POST", start, "", Map.of())));
    }

    @Test
    void a_refusal_can_be_lost_too() throws Exception {
        data(caller.post(start, ""));
        manager.on(Operation.START).afterEffect(Fault.close());
        assertThrows(IOException.class, () -> caller.post(start, ""));
        assertEquals(List.of(true, false), manager.calls().stream().map(CallRecord::effect).toList());
    }
}
