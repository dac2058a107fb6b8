package dev.keyturn.engine.rotation;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One account on one node: the unit that plugins see. Knows its values, what the target has said so far, and what that leaves
 * open. Where two accounts take turns this is the idle one, whose value changes.
 */
final class Account {

    private final Job job;
    private final RotationRequest.Target target;
    /** The rotating key, and the node where there are several. */
    final String label;
    final String key;
    /** The account that clients use meanwhile; null where there is but one. */
    final @Nullable ActiveAccount inUse;
    private final Values values;
    private final Logins logins;
    private final int limitMillis;

    private @Nullable TargetSession session;
    private long settledAt = Long.MIN_VALUE;

    /** The value that was last seen to work; null while none is known to. */
    @Nullable Value live;
    /** Whether pending works or may work: from the moment a change is sent, and from the start where one was found. */
    boolean pendingMayBeLive;
    /** Whether a login with the current value was accepted after anything that could have changed it. */
    boolean currentProven;
    /** Whether the account can have two values that work, here and now. */
    private boolean canOverlap;
    private Survey survey = Survey.empty();
    /** Whether active was to go on working after the change. */
    boolean kept;
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

    // ---- Preflight --------------------------------------------------------------------------------------------------------

    /** Finds the value that works, with as few refused logins as can be (R5, R6), and keeps the session. */
    void findLive() throws Failure {
        if (inUse != null) {
            inUse.look();
        }
        List<Value> candidates = Decisions.loginOrder(values.found()).stream().filter(value -> values.get(value) != null).toList();
        TargetException last = null;
        for (Value value : candidates) {
            if (logins.wasRefused(value)) {
                continue;
            }
            TargetException answer = null;
            try {
                session = open(value, limitMillis);
            } catch (TargetException e) {
                answer = e;
            }
            switch (Decisions.afterLogin(answer == null ? null : answer.kind(), logins.refusedSoFar(), job.request.maxRefusedLogins())) {
                case USE -> {
                    return;
                }
                case TRY_NEXT -> last = answer;
                case STOP -> {
                    if (answer != null && answer.kind() == Kind.REJECTED && candidates.stream().allMatch(logins::wasRefused)) {
                        last = answer;
                    } else if (answer != null) {
                        throw Failure.of(Step.PREFLIGHT, login(value), answer);
                    }
                }
            }
        }
        if (target.admin().isPresent() && (target.admin().get().reset() || hasNoValueYet())) {
            job.journal.warn(label + ": no value of the chain works; the administrator resets it, as " + (hasNoValueYet()
                    ? "secondAccount without a password asks for" : "admin.reset says"));
            return;
        }
        throw new Failure(ErrorCode.DRIFTED, Step.PREFLIGHT, label + ": no value of the chain is accepted by " + place()
                + (inUse == null ? "" : " for the idle account " + user()) + " (tried "
                + candidates.stream().map(values::word).toList() + "; last answer: " + (last == null ? "none" : last.getMessage()) + ")",
                inUse == null ? ErrorCode.DRIFTED.fix() : "clients are not affected; set the password of " + user()
                + " by hand and give it in secondAccount.password, or give \"admin\" with \"reset\"; then run the job again");
    }

    /** R12: an administrator may come after something of the account's own was accepted, here the active account's value. */
    private boolean hasNoValueYet() {
        return inUse != null && inUse.proven() && values.get(Value.CURRENT) == null;
    }

    /** Asks whether a change can succeed, and takes the account's lock; by the administrator's session where there is one. */
    void survey() throws Failure {
        Set<String> ownRights = Set.of();
        if (target.admin().isPresent()) {
            RotationRequest.Admin admin = target.admin().get();
            ownRights = inUse == null ? ownRights : rightsByItself();
            closeSession();
            session = logins.openAdmin(admin, limitMillis, Step.PREFLIGHT);
        }
        TargetSession open = requireSession();
        Credential known = live == null ? null : values.get(live);
        Credential account = known == null ? values.current() : known;
        try {
            survey = job.plugins.call(target.plugin(), "the survey", limitMillis, () -> open.survey(account));
            survey.warnings().forEach(warning -> job.journal.warn(label + ": " + warning));
            canOverlap = survey.overlap() && inUse == null;
        } catch (TargetException e) {
            job.contested |= e.kind() == Kind.CONFLICT;
            throw Failure.of(Step.PREFLIGHT, label + ": before any change, " + place() + " was asked whether one can succeed", e);
        }
        if (inUse != null) {
            compareRights(inUse, survey.rights().isEmpty() ? ownRights : survey.rights());
        }
    }

    /** What the idle account may do, in its own session: an administrator is not always told. */
    private Set<String> rightsByItself() {
        TargetSession own = session;
        Credential known = live == null ? null : values.get(live);
        if (own == null || known == null) {
            return Set.of();
        }
        try {
            return job.plugins.call(target.plugin(), "the survey", limitMillis, () -> own.survey(known)).rights();
        } catch (TargetException e) {
            return Set.of(); // It may not change itself, which is why there is an administrator.
        }
    }

    /** Clients will use the idle account next: one that may do less is an outage too. */
    private void compareRights(ActiveAccount active, Set<String> rights) throws Failure {
        Set<String> missing = active.missingFrom(rights);
        if (missing.isEmpty()) {
            return;
        }
        if (rights.isEmpty()) {
            job.journal.warn(label + ": whether " + user() + " may do what " + active.user() + " may was not told");
            return;
        }
        List<String> some = missing.stream().limit(5).toList();
        throw new Failure(ErrorCode.RIGHTS_DIFFER, Step.PREFLIGHT, label + ": on " + place() + " the idle account " + user() + " lacks "
                + missing.size() + " of the rights that the active one, " + active.user() + ", has: " + String.join("; ", some) + (missing.size() > some.size() ? "; ..." : ""));
    }

    /** The end of a preflight that went well. */
    void tellPreflight(long since, String where) {
        String found = live == null ? "no value works, the administrator resets" : values.word(live) + " works";
        job.journal.step(Step.PREFLIGHT, label + ": " + (inUse == null ? found : "it is the turn of " + user() + ": " + found
                + "; " + inUse.user() + " stays as it is,") + where, since);
        if (live == Value.FORMER) {
            job.journal.warn(label + ": " + values.word(Value.CURRENT) + " is refused, " + values.word(Value.FORMER) + " works; a rotation mends that");
        }
    }

    /** Whether active goes on working after the change (R10). Only where it was active that was proven: no other value is worth keeping. */
    boolean overlaps() {
        return canOverlap && target.overlap() != RotationRequest.Overlap.OFF;
    }

    /** Two values at a time may have been asked for, and not be to be had. */
    void requireOverlap() throws Failure {
        if (target.overlap() == RotationRequest.Overlap.REQUIRED && !canOverlap && inUse == null) {
            throw new Failure(ErrorCode.NO_OVERLAP, Step.PREFLIGHT, label + ": the argument \"overlap\" is \"required\", and on " + place()
                    + " this account cannot have two passwords at a time");
        }
    }

    /**
     * Makes room: the value of the previous stage, which an earlier rotation kept, stops working. Only after active was proven, only
     * where two can be live, and only for a value that is no other's.
     */
    void retirePrevious() throws Failure {
        requireOverlap();
        Credential old = values.get(Value.FORMER);
        if (old == null || !retiresPrevious()) {
            return;
        }
        TargetSession open = requireSession();
        try {
            job.plugins.call(target.plugin(), "retiring the previous value", limitMillis, () -> {
                open.retire(old);
                return Boolean.TRUE;
            });
        } catch (TargetException e) {
            job.journal.warn(label + ": the previous value may still work: " + e.kind() + ", " + e.getMessage());
        }
    }

    /** Whether {@link #retirePrevious} has something to do. */
    boolean retiresPrevious() {
        Credential old = values.get(Value.FORMER);
        Credential pending = values.get(Value.PENDING);
        return canOverlap && live == Value.CURRENT && old != null && (pending == null || !old.sameLogin(pending));
    }

    // ---- Change and test ----------------------------------------------------------------------------------------------------

    /** The value that is to be live; it stands in the chain by now. */
    void pending(String stored) {
        values.pending(stored);
    }

    /** A new session with the live value, because one that has tried a change is only closed. */
    void reopen() throws Failure {
        Value value = live;
        closeSession();
        if (value != null) {
            try {
                session = open(value, limitMillis);
            } catch (TargetException e) {
                throw Failure.of(Step.CHANGE, login(value), e);
            }
        }
        survey();
    }

    /** Sends the change. Null if the target confirmed it. */
    @Nullable TargetException change() {
        Credential to = values.requirePending();
        Credential from = live == null ? null : values.get(live);
        Change change = from == null ? Change.reset(to) : Change.of(from, to);
        keptBefore = live == Value.PENDING && canOverlap;
        if (keptBefore && !overlaps()) {
            stopActive();
        }
        kept = live == Value.CURRENT && overlaps();
        if (kept) {
            change = change.keepingFrom();
        }
        Value before = live;
        boolean maybeBefore = pendingMayBeLive;
        changeSent = true;
        changeOpen = true;
        currentProven = false;
        pendingMayBeLive = true;
        live = null;
        TargetSession open = requireSession();
        try {
            send(open, change);
            return null;
        } catch (TargetException e) {
            if (Decisions.afterChange(e.kind(), false) == Decisions.AfterChange.REFUSED) {
                // A definite refusal: what was live before still is.
                live = before;
                pendingMayBeLive = maybeBefore;
                changeOpen = false;
            }
            return e;
        }
    }

    /** The change that was sent has not happened, and cannot any more. */
    void changeDidNotHappen() {
        changeOpen = false;
        pendingMayBeLive = values.found();
    }

    /** A killed run may have kept active, and this one is told that nothing but the new value is to work. */
    private void stopActive() {
        TargetSession open = requireSession();
        try {
            job.plugins.call(target.plugin(), "retiring the active value", limitMillis, () -> {
                open.retire(values.current());
                return Boolean.TRUE;
            });
            keptBefore = false;
        } catch (TargetException e) {
            job.journal.warn(label + ": the value that was active may still work: " + e.kind() + ", " + e.getMessage());
        }
    }

    /** Until the server's limit has passed a change without a definite answer may land; an earlier one may, whatever this one says. */
    private void send(TargetSession open, Change change) throws TargetException {
        long earlier = settledAt;
        settledAt = Math.max(earlier, job.deadline.now() + limitMillis + 1_000);
        try {
            job.plugins.call(target.plugin(), "the change", limitMillis + 1_000, () -> {
                open.change(change);
                return Boolean.TRUE;
            });
            settledAt = earlier;
        } catch (TargetException e) {
            // A compare-and-set that missed has no effect either, now or later.
            if (e.kind() == Kind.CONFLICT || Decisions.afterChange(e.kind(), false) == Decisions.AfterChange.REFUSED) {
                settledAt = earlier;
            }
            throw e;
        }
    }

    /** Whether a change that this run sent can no longer take effect late. */
    boolean settled() {
        return job.deadline.now() >= settledAt;
    }

    void waitUntilSettled() {
        if (!settled()) {
            job.deadline.pause(settledAt - job.deadline.now());
        }
    }

    // ---- Logins ---------------------------------------------------------------------------------------------------------------

    /** A login that is only to find something out. Null if it was accepted. */
    @Nullable TargetException probe(Value value, long millis) {
        try {
            TargetSession found = open(value, (int) Math.max(1, Math.min(limitMillis, millis)));
            job.plugins.close(target.plugin(), found);
            return null;
        } catch (TargetException e) {
            return e;
        }
    }

    private TargetSession open(Value value, int millis) throws TargetException {
        try {
            TargetSession opened = logins.open(value, millis);
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

    // ---- Changes from pending ------------------------------------------------------------------------------------------------

    /** One try to make the current value work again. Null if the target confirmed it. */
    @Nullable TargetException putBack(int millis) {
        if (values.get(Value.CURRENT) == null) {
            return new TargetException(Kind.MISCONFIGURED, "there is no value to put back: the account had none that is known");
        }
        return changeAnew(values.current(), millis);
    }

    /**
     * Has the plugin finish a change that took effect without saying so: what comes after the effect, such as saving it to disk, may be
     * missing. Null if there is nothing left to do.
     */
    @Nullable TargetException finish() {
        return changeAnew(values.requirePending(), limitMillis);
    }

    private @Nullable TargetException changeAnew(Credential to, int millis) {
        TargetSession own = null;
        TargetSession changer = null;
        try {
            own = open(Value.PENDING, millis);
            changer = target.admin().isPresent() ? logins.openAdmin(target.admin().get(), millis, Step.PUT_BACK) : own;
            live = null;
            send(changer, Change.of(values.requirePending(), to));
            live = to.sameLogin(values.requirePending()) ? Value.PENDING : null;
            return null;
        } catch (TargetException e) {
            if (changer != null && Decisions.afterChange(e.kind(), false) == Decisions.AfterChange.REFUSED) {
                live = Value.PENDING;
            }
            return e;
        } catch (Failure e) {
            return new TargetException(Kind.MISCONFIGURED, e.text(), e.fix());
        } finally {
            if (own != null) {
                job.plugins.close(target.plugin(), own);
            }
            if (changer != null && changer != own) {
                job.plugins.close(target.plugin(), changer);
            }
        }
    }

    // ---- What a check tells --------------------------------------------------------------------------------------------------

    /** What is known of a value, in a word or two. */
    private String standing(Value value) {
        if (values.get(value) == null) {
            return value == Value.CURRENT ? "none" : "none of its own";
        }
        return live == value ? "works" : logins.wasRefused(value) ? "refused"
                : logins.otherAnswer(value).map(other -> "no verdict: " + other).orElse("not tried");
    }

    /** What is known of what stands in a stage of the chain. */
    String standing(Stage stage) {
        if (inUse != null && stage == Stage.ACTIVE) {
            return inUse.standing();
        }
        for (Value value : Value.values()) {
            if (values.stage(value).filter(stage::equals).isPresent()) {
                return standing(value);
            }
        }
        return "none of its own";
    }

    /** The stage of the chain whose value was last seen to work. */
    Optional<Stage> liveStage() {
        return live == null ? Optional.empty() : values.stage(live);
    }

    /** What the survey found; empty before it. */
    Survey surveyed() {
        return survey;
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

    RotationRequest.Target target() {
        return target;
    }

    String user() {
        return values.current().find(Credential.USER).orElse("");
    }

    boolean pendingFound() {
        return values.found();
    }

    int limitMillis() {
        return limitMillis;
    }

    /** Whether two units would change one and the same account. */
    boolean sameAccount(Account other) {
        return target.plugin().type().equals(other.target.plugin().type()) && place().equals(other.place()) && user().equals(other.user());
    }

    /** What people call a value of this account. */
    String word(Value value) {
        return values.word(value);
    }

    String login(Value value) {
        return label + ": login to " + place() + " with the " + values.word(value) + " value" + (inUse == null ? "" : " of " + user());
    }

    String place() {
        return logins.place();
    }

    String identity() {
        return logins.identity();
    }

    void closeSession() {
        TargetSession open = session;
        session = null;
        if (open != null) {
            job.plugins.close(target.plugin(), open);
        }
    }

    private TargetSession requireSession() {
        if (session == null) {
            throw new IllegalStateException("no session");
        }
        return session;
    }
}
