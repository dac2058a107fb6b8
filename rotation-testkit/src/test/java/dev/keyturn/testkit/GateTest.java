package dev.keyturn.testkit;

import static dev.keyturn.testkit.Caller.data;
import static dev.keyturn.testkit.Caller.job;
import static dev.keyturn.testkit.Caller.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.testkit.CallRecord.TokenHeader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class GateTest {

    private static final long NOW = 1_700_000_000_000L;

    private final LocalSecretManager manager = LocalSecretManager.builder().prefix("/secretmanager").maxBodyBytes(100)
            .clock(Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC)).start();
    private final Caller caller = new Caller(manager);
    private final String secretId = manager.createSecret("{\"a\":\"1\"}", "a");
    private final String token = manager.trigger(secretId);
    private final String start = job(secretId, token, "start");

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {Gate.TIMESTAMP, Gate.ACCESS_KEY, Gate.SIGNATURE})
    void each_header_is_needed_and_has_to_be_right(String name) throws Exception {
        Map<String, String> headers = caller.signed("POST", start, NOW);
        String right = headers.remove(name);
        assertRefused(caller.send("POST", start, "", headers));
        headers.put(name, right.endsWith("1") ? right + "2" : right + "1");
        assertRefused(caller.send("POST", start, "", headers));
        headers.put(name, "");
        assertRefused(caller.send("POST", start, "", headers));
        assertEquals(JobState.NEW, manager.job(token));
        headers.put(name, right);
        data(caller.send("POST", start, "", headers));
    }

    private void assertRefused(HttpResponse<String> response) {
        assertEquals("401 200", refusal(response));
        JsonNode error = Caller.JSON.readTree(response.body()).get("error");
        assertTrue(error.get("errorCode").isString());
        assertEquals("Authentication Failed", error.get("message").stringValue());
        CallRecord last = manager.calls().get(manager.calls().size() - 1);
        assertFalse(last.headersOk());
        assertFalse(last.effect());
    }

    @Test
    void another_access_key_is_refused_even_if_it_is_what_was_signed() throws Exception {
        Map<String, String> headers = caller.signed("POST", start, NOW);
        headers.put(Gate.ACCESS_KEY, "another");
        headers.put(Gate.SIGNATURE,
                SignatureV2.sign("POST", start, Long.toString(NOW), "another", manager.secretKey()));
        assertRefused(caller.send("POST", start, "", headers));
    }

    @Test
    void a_header_that_comes_twice_is_refused() throws Exception {
        Map<String, String> headers = caller.signed("POST", start, NOW);
        headers.put(Gate.SIGNATURE.toUpperCase(Locale.ROOT), headers.get(Gate.SIGNATURE));
        assertRefused(caller.send("POST", start, "", headers));
    }

    @ParameterizedTest
    @CsvSource({"-300001, 401", "-300000, 200", "0, 200", "300000, 200", "300001, 401"})
    void the_timestamp_may_be_off_by_five_minutes(long offset, int status) throws Exception {
        assertEquals(status, caller.send("POST", start, "", caller.signed("POST", start, NOW + offset)).statusCode());
    }

    @Test
    void the_signature_is_over_method_path_and_query_as_sent() throws Exception {
        Map<String, String> ofGet = caller.signed("GET", start, NOW);
        assertEquals("401 200", refusal(caller.send("POST", start, "", ofGet)));
        String asked = start + "?q=a%20b";
        assertEquals("401 200", refusal(caller.send("POST", asked, "", caller.signed("POST", start, NOW))));
        assertEquals("401 200", refusal(caller.send("POST", asked, "", caller.signed("POST", start + "?q=a b", NOW))));
        data(caller.send("POST", asked, "", caller.signed("POST", asked, NOW)));
    }

    @Test
    void a_prefix_is_served_and_is_part_of_the_signed_path() throws Exception {
        assertTrue(manager.endpoint().toString().endsWith("/secretmanager"));
        String path = "/secretmanager" + start;
        assertEquals("401 200", refusal(caller.send("POST", path, "", caller.signed("POST", start, NOW))));
        data(caller.send("POST", path, "", caller.signed("POST", path, NOW)));
        assertEquals(Operation.START, manager.calls().get(0).operation());
    }

    @ParameterizedTest
    @CsvSource({"GET, start", "DELETE, pending", "POST, start/", "POST, Start", "POST, begin", "HEAD, start"})
    void what_is_not_documented_is_an_unknown_url(String method, String call) throws Exception {
        String path = job(secretId, token, call);
        HttpResponse<String> response = caller.send(method, path, "", caller.signed(method, path, NOW));
        assertEquals(404, response.statusCode());
        if (!method.equals("HEAD")) {
            assertEquals("404 300", refusal(response));
        }
        assertEquals(Operation.UNKNOWN, manager.calls().get(0).operation());
    }

    @Test
    void a_prefix_that_was_not_configured_is_an_unknown_url() throws Exception {
        String path = "/other" + start;
        assertEquals("404 300", refusal(caller.send("POST", path, "", caller.signed("POST", path, NOW))));
    }

    @Test
    void a_body_over_the_limit_is_refused() throws Exception {
        data(caller.send("POST", start, "x".repeat(100), caller.signed("POST", start, NOW)));
        String path = job(secretId, token, "fail");
        assertEquals("413 430", refusal(caller.send("POST", path, "x".repeat(101), caller.signed("POST", path, NOW))));
        assertEquals(JobState.IN_PROGRESS, manager.job(token));
        assertEquals("", manager.calls().get(1).body());
    }

    @Test
    void a_caller_that_sends_all_before_it_reads_learns_that_its_body_is_too_large() throws Exception {
        byte[] body = new byte[10_000_000];
        StringBuilder head = new StringBuilder("POST " + start + " HTTP/1.1\r\nHost: local\r\nContent-Length: " + body.length);
        caller.signed("POST", start, NOW).forEach((name, value) -> head.append("\r\n").append(name).append(": ").append(value));
        try (Socket socket = new Socket("127.0.0.1", manager.endpoint().getPort())) {
            socket.getOutputStream().write(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            assertEquals("HTTP/1.1 413 ", new String(socket.getInputStream().readNBytes(13), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void the_token_header_is_recorded_and_nothing_depends_on_it() throws Exception {
        Map<String, String> headers = caller.signed("POST", start, NOW);
        data(caller.send("POST", start, "", headers));
        headers.put("SECRET-JOB-TOKEN", token);
        caller.send("POST", start, "", headers);
        headers.put("SECRET-JOB-TOKEN", "another");
        caller.send("POST", start, "", headers);
        assertEquals(List.of(TokenHeader.ABSENT, TokenHeader.MATCHES, TokenHeader.DIFFERS),
                manager.calls().stream().map(CallRecord::tokenHeader).toList());
        assertTrue(manager.calls().stream().allMatch(CallRecord::headersOk));
    }
}
