package dev.keyturn.probe;

import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.engine.rotation.Progress;
import dev.keyturn.engine.secretmanager.HttpSecretManager;
import dev.keyturn.engine.secretmanager.JobAddress;
import dev.keyturn.engine.secretmanager.SecretManager;
import dev.keyturn.testkit.Fault;
import dev.keyturn.testkit.LocalSecretManager;
import dev.keyturn.testkit.Operation;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A secret that is rotated in one way, with its account, or its two. */
final class Rotating implements AutoCloseable {

    static final String USER = "user";
    static final String PASSWORD = "password";
    /** Each call of a rotation to Secret Manager takes so much longer, as if there were a network between. */
    static final int CALL_MILLIS = 20;
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final LocalSecretManager manager = LocalSecretManager.builder().start();
    private final Target.Kind kind;
    private final Target target;
    private final Mode mode;
    private final String secretId;
    private final Account second;

    Rotating(Target.Kind kind, Target target, Mode mode) {
        this.kind = kind;
        this.target = target;
        this.mode = mode;
        for (Operation operation : Operation.values()) {
            manager.on(operation).beforeEffect(Fault.delay(Duration.ofMillis(CALL_MILLIS)));
        }
        String name = "probe" + NUMBER.incrementAndGet();
        Account first = new Account(name, "Old-Pass-" + name + "-1!");
        target.create(first);
        second = new Account(name + "b", "Old-Pass-" + name + "b-1!");
        ObjectNode document = JSON.createObjectNode().put("host", target.host()).put("port", target.port()).put(USER, first.user())
                .put(PASSWORD, first.password());
        if (mode == Mode.TWO_ACCOUNTS) {
            target.create(second);
            secretId = manager.createSecret(document.toString(), USER, PASSWORD);
        } else {
            secretId = manager.createSecret(document.toString(), PASSWORD);
        }
    }

    /** What an application reads. */
    Account active() {
        JsonNode document = JSON.readTree(manager.chain(secretId).active());
        return new Account(document.path(USER).stringValue(), document.path(PASSWORD).stringValue());
    }

    /** Rotates once. */
    void rotate() {
        String jobToken = manager.trigger(secretId);
        if (mode == Mode.SAMPLES_ORDER) {
            try (SecretManager client = new HttpSecretManager(new JobAddress(manager.endpoint(), secretId, jobToken),
                    manager.accessKey(), manager.secretKey())) {
                SamplesOrder.rotate(client, target);
            }
            return;
        }
        String before = active().user();
        ActionRun.Ended ended = ActionRun.run(arguments(jobToken).toString(), true, Map.of(), Progress.NONE);
        boolean overlaps = ended.document().path("overlap").path(PASSWORD).asBoolean(false);
        boolean turned = !active().user().equals(before);
        if (ended.exitCode() != 0 || (mode == Mode.TWO_ACCOUNTS ? !turned : turned || overlaps != (mode == Mode.OVERLAP))) {
            throw new IllegalStateException("a rotation did not end as it should: " + ended.document());
        }
    }

    private ObjectNode arguments(String jobToken) {
        ObjectNode arguments = JSON.createObjectNode().put("secretId", secretId).put("jobToken", jobToken)
                .put("accessKey", manager.accessKey()).put("secretKey", manager.secretKey())
                .put("endpoint", manager.endpoint().toString()).put("targetType", kind.type())
                .put("overlap", mode == Mode.ONE_ACCOUNT ? "off" : "auto");
        ObjectNode options = arguments.putObject("options");
        if (target.ca().isEmpty()) {
            options.put("tls", "off");
        } else {
            options.put("ca", target.ca());
        }
        if (mode == Mode.TWO_ACCOUNTS) {
            // Needed for the first run only, but default parameters stay.
            arguments.putObject("secondAccount").put("user", second.user()).put("password", second.password());
        }
        return arguments;
    }

    @Override
    public void close() {
        manager.close();
    }
}
