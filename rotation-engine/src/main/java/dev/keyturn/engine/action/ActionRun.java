package dev.keyturn.engine.action;

import dev.keyturn.engine.Activation;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Redactor;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.plugin.PluginLoader;
import dev.keyturn.engine.rotation.Progress;
import dev.keyturn.engine.rotation.Rotation;
import dev.keyturn.engine.rotation.RotationReport;
import dev.keyturn.engine.rotation.Ticker;
import dev.keyturn.engine.secretmanager.HttpSecretManager;
import dev.keyturn.engine.secretmanager.JobAddress;
import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.SecretManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One run from the text of its arguments to its result: the same for the action and for the shell. */
public final class ActionRun {

    /**
     * What came of a run.
     *
     * @param document the result
     * @param exitCode 0 done, 1 not done, 2 arguments or bundle wrong and nothing sent
     */
    public record Ended(ObjectNode document, int exitCode) {
    }

    private ActionRun() {
    }

    /** For the action: what the platform injects beyond what it documents must not stop a rotation. */
    static String run(String arguments) {
        LogFormat.oneLine();
        return Json.text(run(arguments, false, Map.of(), Progress.NONE).document());
    }

    /**
     * Runs one rotation job with the plugins of the engine's own class loader.
     *
     * @param arguments the text of a JSON object
     * @param strict whether an unknown argument is an error; else it is a warning
     * @param environment where keys may come from
     * @param progress watches
     * @return what came of it
     */
    public static Ended run(String arguments, boolean strict, Map<String, String> environment, Progress progress) {
        Redactor redactor = new Redactor();
        Arguments parsed;
        try {
            parsed = Arguments.of(tree(arguments), Arguments.Purpose.ROTATE, strict, environment, PluginLoader.load(ActionRun.class.getClassLoader()), redactor);
        } catch (Failure failure) {
            return new Ended(ResultDocument.of(new RotationReport(secretId(arguments), RotationReport.Job.NOT_STARTED, false, List.of(), Map.of(),
                    Map.of(), List.of(), Optional.of(refused(failure, arguments, redactor, progress)))), 2);
        }
        try (SecretManager manager = new HttpSecretManager(parsed.address(), parsed.accessKey(), parsed.secretKey())) {
            RotationReport report = new Rotation(manager, redactor, progress, Ticker.SYSTEM, new SecureRandom()).run(parsed.request());
            return new Ended(ResultDocument.of(report), report.done() ? 0 : 1);
        }
    }

    static ObjectNode tree(String arguments) throws Failure {
        return Json.object(arguments).orElseThrow(() -> new Failure(ErrorCode.NOT_JSON, Step.ARGUMENTS, "the arguments are not a JSON object"));
    }

    /** The secret that the arguments name, as far as they make sense; else an empty text. */
    static String secretId(String arguments) {
        return Json.object(arguments).map(tree -> tree.path("secretId")).filter(JsonNode::isString).map(JsonNode::stringValue)
                .filter(JobAddress::isId).orElse("");
    }

    /** The verdict on arguments or a bundle that are no good: told, and for the document. */
    static RotationReport.Error refused(Failure failure, String arguments, Redactor redactor, Progress progress) {
        String secretId = secretId(arguments);
        String message = redactor.clean(failure.text());
        String fix = redactor.clean(failure.fix());
        String verdict = failure.code().id() + " at arguments, nothing was sent: " + message + ". Fix: " + fix;
        Logger log = System.getLogger("dev.keyturn");
        log.log(Level.ERROR, () -> Activation.label() + (secretId.isEmpty() ? "" : "secret " + secretId + ": ") + verdict);
        progress.note(verdict);
        return new RotationReport.Error(failure.code(), failure.step(), message, fix);
    }
}
