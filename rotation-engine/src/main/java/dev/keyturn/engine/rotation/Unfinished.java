package dev.keyturn.engine.rotation;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.rotation.Decisions.Ending;
import dev.keyturn.engine.rotation.Decisions.StartOutcome;
import dev.keyturn.engine.secretmanager.Reply;
import dev.keyturn.engine.secretmanager.SecretChain;
import java.util.List;

/**
 * The end of a job that did not succeed: puts back what was changed, proves active, and calls fail where that cannot cost an
 * account (R4, R7).
 */
final class Unfinished {

    // Kept for the call to fail.
    private static final long LAST_CALL_MILLIS = 1_500;

    private final Job job;

    Unfinished(Job job) {
        this.job = job;
    }

    RotationReport.Job end() {
        if (job.start == StartOutcome.DONE && !job.completeUnknown && job.accounts.stream().anyMatch(account -> !account.currentProven)) {
            lookAtChain();
        }
        // Who has no lock changes nothing: what it would put back may be what the other run has just made live.
        if (!job.completeUnknown && !job.contested) {
            List<Account> accounts = job.accounts;
            for (int i = accounts.size() - 1; i >= 0; i--) {
                restore(accounts.get(i));
            }
        }
        boolean atRisk = job.contested || (job.accounts.isEmpty() ? job.pendingUnexamined
                : job.accounts.stream().anyMatch(Account::atRisk));
        Ending ending = Decisions.ending(job.start, job.completeUnknown, atRisk);
        return switch (ending) {
            case NOT_STARTED -> RotationReport.Job.NOT_STARTED;
            case UNKNOWN -> RotationReport.Job.UNKNOWN;
            case LEAVE_OPEN -> {
                job.journal.warn("the job is left open: " + (job.contested ? "another run is at work on the account" : "pending may be the value that works")
                        + ", and Secret Manager may drop pending at fail");
                yield RotationReport.Job.LEFT_OPEN;
            }
            case FAIL -> fail();
        };
    }

    /**
     * Another run of the job may have been at work meanwhile. If it has completed with the value that we would put back, that value is
     * active now. If it has stored a pending value of its own, what we know of the target is old.
     */
    private void lookAtChain() {
        if (!(job.manager.read(job.deadline.endingShare(6)) instanceof Reply.Success read)) {
            return;
        }
        try {
            SecretChain chain = SecretChain.of(read.data());
            job.completeUnknown = job.accounts.stream().anyMatch(account -> account.pendingLiveOrOpen() && account.pendingIs(chain.active()));
            job.contested |= chain.pending().filter(pending -> !job.knownPending.contains(pending)
                    && !SecretFields.same(pending, chain.active(), chain.rotatingKeys())).isPresent();
        } catch (Failure unreadable) {
            job.journal.note("the chain could not be read again");
        }
    }

    private RotationReport.Job fail() {
        long since = job.journal.now();
        Job.Outcome outcome = job.askAtEnd(job.manager::fail, 0);
        if (outcome.last() instanceof Reply.Success) {
            job.journal.step(Step.FAIL, "Secret Manager knows", since);
            return RotationReport.Job.FAILED;
        }
        job.journal.warn("Secret Manager did not confirm fail: " + outcome.what());
        // A refusal that answers a repeat: the job is not in progress any more, which is all that fail is for.
        return outcome.maybeDone() && outcome.last() instanceof Reply.Refused ? RotationReport.Job.FAILED : RotationReport.Job.UNKNOWN;
    }

    /**
     * Makes active work again where this run, or a killed one before it, changed that. In sessions of its own: the one that holds the
     * account's lock stays open meanwhile.
     */
    private void restore(Account account) {
        if (account.pendingLiveOrOpen()) {
            putBack(account);
        }
        // Where active was kept it works beside pending, put back or not.
        if (account.changeSent && !account.currentProven && (account.live != Value.PENDING || account.kept)) {
            proveActive(account);
        }
    }

    private void putBack(Account account) {
        long since = job.journal.now();
        Pauses pauses = new Pauses(job.deadline);
        account.changeSent = true;
        account.currentProven = false;
        while (true) {
            TargetException answer = new PasswordChange(account).putBack((int) job.deadline.endingShare(4));
            if (answer == null) {
                job.journal.step(Step.PUT_BACK, account.label + ": " + account.place() + " took the " + account.word(Value.CURRENT) + " value again", since);
                return;
            }
            boolean again = answer.kind() == Kind.UNREACHABLE || answer.kind() == Kind.UNKNOWN || answer.kind() == Kind.CONFLICT;
            if (!again || job.deadline.left() < LAST_CALL_MILLIS + pauses.next()) {
                if (answer.kind() != Kind.REJECTED) {
                    job.journal.warn(account.label + ": the " + account.word(Value.CURRENT) + " value could not be put back: " + answer.kind() + ", " + answer.getMessage());
                }
                return;
            }
            pauses.pause();
        }
    }

    private void proveActive(Account account) {
        Pauses pauses = new Pauses(job.deadline);
        account.waitUntilSettled();
        while (account.settled()) {
            TargetException answer = account.probe(Value.CURRENT, job.deadline.endingShare(3));
            if (answer == null) {
                job.journal.note(account.label + ": the " + account.word(Value.CURRENT) + " value works");
                return;
            }
            // Refused now, although the change was refused: one of the two answers is wrong, and it may be the first.
            account.pendingMayBeLive |= answer.kind() == Kind.REJECTED;
            if (answer.kind() != Kind.UNREACHABLE || job.deadline.left() < LAST_CALL_MILLIS + pauses.next()) {
                job.journal.warn(account.label + ": the " + account.word(Value.CURRENT) + " value is not proven to work: " + answer.kind() + ", " + answer.getMessage());
                return;
            }
            pauses.pause();
        }
    }

    /** Where a value could not be put back, that is the thing to know; what led to it is in the message. */
    static Failure named(Failure failure, List<Account> accounts, RotationReport.Job job) {
        if (job != RotationReport.Job.LEFT_OPEN || accounts.stream().noneMatch(Account::pendingLiveOrOpen)) {
            return failure;
        }
        boolean clientsServed = accounts.stream().filter(Account::pendingLiveOrOpen).allMatch(account -> account.inUse != null && account.activeProven());
        return new Failure(ErrorCode.NOT_PUT_BACK, failure.step(), "after " + failure.code().id() + " (" + failure.text() + ") "
                + (clientsServed ? "the idle account's value (active is untouched, and works)" : "active")
                + " could not be put back, or is not proven to work; the pending value works or may work, and it stands in the chain");
    }
}
