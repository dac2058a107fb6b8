package dev.keyturn.engine.rotation;

import dev.keyturn.api.TargetException;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import java.util.HashSet;
import java.util.Set;

/** The new values stand in the chain. The only door from here is {@link #changeAndTest()}, account by account. */
final class Stored {

    private final Job job;
    private final PendingStage pending;
    private final NewValues newValues;
    private final Set<String> exchanged = new HashSet<>();

    Stored(Job job, PendingStage pending, NewValues newValues) {
        this.job = job;
        this.pending = pending;
        this.newValues = newValues;
    }

    /** Changes and tests each account before the next is touched. */
    Tested changeAndTest() throws Failure {
        for (Account account : job.accounts) {
            Changed changed = change(account);
            changed.test();
        }
        return new Tested(job, pending);
    }

    private Changed change(Account account) throws Failure {
        long since = job.journal.now();
        while (true) {
            checkTime(account);
            account.logins.connectNow(account.values.requirePending());
            TargetException answer = new PasswordChange(account).send();
            if (answer == null) {
                job.journal.step(Step.CHANGE, account.label + ": " + account.place() + " took the new value" + account.whatOfTheOld(), since);
                return new Changed(job, account, null);
            }
            switch (Decisions.afterChange(answer.kind(), mayReplace(account))) {
                case PROBE -> {
                    job.journal.warn(account.label + ": the change has no definite answer (" + said(answer) + "); a login finds out");
                    return new Changed(job, account, answer);
                }
                case NEW_VALUE -> {
                    job.journal.warn(account.label + ": " + account.place() + " refused the new value (" + said(answer) + "); another one is made");
                    new Preflight(account).again();
                    exchanged.add(account.key);
                    pending.exchange(account.key, newValues.make(account.key));
                }
                case REFUSED ->
                    throw Failure.of(Step.CHANGE, account.label + ": the change on " + account.place(), answer);
            }
        }
    }

    private static String said(TargetException answer) {
        return answer.kind() + ", " + answer.getMessage();
    }

    /** A value is exchanged once at most, and only while it is live nowhere: neither here nor, maybe, on another node. */
    private boolean mayReplace(Account account) {
        return !exchanged.contains(account.key) && account.live != Value.PENDING
                && job.accounts.stream().noneMatch(other -> other != account && other.key.equals(account.key) && other.pendingMayBeLive);
    }

    /** A change is sent only while there is time for it, its test, putting it back and ending. */
    private void checkTime(Account account) throws Failure {
        long needed = 7L * account.limitMillis;
        if (job.deadline.left() < needed || Thread.currentThread().isInterrupted()) {
            throw new Failure(ErrorCode.DEADLINE, Step.CHANGE, account.label + ": " + job.deadline.left()
                    + " ms are left, and a change that may have to be put back needs up to " + needed + " ms; it was not sent");
        }
    }
}
