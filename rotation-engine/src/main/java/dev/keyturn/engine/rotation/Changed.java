package dev.keyturn.engine.rotation;

import dev.keyturn.api.TargetException;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.rotation.Decisions.AfterProbe;
import org.jspecify.annotations.Nullable;

/** A change was sent to one account, with or without a definite answer. The only door from here is {@link #test()}. */
final class Changed {

    private final Job job;
    private final Account account;
    private final @Nullable TargetException changeAnswer;

    /** The answer is null if the target confirmed the change. */
    Changed(Job job, Account account, @Nullable TargetException changeAnswer) {
        this.job = job;
        this.account = account;
        this.changeAnswer = changeAnswer;
    }

    /** A fresh login with pending, on the same server as before, proves the change; nothing else does. */
    void test() throws Failure {
        long since = job.journal.now();
        Pauses pauses = new Pauses(job.deadline);
        boolean activeAsked = false;
        while (true) {
            TargetException answer = account.probe(Value.PENDING, account.limitMillis);
            if (answer == null) {
                finish();
                job.journal.step(Step.TEST, account.label + ": the new value works"
                        + (account.identity().isEmpty() ? "" : ", as " + account.identity()), since);
                return;
            }
            AfterProbe next = Decisions.afterProbe(answer.kind(), account.settled(), job.deadline.forward() > 0);
            if (next == AfterProbe.AGAIN) {
                pauses.pause();
            } else if (next == AfterProbe.GIVE_UP || activeAsked) {
                throw notProven(answer);
            } else {
                account.waitUntilSettled();
                if (!account.settled()) {
                    throw notProven(answer);
                }
                activeAsked = true;
                if (account.probe(Value.CURRENT, account.limitMillis) == null) {
                    throw notHappened(answer);
                }
                if (next == AfterProbe.ASK_ACTIVE) {
                    throw notProven(answer);
                }
                // Neither worked before, so it landed while we waited: pending is asked once more, and that is final.
            }
        }
    }

    /** A change that took effect without a definite answer may lack what comes after the effect. */
    private void finish() throws Failure {
        TargetException answer = changeAnswer == null ? null : new PasswordChange(account).finish();
        if (answer != null) {
            throw Failure.of(Step.CHANGE, account.label + ": the new value works on " + account.place() + ", and the change could not be finished", answer);
        }
    }

    private Failure notHappened(TargetException answer) {
        new PasswordChange(account).didNotHappen();
        return changeAnswer == null
                ? Failure.of(Step.TEST, account.login(Value.PENDING) + " (the target confirmed the change, yet the old value still works)", answer)
                : Failure.of(Step.CHANGE, account.label + ": the change on " + account.place() + " did not happen; the " + account.word(Value.CURRENT) + " value still works", changeAnswer);
    }

    private Failure notProven(TargetException answer) {
        return Failure.of(Step.TEST, account.login(Value.PENDING) + ", after the change was sent", answer);
    }
}
