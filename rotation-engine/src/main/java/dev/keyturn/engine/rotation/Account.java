package dev.keyturn.engine.rotation;

import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One account on one node: the unit that plugins see. Knows its values, what the target has said so far, and what that leaves
 * open. Where two accounts take turns this is the idle one, whose value changes.
 */
final class Account {

    final Job job;
    final RotationRequest.Target target;
    /** The rotating key, and the node where there are several. */
    final String label;
    final String key;
    /** The account that clients use meanwhile; null where there is but one. */
    final @Nullable ActiveAccount inUse;
    final Values values;
    final Logins logins;
    /** How long one login or statement may take. */
    final int limitMillis;

    /** The session that is to make the change. */
    @Nullable TargetSession session;
    /** One that has found out what it was for. Its goodbye may take a round trip, and complete does not wait for that. */
    private @Nullable TargetSession probed;
    /** Until then a change without a definite answer may take effect late. */
    long settledAt = Long.MIN_VALUE;

    /** The value that was last seen to work; null while none is known to. */
    @Nullable Value live;
    /** Whether pending works or may work: from the moment a change is sent, and from the start where one was found. */
    boolean pendingMayBeLive;
    /** Whether a login with the current value was accepted after anything that could have changed it. */
    boolean currentProven;
    /** Whether the account can have two values that work, here and now. */
    boolean canOverlap;
    /** What the survey found; empty before it. */
    Survey survey = Survey.empty();
    /** Whether active was to go on working after the change. */
    boolean kept;
    /** The value that the change of this run was to end; empty before it. */
    Optional<Credential> retired = Optional.empty();
    /** Whether a killed run may have left active working beside pending: nobody asked, since a refusal would cost a login. */
    boolean keptBefore;
    /** Whether this run has sent a change. */
    boolean changeSent;
    /** Whether a change was sent that the target did not definitely refuse. */
    boolean changeOpen;

    Account(Job job, RotationRequest.Target target, String label, String key, Values values, @Nullable ActiveAccount inUse, int limitMillis) {
        this.job = job;
        this.target = target;
        this.label = label;
        this.key = key;
        this.inUse = inUse;
        this.values = values;
        this.logins = new Logins(job, target, values, label, limitMillis);
        this.pendingMayBeLive = values.found();
        this.limitMillis = limitMillis;
    }

    /** Whether active goes on working after the change (R10). Only where it was active that was proven: no other value is worth keeping. */
    boolean overlaps() {
        return canOverlap && target.overlap() != RotationRequest.Overlap.OFF;
    }

    /**
     * The value that must not work beside the new one: what the previous stage holds, which an earlier rotation kept; or active, where a
     * killed run kept it and this one is told that nothing but the new value is to work. Only where two can be live, and never one that is wanted.
     */
    Optional<Credential> surplus() {
        if (canOverlap && live == Value.PENDING && !overlaps()) {
            return Optional.of(values.current());
        }
        Credential former = values.get(Value.FORMER);
        Credential pending = values.get(Value.PENDING);
        return canOverlap && live == Value.CURRENT && former != null && (pending == null || !former.sameLogin(pending))
                ? Optional.of(former) : Optional.empty();
    }

    /** Whether a change that this run sent can no longer take effect late. */
    boolean settled() {
        return job.deadline.now() >= settledAt;
    }

    /** Does not wait at all where the time ends before: then there is nothing more to prove, and the job has yet to be ended. */
    void waitUntilSettled() {
        long needed = settledAt - job.deadline.now();
        if (needed > 0 && needed < job.deadline.left()) {
            job.deadline.pause(needed);
        }
    }

    // ---- Logins ---------------------------------------------------------------------------------------------------------------

    /** A login that is only to find something out. Null if it was accepted. */
    @Nullable TargetException probe(Value value, long millis) {
        try {
            probed = open(value, (int) Math.max(1, Math.min(limitMillis, millis)));
            return null;
        } catch (TargetException e) {
            return e;
        }
    }

    TargetSession open(Value value, int millis) throws TargetException {
        return opened(value, () -> logins.open(value, millis));
    }

    /** A login whose session is surveyed next. */
    TargetSession openForSurvey(Value value) throws TargetException {
        return opened(value, () -> logins.openForSurvey(value, limitMillis));
    }

    private TargetSession opened(Value value, PluginThreads.Call<TargetSession> login) throws TargetException {
        closeProbed();
        try {
            TargetSession opened = login.run();
            live = value;
            currentProven |= value == Value.CURRENT && settled();
            return opened;
        } catch (TargetException e) {
            if (e.kind() == Kind.REJECTED) {
                live = live == value ? null : live;
            }
            throw e;
        }
    }

    /** The stage of the chain whose value was last seen to work. */
    Optional<Stage> liveStage() {
        return live == null ? Optional.empty() : values.stage(live);
    }

    // ---- Small things ---------------------------------------------------------------------------------------------------------

    /** Whether pending is the value that works, or a change to it may have happened. */
    boolean pendingLiveOrOpen() {
        return live == Value.PENDING || changeOpen;
    }

    /** Whether a value that works, or may, could be lost if pending were dropped. */
    boolean atRisk() {
        return pendingMayBeLive && !currentProven || inUse != null && inUse.atRisk();
    }

    /** Whether clients that hold the active value are served until the next rotation; empty where a killed run made the change and it is not known. */
    Optional<Boolean> overlap() {
        return inUse != null ? Optional.of(inUse.proven()) : keptBefore ? Optional.empty() : Optional.of(kept);
    }

    /** After a change: what becomes of the value that clients hold. */
    String whatOfTheOld() {
        return inUse != null ? "; " + inUse.user() + " works as before" : kept ? "; the old one works until the next rotation" : "";
    }

    /** Whether a document of the secret holds this account's pending value. */
    boolean pendingIs(ObjectNode document) {
        Credential pending = values.get(Value.PENDING);
        return pending != null && pending.find(Credential.PASSWORD).equals(SecretFields.text(document, key))
                && (inUse == null || pending.find(Credential.USER).equals(SecretFields.text(document, inUse.userKey)));
    }

    String user() {
        return values.current().find(Credential.USER).orElse("");
    }

    boolean pendingFound() {
        return values.found();
    }

    /** Whether two units would change one and the same account. */
    boolean sameAccount(Account other) {
        return target.plugin().type().equals(other.target.plugin().type()) && place().equals(other.place()) && user().equals(other.user());
    }

    /** Whether a login with what clients use was accepted after anything that could have changed it. */
    boolean activeProven() {
        return inUse == null ? currentProven : inUse.proven();
    }

    /** What people call a value of this account. */
    String word(Value value) {
        return values.word(value);
    }

    String login(Value value) {
        return label + ": login to " + place() + " with the " + values.word(value) + " value" + (user().isEmpty() ? "" : " of " + user());
    }

    String place() {
        return logins.place();
    }

    String identity() {
        return logins.identity();
    }

    /** Ends what is open. */
    void close() {
        closeProbed();
        closeSession();
    }

    void closeSession() {
        TargetSession open = session;
        session = null;
        if (open != null) {
            job.plugins.close(target.plugin(), open);
        }
    }

    private void closeProbed() {
        TargetSession open = probed;
        probed = null;
        if (open != null) {
            job.plugins.close(target.plugin(), open);
        }
    }

    TargetSession requireSession() {
        if (session == null) {
            throw new IllegalStateException("no session");
        }
        return session;
    }
}
