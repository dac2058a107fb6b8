package dev.keyturn.engine.rotation;

import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.rotation.Decisions.Completion;
import dev.keyturn.engine.secretmanager.Reply;

/** Every account works with its new value. The only type that can complete a job. */
final class Tested {

    private final Job job;
    private final PendingStage pending;

    Tested(Job job, PendingStage pending) {
        this.job = job;
        this.pending = pending;
    }

    /**
     * Tells Secret Manager. Repeated while the outcome is unclear; a refusal is believed only when it answers the first try and the
     * chain does not say otherwise.
     */
    void complete() throws Failure {
        long since = job.journal.now();
        Job.Outcome outcome = job.askBeforeEnd(job.manager::complete, 5);
        boolean done = outcome.last() instanceof Reply.Success;
        if (!done) {
            Completion completion = Decisions.completion(outcome.last(), outcome.maybeDone(), pending.isActive().orElse(null));
            if (completion == Completion.UNKNOWN) {
                job.completeUnknown = true;
                throw new Failure(ErrorCode.COMPLETE_UNKNOWN, Step.COMPLETE,
                        "the new value works, and whether Secret Manager made it active is not known: "
                                + (outcome.maybeDone() ? "the first reply was lost, and a repeat was answered with " : "") + outcome.what());
            }
            if (completion == Completion.REFUSED) {
                throw new Failure(ErrorCode.COMPLETE_REFUSED, Step.COMPLETE, "Secret Manager refused to complete the job: " + outcome.what());
            }
        }
        job.journal.step(Step.COMPLETE, "pending is the active value now" + (done ? "" : ", as the chain says"), since);
    }
}
