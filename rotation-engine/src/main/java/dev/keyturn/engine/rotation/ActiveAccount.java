package dev.keyturn.engine.rotation;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import java.util.Set;
import java.util.TreeSet;

/**
 * Of two accounts that take turns, the one that clients use. No rotation changes it (R10); it is only logged in to, to know that it
 * works and what the other must be able to do.
 */
final class ActiveAccount {

    private final Job job;
    private final RotationRequest.Target target;
    /** The rotating key that holds the user. */
    final String userKey;
    private final String label;
    private final Credential active;
    private final Logins logins;
    private final boolean pendingIsIts;
    private final int limitMillis;
    private Set<String> rights = Set.of();
    private boolean proven;

    /** The last says whether the chain's pending stage names this account, with another value than active. */
    ActiveAccount(Job job, RotationRequest.Target target, String userKey, String label, Credential active, int limitMillis, boolean pendingIsIts) {
        this.job = job;
        this.target = target;
        this.userKey = userKey;
        this.label = label;
        this.active = active;
        this.logins = new Logins(job, target, Values.ofOne(active, null, null), label, limitMillis);
        this.pendingIsIts = pendingIsIts;
        this.limitMillis = limitMillis;
    }

    /**
     * One login, and the survey's rights. A refused one does not stop a rotation, which brings clients a value that works; unless
     * pending may be the value that this account has: replacing it could lose it (R2).
     */
    void look() throws Failure {
        TargetSession session;
        try {
            session = logins.openForSurvey(Value.CURRENT, limitMillis);
        } catch (TargetException e) {
            if (e.kind() == Kind.REJECTED && !pendingIsIts) {
                job.journal.warn(label + ": active (" + user() + ") is refused on " + logins.place() + "; the rotation mends that");
                return;
            }
            throw Failure.of(Step.PREFLIGHT, label + ": login to " + logins.place() + " with the active value (" + user() + ")", e);
        }
        proven = true;
        if (pendingIsIts) {
            job.journal.warn(label + ": the pending value that was found is of the active account, which works without it; it is replaced");
        }
        try {
            rights = job.plugins.call(target.plugin(), "the survey of the active account", limitMillis, () -> session.survey(active)).rights();
        } catch (TargetException e) {
            job.contested |= e.kind() == Kind.CONFLICT;
            if (e.kind() == Kind.CONFLICT) {
                throw Failure.of(Step.PREFLIGHT, label + ": the active account on " + logins.place() + " was asked for its rights", e);
            }
            job.journal.warn(label + ": what the active account may do was not told: " + e.kind() + ", " + e.getMessage());
        } finally {
            job.plugins.close(target.plugin(), session);
        }
    }

    /** What this account may do and one with those rights may not; nothing where the server did not tell. */
    Set<String> missingFrom(Set<String> others) {
        Set<String> missing = new TreeSet<>(rights);
        missing.removeAll(others);
        return missing;
    }

    /** Whether replacing or dropping pending could take away the only place where this account's value stands. */
    boolean atRisk() {
        return pendingIsIts && !proven;
    }

    boolean proven() {
        return proven;
    }

    String user() {
        return active.find(Credential.USER).orElse("");
    }

    /** What is known of active, in a word or two. */
    String standing() {
        return proven ? "works" : logins.wasRefused(Value.CURRENT) ? "refused"
                : logins.otherAnswer(Value.CURRENT).map(other -> "no verdict: " + other).orElse("not tried");
    }
}
