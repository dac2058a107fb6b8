package dev.keyturn.engine.rotation;

import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.engine.secretmanager.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to do next, from what is known. No I/O, no state, no clock: every rule about order (R2 to R7) that is not in the types
 * of the steps is here, and can be walked through whole.
 */
final class Decisions {

    private Decisions() {
    }

    // ---- Which value is live? -------------------------------------------------------------------------------------------

    /**
     * The order of the logins that find out. A pending value that was there before us is likely to be live: somebody was killed
     * after a change. Without one, the first login is the one that is known to work (R6).
     */
    static List<Value> loginOrder(boolean pendingFound) {
        return pendingFound ? List.of(Value.PENDING, Value.CURRENT, Value.FORMER) : List.of(Value.CURRENT, Value.FORMER);
    }

    enum AfterLogin { USE, TRY_NEXT, STOP }

    /** Only "wrong password" leads to another value, and only within the budget (R5, R6). */
    static AfterLogin afterLogin(@Nullable Kind answer, int refusedSoFar, int maxRefused) {
        if (answer == null) {
            return AfterLogin.USE;
        }
        return answer == Kind.REJECTED && refusedSoFar < maxRefused ? AfterLogin.TRY_NEXT : AfterLogin.STOP;
    }

    // ---- Did the change happen? -----------------------------------------------------------------------------------------

    enum AfterChange { PROBE, NEW_VALUE, REFUSED }

    /**
     * A definite refusal is believed. "No answer" is not taken for "not done", whatever a plugin calls it; and a
     * compare-and-set that missed may have missed because an earlier try hit (R5).
     *
     * @param answer what the change threw
     * @param mayReplace whether the value may still be exchanged: no account has it yet, and it was not exchanged before
     */
    static AfterChange afterChange(Kind answer, boolean mayReplace) {
        return switch (answer) {
            case UNKNOWN, UNREACHABLE, CONFLICT -> AfterChange.PROBE;
            case VALUE_REFUSED -> mayReplace ? AfterChange.NEW_VALUE : AfterChange.REFUSED;
            case REJECTED, LOCKED, FORBIDDEN, READ_ONLY, MISCONFIGURED, NOT_PROVABLE -> AfterChange.REFUSED;
        };
    }

    enum AfterProbe { AGAIN, WAIT_THEN_ASK_ACTIVE, ASK_ACTIVE, GIVE_UP }

    /**
     * After a login with pending that was not accepted, although a change was sent.
     *
     * @param answer what the login threw
     * @param settled whether the server's own limits have passed, so that a change cannot land any more
     * @param timeLeft whether there is time to ask again before the reserve
     */
    static AfterProbe afterProbe(Kind answer, boolean settled, boolean timeLeft) {
        return switch (answer) {
            case REJECTED -> settled ? AfterProbe.ASK_ACTIVE : AfterProbe.WAIT_THEN_ASK_ACTIVE;
            case UNREACHABLE, UNKNOWN -> timeLeft ? AfterProbe.AGAIN : AfterProbe.GIVE_UP;
            case LOCKED, VALUE_REFUSED, FORBIDDEN, READ_ONLY, MISCONFIGURED, NOT_PROVABLE, CONFLICT -> AfterProbe.GIVE_UP;
        };
    }

    // ---- Calls to Secret Manager ----------------------------------------------------------------------------------------

    /**
     * Whether a call that can be repeated without harm is made again.
     *
     * @param timeLeft whether there is time for another try
     * @param waiting whether Secret Manager is throttled, and there is time to wait until it is not: a job that gives up is begun anew, and
     *     costs it more calls than one that waits
     */
    static boolean repeat(Reply reply, int tries, boolean timeLeft, boolean waiting) {
        boolean again = reply instanceof Reply.Unclear || reply instanceof Reply.NotDone || reply instanceof Reply.Throttled;
        return timeLeft && again && (waiting || tries < MAX_TRIES);
    }

    static final int MAX_TRIES = 6;
    static final long LONGEST_PAUSE_MILLIS = 5_000;

    /** Milliseconds before a try: doubling, and a random part of it, so that many jobs do not come back at once. */
    static long backoff(int triesSoFar, boolean waiting, double random) {
        long most = Math.min(LONGEST_PAUSE_MILLIS, (waiting ? 800L : 200L) << Math.min(10, triesSoFar - 1));
        return Math.round(most * (0.5 + random / 2));
    }

    enum Completion { DONE, REFUSED, UNKNOWN }

    /**
     * What became of complete when no 2xx came.
     *
     * @param last the last reply
     * @param maybeDone whether any try before it may have been done: then a refusal answers a repeat, and is none
     * @param pendingIsActive what the chain says: whether pending's values are active now; null where it cannot be read
     */
    static Completion completion(Reply last, boolean maybeDone, @Nullable Boolean pendingIsActive) {
        if (Boolean.TRUE.equals(pendingIsActive)) {
            return Completion.DONE;
        }
        // A refusal with a chain that cannot be read is believed: a twin of this run may have completed, and then active is refused until
        // the next run mends it; but if the job was cancelled and pending dropped, not putting back would lose the account (R2 before R4).
        return last instanceof Reply.Unclear || maybeDone ? Completion.UNKNOWN : Completion.REFUSED;
    }

    // ---- How a job ends that does not succeed -----------------------------------------------------------------------------

    enum Ending { NOT_STARTED, UNKNOWN, FAIL, LEAVE_OPEN }

    /**
     * Fail is called only where it cannot cost an account: the platform may drop pending then (R2 before R7).
     *
     * @param start what came of start
     * @param completeUnknown whether complete may have happened
     * @param atRisk whether for some account pending is or may be live while active was not proven
     */
    static Ending ending(StartOutcome start, boolean completeUnknown, boolean atRisk) {
        return switch (start) {
            case NOT_DONE -> Ending.NOT_STARTED;
            case UNKNOWN -> Ending.UNKNOWN;
            case DONE -> completeUnknown ? Ending.UNKNOWN : atRisk ? Ending.LEAVE_OPEN : Ending.FAIL;
        };
    }

    enum StartOutcome { NOT_DONE, UNKNOWN, DONE }

    /**
     * What came of start.
     *
     * @param last the last reply
     * @param maybeDone whether any try before it may have been done
     */
    static StartOutcome startOutcome(Reply last, boolean maybeDone) {
        if (last instanceof Reply.Success) {
            return StartOutcome.DONE;
        }
        return last instanceof Reply.Unclear || maybeDone ? StartOutcome.UNKNOWN : StartOutcome.NOT_DONE;
    }
}
