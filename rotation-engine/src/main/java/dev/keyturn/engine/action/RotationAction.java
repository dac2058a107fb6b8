package dev.keyturn.engine.action;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * The Cloud Functions action: set its main class to {@code dev.keyturn.engine.action.RotationAction}.
 *
 * <p>Thin on purpose. The runtime shows an exception's text to the caller, and a class that cannot be linked leaves no trace at
 * all; so this one has no state, no initialiser, no type in a signature but Gson's, and lets nothing out. Gson is the runtime's:
 * only what its old versions have is used.
 */
public final class RotationAction {

    private RotationAction() {
    }

    /**
     * Runs one rotation job.
     *
     * @param arguments {@code secretId} and {@code jobToken} from the trigger, the rest from the action's default parameters; see
     *     docs/parameters.md
     * @return the result; with a top-level {@code error}, which the platform records as a failure, if the job was not completed
     */
    @SuppressWarnings("deprecation") // The static parser methods are younger than some runtimes' Gson.
    public static JsonObject main(JsonObject arguments) {
        try {
            return new JsonParser().parse(ActionRun.run(String.valueOf(arguments))).getAsJsonObject();
        } catch (Throwable t) {
            return broken(t);
        }
    }

    /** The class names alone: a message could hold a secret. */
    private static JsonObject broken(Throwable t) {
        JsonObject error = new JsonObject();
        error.addProperty("code", "KT-901");
        error.addProperty("kind", "UNKNOWN");
        error.addProperty("message", "the action could not run: " + t.getClass().getName()
                + (t instanceof LinkageError ? ", " + t.getMessage() : ""));
        error.addProperty("fix", "rebuild the bundle; if the secret stays \"in progress\", cancel the job");
        JsonObject result = new JsonObject();
        result.addProperty("done", false);
        result.addProperty("job", "unknown");
        result.add("error", error);
        return result;
    }
}
