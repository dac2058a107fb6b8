package dev.keyturn.testkit;

import dev.keyturn.testkit.Behaviour.Switch;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The service behind the gateway: secrets, jobs, and what each call does to them. One call at a time. */
final class JobService {

    private static final int MAX_VALUE_BYTES = 10_000;

    private final Behaviour behaviour;
    private final RandomText random = new RandomText();
    private final Map<String, Secret> secrets = new HashMap<>();

    JobService(Behaviour behaviour) {
        this.behaviour = behaviour;
    }

    synchronized String create(Chain chain, List<String> rotatingKeys) {
        String secretId = "local-" + random.name(12);
        secrets.put(secretId, new Secret(chain, rotatingKeys));
        return secretId;
    }

    synchronized String trigger(String secretId) {
        String jobToken = random.name(40);
        known(secretId).jobs.put(jobToken, JobState.NEW);
        return jobToken;
    }

    synchronized void cancel(String secretId) {
        Secret secret = known(secretId);
        if (!secret.rotating()) {
            throw new IllegalStateException("no job of the secret " + secretId + " is in progress");
        }
        secret.jobs.replaceAll((token, state) -> state == JobState.IN_PROGRESS ? JobState.CANCELLED : state);
        secret.lastResult = JobState.CANCELLED;
        if (!behaviour.is(Switch.PENDING_KEPT_AT_CANCEL)) {
            secret.chain = secret.chain.withPending(null);
        }
    }

    synchronized Chain chain(String secretId) {
        return known(secretId).chain;
    }

    synchronized void setChain(String secretId, Chain chain) {
        known(secretId).chain = chain;
    }

    synchronized SecretStatus status(String secretId) {
        return known(secretId).rotating() ? SecretStatus.ROTATING : SecretStatus.ENABLE;
    }

    synchronized Optional<JobState> lastResult(String secretId) {
        return Optional.ofNullable(known(secretId).lastResult);
    }

    synchronized JobState job(String jobToken) {
        return secrets.values().stream().filter(secret -> secret.jobs.containsKey(jobToken)).findAny()
                .map(secret -> secret.jobs.get(jobToken))
                .orElseThrow(() -> new NoSuchElementException("no job has this token"));
    }

    /**
     * Carries out one call.
     *
     * @return the {@code data} of the answer; null where there is none
     * @throws Refusal if the service does not do it; then nothing has changed
     */
    synchronized @Nullable JsonNode perform(Route route, String body) throws Refusal {
        if (route.operation() == Operation.GET_VALUES && !behaviour.is(Switch.VALUES_READABLE)) {
            throw new Refusal(ApiError.FORBIDDEN, "the key may not read values");
        }
        Secret secret = secrets.get(route.secretId());
        if (secret == null) {
            throw new Refusal(ApiError.NOT_FOUND, "no such secret");
        }
        if (route.operation() == Operation.GET_VALUES) {
            return secret.data(behaviour.emptyStage());
        }
        JobState state = secret.jobs.get(route.jobToken());
        if (state == null) {
            throw new Refusal(behaviour.is(Switch.UNKNOWN_JOB_NOT_FOUND) ? ApiError.NOT_FOUND : ApiError.WRONG_STATE,
                    "no such job");
        }
        return switch (route.operation()) {
            case START -> start(secret, route.jobToken(), state);
            case ADD_PENDING -> addPending(secret, state);
            case UPDATE_PENDING -> updatePending(secret, state, body);
            case GENERATE_RANDOM -> generate(state, body);
            case COMPLETE -> complete(secret, route.jobToken(), state);
            case FAIL -> fail(secret, route.jobToken(), state);
            case GET_VALUES, UNKNOWN -> throw new IllegalStateException("no job call: " + route.operation());
        };
    }

    private JsonNode start(Secret secret, String jobToken, JobState state) throws Refusal {
        boolean again = state == JobState.IN_PROGRESS && behaviour.is(Switch.START_REPEATABLE);
        allow(state == JobState.NEW || again, "the job is " + state);
        allow(again || !secret.rotating() || behaviour.is(Switch.SECOND_JOB_STARTS), "another job is in progress");
        secret.jobs.put(jobToken, JobState.IN_PROGRESS);
        return secret.data(behaviour.emptyStage());
    }

    private JsonNode addPending(Secret secret, JobState state) throws Refusal {
        inProgress(state);
        allow(secret.chain.pending() == null || behaviour.is(Switch.ADD_REPLACES_PENDING), "there is a pending value");
        ObjectNode document = active(secret);
        secret.rotatingKeys.forEach(key -> document.put(key, random.pendingValue()));
        return store(secret, Json.text(document));
    }

    private @Nullable JsonNode updatePending(Secret secret, JobState state, String body) throws Refusal {
        inProgress(state);
        ObjectNode request = Json.read(body, "the body");
        JsonNode value = request.path("value");
        valid(request.size() == 1 && value.isString(), "the body is not {\"value\": \"<JSON text>\"}");
        String text = value.stringValue();
        ObjectNode document = Json.read(text, "value");
        valid(!document.isEmpty(), "value has no keys");
        valid(bytes(text) <= MAX_VALUE_BYTES, "value is longer than " + MAX_VALUE_BYTES + " bytes");
        allow(secret.chain.pending() == null || behaviour.is(Switch.UPDATE_REPLACES_PENDING), "there is a pending value");
        if (behaviour.is(Switch.UPDATE_MERGES_ACTIVE)) {
            ObjectNode merged = active(secret);
            merged.setAll(document);
            text = Json.text(merged);
            valid(bytes(text) <= MAX_VALUE_BYTES, "value is longer than " + MAX_VALUE_BYTES + " bytes");
        }
        JsonNode data = store(secret, text);
        return behaviour.is(Switch.UPDATE_ECHOES_PENDING) ? data : null;
    }

    private JsonNode generate(JobState state, String body) throws Refusal {
        inProgress(state);
        ObjectNode wishes = Json.read(body, "the body");
        return Json.object().put("randomString", random.generate(wishes, behaviour.is(Switch.RANDOM_LENGTH_REQUIRED)));
    }

    private @Nullable JsonNode complete(Secret secret, String jobToken, JobState state) throws Refusal {
        if (state == JobState.COMPLETED && behaviour.is(Switch.COMPLETE_REPEATABLE)) {
            return null;
        }
        inProgress(state);
        allow(secret.chain.pending() != null, "there is no pending value");
        secret.chain = secret.chain.shifted();
        secret.end(jobToken, JobState.COMPLETED);
        return null;
    }

    private @Nullable JsonNode fail(Secret secret, String jobToken, JobState state) throws Refusal {
        if (state == JobState.FAILED && behaviour.is(Switch.FAIL_REPEATABLE)) {
            return null;
        }
        inProgress(state);
        if (!behaviour.is(Switch.PENDING_KEPT_AT_FAIL)) {
            secret.chain = secret.chain.withPending(null);
        }
        secret.end(jobToken, JobState.FAILED);
        return null;
    }

    private static JsonNode store(Secret secret, String pending) {
        secret.chain = secret.chain.withPending(pending);
        return Json.object().put("pending", pending);
    }

    /** The active document to build on. A test may have put anything there. */
    private static ObjectNode active(Secret secret) throws Refusal {
        String active = secret.chain.active();
        return active == null ? Json.object() : Json.read(active, "the active value");
    }

    private Secret known(String secretId) {
        Secret secret = secrets.get(secretId);
        if (secret == null) {
            throw new NoSuchElementException("no secret has the id " + secretId);
        }
        return secret;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void inProgress(JobState state) throws Refusal {
        allow(state == JobState.IN_PROGRESS, "the job is " + state);
    }

    private static void allow(boolean condition, String details) throws Refusal {
        if (!condition) {
            throw new Refusal(ApiError.WRONG_STATE, details);
        }
    }

    private static void valid(boolean condition, String details) throws Refusal {
        if (!condition) {
            throw new Refusal(ApiError.INVALID_REQUEST, details);
        }
    }
}
