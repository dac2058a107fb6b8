package dev.keyturn.testkit;

import static dev.keyturn.testkit.Caller.data;
import static dev.keyturn.testkit.Caller.job;
import static dev.keyturn.testkit.Caller.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.testkit.Behaviour.EmptyStage;
import dev.keyturn.testkit.Behaviour.Switch;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class BehaviourTest {

    private static final String ACTIVE = "{\"host\":\"db\",\"password\":\"old\"}";
    private static final String NEXT = "{\"password\":\"new\"}";
    private static final String WRONG_STATE = "422 UNPROCESSABLE_ENTITY";
    private static final String OK = "200";

    /** What each switch decides, seen from outside. A switch without a line here has no effect, and the test fails. */
    private static final Map<Switch, Scene> SCENES = Map.ofEntries(
            Map.entry(Switch.PENDING_KEPT_AT_FAIL, new Scene(NEXT, "none", (on, call) -> {
                call.put(NEXT);
                call.post("fail");
                return on.pending();
            })),
            Map.entry(Switch.PENDING_KEPT_AT_CANCEL, new Scene(NEXT, "none", (on, call) -> {
                call.put(NEXT);
                on.manager.cancel(on.secretId);
                return on.pending();
            })),
            Map.entry(Switch.START_REPEATABLE, new Scene(OK, WRONG_STATE, (on, call) -> call.post("start"))),
            Map.entry(Switch.SECOND_JOB_STARTS, new Scene(OK, WRONG_STATE, (on, call) ->
                    new Call(on, on.manager.trigger(on.secretId)).post("start"))),
            Map.entry(Switch.COMPLETE_REPEATABLE, new Scene(OK, WRONG_STATE, (on, call) -> {
                call.put(NEXT);
                call.post("complete");
                String second = call.post("complete");
                assertEquals(new Chain(ACTIVE, NEXT, null), on.manager.chain(on.secretId), "the chain shifts once");
                return second;
            })),
            Map.entry(Switch.FAIL_REPEATABLE, new Scene(OK, WRONG_STATE, (on, call) -> {
                call.post("fail");
                return call.post("fail");
            })),
            Map.entry(Switch.UPDATE_REPLACES_PENDING, new Scene(NEXT, "{\"first\":1}", (on, call) -> {
                call.put("{\"first\":1}");
                call.put(NEXT);
                return on.pending();
            })),
            Map.entry(Switch.UPDATE_MERGES_ACTIVE, new Scene("{\"host\":\"db\",\"password\":\"new\"}", NEXT, (on, call) -> {
                call.put(NEXT);
                return on.pending();
            })),
            Map.entry(Switch.UPDATE_ECHOES_PENDING, new Scene("OBJECT", "NULL", (on, call) ->
                    data(call.put(NEXT)).getNodeType().toString())),
            Map.entry(Switch.ADD_REPLACES_PENDING, new Scene(OK, WRONG_STATE, (on, call) -> {
                call.put(NEXT);
                return call.post("pending");
            })),
            Map.entry(Switch.RANDOM_LENGTH_REQUIRED, new Scene("400 INVALID_REQUEST", OK, (on, call) ->
                    call.post("generate-random-secret"))),
            Map.entry(Switch.VALUES_READABLE, new Scene(OK, "403 FORBIDDEN", (on, call) ->
                    Call.told(on.caller.send("GET", "/api/v1/secrets/" + on.secretId + "/values", "")))),
            Map.entry(Switch.UNKNOWN_JOB_NOT_FOUND, new Scene("404 NOT_FOUND", WRONG_STATE, (on, call) ->
                    new Call(on, "unknown").post("start"))),
            Map.entry(Switch.ERROR_CODE_TEXT, new Scene("\"300\"", "300", (on, call) ->
                    Caller.JSON.readTree(on.caller.post("/unknown", "").body()).at("/error/errorCode").toString())),
            Map.entry(Switch.NO_DATA_NULL, new Scene("null", "\"null\"", (on, call) ->
                    data(on.caller.post(job(on.secretId, on.token, "fail"), "")).toString())));

    @ParameterizedTest
    @EnumSource
    void each_switch_decides_one_thing(Switch which) throws Exception {
        Scene scene = SCENES.get(which);
        assertEquals(scene.whenOn, scene.play(Behaviour.standard().with(which, true)));
        assertEquals(scene.whenOff, scene.play(Behaviour.standard().with(which, false)));
    }

    @Test
    void the_defaults_are_these() {
        Set<Switch> on = EnumSet.noneOf(Switch.class);
        for (Switch which : Switch.values()) {
            if (Behaviour.standard().is(which)) {
                on.add(which);
            }
        }
        assertEquals(EnumSet.of(Switch.PENDING_KEPT_AT_FAIL, Switch.PENDING_KEPT_AT_CANCEL, Switch.SECOND_JOB_STARTS,
                Switch.UPDATE_REPLACES_PENDING, Switch.UPDATE_ECHOES_PENDING, Switch.RANDOM_LENGTH_REQUIRED,
                Switch.VALUES_READABLE, Switch.UNKNOWN_JOB_NOT_FOUND, Switch.ERROR_CODE_TEXT, Switch.NO_DATA_NULL), on);
        assertEquals(EmptyStage.NULL, Behaviour.standard().emptyStage());
    }

    @ParameterizedTest
    @CsvSource({"NULL, null", "EMPTY_TEXT, ''", "ABSENT, (missing)"})
    void an_empty_stage_looks_as_told(EmptyStage look, String seen) throws Exception {
        try (Stage stage = new Stage(Behaviour.standard().with(look))) {
            JsonNode chain = data(stage.caller.send("GET", "/api/v1/secrets/" + stage.secretId + "/values", ""))
                    .get("decryptedSecretChain");
            for (String name : List.of("previous", "pending")) {
                JsonNode empty = chain.path(name);
                assertEquals(seen, empty.isMissingNode() ? "(missing)" : empty.isNull() ? "null" : empty.stringValue());
            }
            assertEquals(ACTIVE, chain.get("active").stringValue());
        }
    }

    @Test
    void codes_of_the_service_itself_are_text_whatever_the_switch_says() throws Exception {
        try (Stage stage = new Stage(Behaviour.standard().with(Switch.ERROR_CODE_TEXT, false))) {
            assertEquals(WRONG_STATE, new Call(stage, stage.token).post("start"));
        }
    }

    @Test
    void a_behaviour_is_not_changed_by_another_made_from_it() {
        Behaviour changed = Behaviour.standard().with(Switch.START_REPEATABLE, true).with(EmptyStage.ABSENT);
        assertTrue(changed.with(Switch.VALUES_READABLE, false).is(Switch.START_REPEATABLE));
        assertEquals(EmptyStage.ABSENT, changed.with(Switch.VALUES_READABLE, false).emptyStage());
        assertTrue(changed.is(Switch.VALUES_READABLE));
        assertFalse(Behaviour.standard().is(Switch.START_REPEATABLE));
    }

    @Test
    void settings_can_be_given_as_words() {
        assertTrue(Behaviour.standard().with("start-repeatable", "true").is(Switch.START_REPEATABLE));
        assertFalse(Behaviour.standard().with("VALUES_READABLE", "False").is(Switch.VALUES_READABLE));
        assertEquals(EmptyStage.EMPTY_TEXT, Behaviour.standard().with("empty-stage", "empty-text").emptyStage());
        for (String[] wrong : new String[][] {{"start-repeatable", "yes"}, {"empty-stage", "true"}, {"no-such", "true"}}) {
            assertThrows(IllegalArgumentException.class, () -> Behaviour.standard().with(wrong[0], wrong[1]));
        }
        String message = assertThrows(IllegalArgumentException.class, () -> Behaviour.standard().with("no-such", "true"))
                .getMessage();
        Set<String> missing = new TreeSet<>();
        for (Switch which : Switch.values()) {
            String word = which.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (!message.contains(word)) {
                missing.add(word);
            }
        }
        assertEquals(Set.of(), missing, "the message names what there is");
    }

    private record Scene(String whenOn, String whenOff, Play play) {

        String play(Behaviour behaviour) throws Exception {
            try (Stage stage = new Stage(behaviour)) {
                return play.on(stage, new Call(stage, stage.token));
            }
        }
    }

    private interface Play {
        String on(Stage stage, Call call) throws Exception;
    }

    /** A server with one job in progress. */
    private static final class Stage implements AutoCloseable {

        private final LocalSecretManager manager;
        private final Caller caller;
        private final String secretId;
        private final String token;

        Stage(Behaviour behaviour) throws IOException, InterruptedException {
            manager = LocalSecretManager.builder().behaviour(behaviour).start();
            caller = new Caller(manager);
            secretId = manager.createSecret(ACTIVE, "password");
            token = manager.trigger(secretId);
            data(caller.post(job(secretId, token, "start"), ""));
        }

        String pending() {
            String pending = manager.chain(secretId).pending();
            return pending == null ? "none" : pending;
        }

        @Override
        public void close() {
            manager.close();
        }
    }

    private record Call(Stage stage, String token) {

        String post(String call) throws Exception {
            return told(stage.caller.post(job(stage.secretId, token, call), call.startsWith("generate") ? "{}" : ""));
        }

        HttpResponse<String> put(String value) throws Exception {
            return stage.caller.put(job(stage.secretId, token, "pending"), value);
        }

        static String told(HttpResponse<String> response) {
            return response.statusCode() == 200 ? OK : refusal(response);
        }
    }
}
