package dev.keyturn.testkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One secret with its jobs. Guarded by the {@link JobService} that holds it. */
final class Secret {

    final List<String> rotatingKeys;
    final Map<String, JobState> jobs = new LinkedHashMap<>();
    Chain chain;
    @Nullable JobState lastResult;

    Secret(Chain chain, List<String> rotatingKeys) {
        this.chain = chain;
        this.rotatingKeys = rotatingKeys;
    }

    boolean rotating() {
        return jobs.containsValue(JobState.IN_PROGRESS);
    }

    void end(String jobToken, JobState state) {
        jobs.put(jobToken, state);
        lastResult = state;
    }

    /** The {@code data} of start and of Get Secret Value. */
    ObjectNode data(Behaviour.EmptyStage emptyStage) {
        ObjectNode data = Json.object();
        ObjectNode stages = data.putObject("decryptedSecretChain");
        stage(stages, "previous", chain.previous(), emptyStage);
        stage(stages, "active", chain.active(), emptyStage);
        stage(stages, "pending", chain.pending(), emptyStage);
        ArrayNode targets = data.putArray("rotationTargets");
        rotatingKeys.forEach(targets::add);
        return data;
    }

    private static void stage(ObjectNode stages, String name, @Nullable String value, Behaviour.EmptyStage emptyStage) {
        if (value != null) {
            stages.put(name, value);
            return;
        }
        switch (emptyStage) {
            case NULL -> stages.putNull(name);
            case EMPTY_TEXT -> stages.put(name, "");
            case ABSENT -> { }
        }
    }
}
