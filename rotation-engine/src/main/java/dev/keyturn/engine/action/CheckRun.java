package dev.keyturn.engine.action;

import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Redactor;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.plugin.PluginLoader;
import dev.keyturn.engine.rotation.Check;
import dev.keyturn.engine.rotation.CheckReport;
import dev.keyturn.engine.rotation.Progress;
import dev.keyturn.engine.rotation.RotationReport;
import dev.keyturn.engine.rotation.Ticker;
import dev.keyturn.engine.secretmanager.HttpSecretManager;
import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.Reply;
import dev.keyturn.engine.secretmanager.SecretManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One check from the text of its arguments to its result. Nothing is changed: neither in Secret Manager nor on a target. */
public final class CheckRun {

    /**
     * What came of a check.
     *
     * @param report what was found
     * @param exitCode 0 nothing speaks against a rotation, 1 it would not succeed or cannot be judged, 2 arguments or bundle wrong and
     *     nobody asked
     */
    public record Ended(CheckReport report, int exitCode) {

        /**
         * The result for machines.
         *
         * @return a JSON document
         */
        public ObjectNode document() {
            return CheckDocument.of(report);
        }
    }

    private CheckRun() {
    }

    /**
     * Checks with the plugins of the engine's own class loader.
     *
     * @param arguments the text of a JSON object; as for a rotation, and nothing is needed that only a job has
     * @param chain start's {@code data}, or a bare secret that is taken as active; null to have Secret Manager tell it
     * @param rotatingKeys which keys of a bare secret rotate
     * @param environment where keys may come from
     * @param warnings what the caller noticed before
     * @param progress watches
     * @return what came of it
     */
    public static Ended run(String arguments, @Nullable String chain, List<String> rotatingKeys, Map<String, String> environment,
            List<String> warnings, Progress progress) {
        Redactor redactor = new Redactor();
        Arguments parsed;
        Optional<ObjectNode> given;
        try {
            parsed = Arguments.of(ActionRun.tree(arguments), chain == null ? Arguments.Purpose.READ_CHAIN : Arguments.Purpose.GIVEN_CHAIN, true,
                    environment, PluginLoader.load(CheckRun.class.getClassLoader()), redactor).warned(warnings);
            given = given(chain, rotatingKeys);
        } catch (Failure failure) {
            RotationReport.Error error = ActionRun.refused(failure, arguments, redactor, progress);
            List<String> noticed = warnings.stream().map(redactor::clean).toList();
            return new Ended(new CheckReport(ActionRun.secretId(arguments), List.of(), List.of(), noticed, Optional.of(error)), 2);
        }
        if (given.isPresent()) {
            ObjectNode data = given.get();
            return ended(new Check(limit -> new Reply.Success(data), redactor, progress, Ticker.SYSTEM).run(parsed.request()));
        }
        try (SecretManager manager = new HttpSecretManager(parsed.address(), parsed.accessKey(), parsed.secretKey())) {
            return ended(new Check(manager::read, redactor, progress, Ticker.SYSTEM).run(parsed.request()));
        }
    }

    private static Ended ended(CheckReport report) {
        return new Ended(report, report.ok() ? 0 : 1);
    }

    /** The data that Secret Manager would have told. */
    private static Optional<ObjectNode> given(@Nullable String chain, List<String> rotatingKeys) throws Failure {
        if (chain == null) {
            if (!rotatingKeys.isEmpty()) {
                throw new Failure(ErrorCode.ARGUMENT_WRONG, Step.ARGUMENTS, "--rotating-key belongs to a bare secret given with --chain",
                        "leave it out: Secret Manager tells the rotating keys");
            }
            return Optional.empty();
        }
        ObjectNode tree = Json.object(chain).orElseThrow(() -> new Failure(ErrorCode.NOT_JSON, Step.ARGUMENTS,
                "the text given with --chain is not one JSON object", "give start's \"data\", or a bare secret"));
        // The whole reply will do as well as its data.
        ObjectNode data = tree.path("data") instanceof ObjectNode inner && inner.has("decryptedSecretChain") ? inner : tree;
        boolean bare = !data.has("decryptedSecretChain");
        if (bare == rotatingKeys.isEmpty()) {
            throw bare ? new Failure(ErrorCode.ARGUMENT_MISSING, Step.ARGUMENTS, "the text given with --chain is a bare secret, and nothing says what rotates",
                    "add --rotating-key KEY")
                    : new Failure(ErrorCode.ARGUMENT_WRONG, Step.ARGUMENTS, "the chain names its rotating keys itself", "leave --rotating-key out");
        }
        return Optional.of(bare ? asActive(data, rotatingKeys) : data);
    }

    private static ObjectNode asActive(ObjectNode secret, List<String> rotatingKeys) {
        ObjectNode data = Json.object();
        data.putObject("decryptedSecretChain").put("active", Json.text(secret));
        ArrayNode keys = data.putArray("rotationTargets");
        rotatingKeys.forEach(keys::add);
        return data;
    }
}
