package dev.keyturn.engine.rotation;

import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a run ended. No text holds a secret.
 *
 * @param secretId the secret; empty if the arguments named none
 * @param job what became of the job
 * @param resumed whether the run went on from a pending value that it found
 * @param steps what was done, and how long it took
 * @param live which stage was last seen to work, by rotating key (with several nodes: key and node); empty where none is known to
 * @param overlap by rotating key, whether the value that was active goes on working until the next rotation; empty where a killed
 *     run made the change and it is not known
 * @param warnings what an operator should know
 * @param error why the job was not completed; empty if it was
 */
public record RotationReport(String secretId, Job job, boolean resumed, List<StepTime> steps, Map<String, Optional<Stage>> live,
        Map<String, Optional<Boolean>> overlap, List<String> warnings, Optional<Error> error) {

    /** What became of the job. */
    public enum Job {
        /** The new value works and is the active one. */
        COMPLETED,
        /** Secret Manager has heard nothing, or refused to start. */
        NOT_STARTED,
        /** Secret Manager knows that it failed. */
        FAILED,
        /** Not failed on purpose: pending may be the value that works, and Secret Manager may drop it at fail. */
        LEFT_OPEN,
        /** Secret Manager did not answer the call that decides. */
        UNKNOWN
    }

    /**
     * A step.
     *
     * @param step which
     * @param outcome what came of it
     * @param millis how long it took
     */
    public record StepTime(Step step, String outcome, long millis) {
    }

    /**
     * Why a job was not completed.
     *
     * @param code which error
     * @param step where
     * @param message what was asked and what was found
     * @param fix what to do
     */
    public record Error(ErrorCode code, Step step, String message, String fix) {
    }

    /**
     * Whether the new value works and is active.
     *
     * @return true for {@link Job#COMPLETED}
     */
    public boolean done() {
        return job == Job.COMPLETED;
    }
}
