package dev.keyturn.engine.rotation;

import dev.keyturn.engine.Redactor;
import dev.keyturn.engine.secretmanager.Reply;
import dev.keyturn.engine.secretmanager.SecretManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ObjectNode;

/** What all steps of one run share, and the little that the end must know about how far it came. */
final class Job implements AutoCloseable {

    // A call that has less time than this is not worth its trouble, and its "no reply" would hide what came before.
    private static final long SHORTEST_MILLIS = 300;

    final RotationRequest request;
    final SecretManager manager;
    final Deadline deadline;
    final Journal journal;
    final Redactor redactor;
    final RandomGenerator random;
    final PluginThreads plugins = new PluginThreads();

    List<Account> accounts = List.of();
    Decisions.StartOutcome start = Decisions.StartOutcome.NOT_DONE;
    /** What stood in pending at start, and what this run stored there. */
    final List<ObjectNode> knownPending = new ArrayList<>();
    boolean completeUnknown;
    /** Whether a pending value stands in the chain that no account was made from yet. */
    boolean pendingUnexamined;
    /** Whether another run holds an account's lock: then what was proven may change at any moment. */
    boolean contested;
    boolean resumed;

    Job(RotationRequest request, SecretManager manager, Deadline deadline, Journal journal, Redactor redactor, RandomGenerator random) {
        this.request = request;
        this.manager = manager;
        this.deadline = deadline;
        this.journal = journal;
        this.redactor = redactor;
        this.random = random;
    }

    /**
     * What came of a call, repeated as long as that makes sense.
     *
     * @param last the last reply
     * @param maybeDone whether a try before the last may have been done
     */
    record Outcome(Reply last, boolean maybeDone) {

        String what() {
            if (last instanceof Reply.Refused refused) {
                return refused.what();
            }
            if (last instanceof Reply.NotDone notDone) {
                return notDone.what();
            }
            if (last instanceof Reply.Throttled throttled) {
                return throttled.what();
            }
            return last instanceof Reply.Unclear unclear ? unclear.what() : "done";
        }
    }

    /** A call on the way forward that can be repeated without harm; others of the given number are still to come after it. */
    Outcome ask(LongFunction<Reply> call, int callsToCome) {
        return ask(call, () -> Math.max(1, deadline.forwardShare(callsToCome + 1)), deadline::forward, deadline::forward);
    }

    /** A call that may use the reserve, but does not wait in it: if it does not succeed, the job is put back and failed in that time. */
    Outcome askBeforeEnd(LongFunction<Reply> call, int callsToCome) {
        return ask(call, () -> deadline.endingShare(callsToCome + 1), deadline::left, deadline::forward);
    }

    /** A call at the end of a job, which may use the reserve; others of the given number are still to come after it. */
    Outcome askAtEnd(LongFunction<Reply> call, int callsToCome) {
        return ask(call, () -> deadline.endingShare(callsToCome + 1), deadline::left, deadline::left);
    }

    private Outcome ask(LongFunction<Reply> call, LongSupplier limit, LongSupplier timeLeft, LongSupplier timeToWait) {
        boolean maybeDone = false;
        for (int tries = 1; ; tries++) {
            Reply reply = call.apply(limit.getAsLong());
            boolean waiting = reply instanceof Reply.Throttled && timeToWait.getAsLong() > Decisions.LONGEST_PAUSE_MILLIS;
            long pause = Decisions.backoff(tries, waiting, random.nextDouble());
            boolean time = timeLeft.getAsLong() - pause > SHORTEST_MILLIS && !Thread.currentThread().isInterrupted();
            if (!Decisions.repeat(reply, tries, time, waiting)) {
                return new Outcome(reply, maybeDone);
            }
            maybeDone |= reply instanceof Reply.Unclear;
            deadline.pause(pause);
        }
    }

    /** Leaves no session and no thread behind. */
    @Override
    public void close() {
        try (plugins) {
            accounts.forEach(account -> account.logins.dropEarly());
            accounts.forEach(Account::close);
        }
    }
}
