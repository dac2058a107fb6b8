package dev.keyturn.engine.rotation;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One account on one node: the unit that plugins see. Knows its credentials by stage, what the target has said so far, and what
 * that leaves open.
 */
final class Account {

    private final Job job;
    private final RotationRequest.Target target;
    /** The rotating key, and the node where there are several. */
    final String label;
    final String key;
    private final Credential active;
    private final @Nullable Credential previous;
    private @Nullable Credential pending;
    private final boolean pendingFound;
    private final int limitMillis;

    private final List<Credential> refused = new ArrayList<>();
    /** What else than "wrong password" a login was answered with. */
    private final Map<Stage, Kind> otherAnswers = new EnumMap<>(Stage.class);
    private @Nullable TargetSession session;
    private String identity = "";
    private long settledAt = Long.MIN_VALUE;

    /** The stage that was last seen to work; null while none is known to. */
    @Nullable Stage live;
    /** Whether pending works or may work: from the moment a change is sent, and from the start where one was found. */
    boolean pendingMayBeLive;
    /** Whether a login with active was accepted after anything that could have changed it. */
    boolean activeProven;
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

    Account(Job job, RotationRequest.Target target, String label, String key, Credential active, @Nullable Credential previous,
            @Nullable Credential found, int limitMillis) {
        this.job = job;
        this.target = target;
        this.label = label;
        this.key = key;
        this.active = active;
        this.previous = previous;
        this.pending = found;
        this.pendingFound = found != null;
        this.pendingMayBeLive = pendingFound;
        this.limitMillis = limitMillis;
    }

    // ---- Preflight --------------------------------------------------------------------------------------------------------

    /** Finds the stage that works, with as few refused logins as can be (R5, R6), and keeps the session. */
    void findLive() throws Failure {
        List<Stage> candidates = Decisions.loginOrder(pendingFound).stream().filter(stage -> credential(stage) != null).toList();
        TargetException last = null;
        for (Stage stage : candidates) {
            if (wasRefused(stage)) {
                continue;
            }
            TargetException answer = null;
            try {
                session = open(stage, limitMillis);
            } catch (TargetException e) {
                answer = e;
            }
            switch (Decisions.afterLogin(answer == null ? null : answer.kind(), refused.size(), job.request.maxRefusedLogins())) {
                case USE -> {
                    return;
                }
                case TRY_NEXT -> last = answer;
                case STOP -> {
                    if (answer != null && answer.kind() == Kind.REJECTED && candidates.stream().allMatch(this::wasRefused)) {
                        last = answer;
                    } else if (answer != null) {
                        throw Failure.of(Step.PREFLIGHT, login(stage), answer);
                    }
                }
            }
        }
        if (target.admin().isPresent() && target.admin().get().reset()) {
            job.journal.warn(label + ": no value of the chain works; the administrator resets it, as admin.reset says");
            return;
        }
        throw new Failure(ErrorCode.DRIFTED, Step.PREFLIGHT, label + ": no value of the chain is accepted by " + place() + " (tried "
                + candidates.stream().map(Stage::label).toList() + "; last answer: " + (last == null ? "none" : last.getMessage()) + ")");
    }

    /** Asks whether a change can succeed, and takes the account's lock; by the administrator's session where there is one. */
    void survey() throws Failure {
        if (target.admin().isPresent()) {
            RotationRequest.Admin admin = target.admin().get();
            closeSession();
            session = openAdmin(admin, limitMillis, Step.PREFLIGHT);
        }
        TargetSession open = requireSession();
        Credential known = live == null ? null : credential(live);
        Credential account = known == null ? active : known;
        try {
            survey = job.plugins.call(target.plugin(), "the survey", limitMillis, () -> open.survey(account));
            survey.warnings().forEach(warning -> job.journal.warn(label + ": " + warning));
            canOverlap = survey.overlap();
        } catch (TargetException e) {
            job.contested |= e.kind() == Kind.CONFLICT;
            throw Failure.of(Step.PREFLIGHT, label + ": before any change, " + place() + " was asked whether one can succeed", e);
        }
    }

    /** Whether active goes on working after the change (R10). Only where it was active that was proven: no other value is worth keeping. */
    boolean overlaps() {
        return canOverlap && target.overlap() != RotationRequest.Overlap.OFF;
    }

    /** Two values at a time may have been asked for, and not be to be had. */
    void requireOverlap() throws Failure {
        if (target.overlap() == RotationRequest.Overlap.REQUIRED && !canOverlap) {
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
        Credential old = previous;
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
        return canOverlap && live == Stage.ACTIVE && previous != null && (pending == null || !previous.sameLogin(pending));
    }

    // ---- Change and test ----------------------------------------------------------------------------------------------------

    /** The value that is to be live; it stands in the chain by now. */
    void pending(Credential stored) {
        pending = stored;
    }

    /** A new session with the live value, because one that has tried a change is only closed. */
    void reopen() throws Failure {
        Stage stage = live;
        closeSession();
        if (stage != null) {
            try {
                session = open(stage, limitMillis);
            } catch (TargetException e) {
                throw Failure.of(Step.CHANGE, login(stage), e);
            }
        }
        survey();
    }

    /** Sends the change. Null if the target confirmed it. */
    @Nullable TargetException change() {
        Credential to = requirePending();
        Credential from = live == null ? null : credential(live);
        Change change = from == null ? Change.reset(to) : Change.of(from, to);
        keptBefore = live == Stage.PENDING && canOverlap;
        if (keptBefore && !overlaps()) {
            stopActive();
        }
        kept = live == Stage.ACTIVE && overlaps();
        if (kept) {
            change = change.keepingFrom();
        }
        Stage before = live;
        boolean maybeBefore = pendingMayBeLive;
        changeSent = true;
        changeOpen = true;
        activeProven = false;
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
        pendingMayBeLive = pendingFound;
    }

    /** A killed run may have kept active, and this one is told that nothing but the new value is to work. */
    private void stopActive() {
        TargetSession open = requireSession();
        try {
            job.plugins.call(target.plugin(), "retiring the active value", limitMillis, () -> {
                open.retire(active);
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
    @Nullable TargetException probe(Stage stage, long millis) {
        try {
            TargetSession found = open(stage, (int) Math.max(1, Math.min(limitMillis, millis)));
            job.plugins.close(target.plugin(), found);
            return null;
        } catch (TargetException e) {
            return e;
        }
    }

    private TargetSession open(Stage stage, int millis) throws TargetException {
        Credential credential = credential(stage);
        if (credential == null) {
            throw new TargetException(Kind.MISCONFIGURED, "there is no " + stage.label() + " value");
        }
        try {
            TargetSession opened = open(credential, tls(), millis);
            sameIdentity(opened);
            live = stage;
            activeProven |= stage == Stage.ACTIVE && settled();
            return opened;
        } catch (TargetException e) {
            if (e.kind() == Kind.REJECTED) {
                refused.add(credential);
                live = live == stage ? null : live;
            } else {
                otherAnswers.put(stage, e.kind());
            }
            throw e;
        }
    }

    private TargetSession open(Credential credential, TlsSettings tls, int millis) throws TargetException {
        TargetContext context = TargetContext.of(millis, limitMillis, tls, target.options());
        return job.plugins.call(target.plugin(), "a login", millis, () -> target.plugin().target().open(credential, context));
    }

    /** A value that another server or account accepts proves nothing. */
    private void sameIdentity(TargetSession opened) throws TargetException {
        String told = opened.identity();
        if (told == null || told.isEmpty() || told.equals(identity)) {
            return;
        }
        if (identity.isEmpty()) {
            identity = told;
            return;
        }
        job.plugins.close(target.plugin(), opened);
        throw new TargetException(Kind.NOT_PROVABLE, "the login was answered by " + told + ", an earlier one by " + identity,
                "point the secret at one server, not at a balancer or a pool");
    }

    /** R12: to the listed hosts only, with the options' TLS settings only. */
    TargetSession openAdmin(RotationRequest.Admin admin, int millis, Step step) throws Failure {
        String host = active.find(Credential.HOST).orElse("");
        int port = active.find(Credential.PORT).filter(text -> text.matches("[0-9]{1,5}")).map(Integer::parseInt).orElse(0);
        if (!admin.mayGoTo(host, port)) {
            throw new Failure(ErrorCode.ADMIN_NOT_HERE, step, label + ": the secret's host is " + host + ":" + port
                    + ", which is none of admin.hosts " + admin.hosts() + "; the administrator's password was not sent");
        }
        try {
            return open(active.with(Credential.USER, admin.user()).with(Credential.PASSWORD, admin.password()), target.tls(), millis);
        } catch (TargetException e) {
            throw Failure.of(step, label + ": login of the administrator to " + place(), e);
        }
    }

    /** The options' settings; an authority of the secret's own helps only its own credential. */
    private TlsSettings tls() {
        Optional<String> own = active.find("ca").filter(pem -> target.tls().ca().isEmpty());
        return own.map(target.tls()::withCa).orElse(target.tls());
    }

    private boolean wasRefused(Stage stage) {
        Credential credential = credential(stage);
        return credential != null && refused.stream().anyMatch(credential::sameLogin);
    }

    // ---- Changes from pending ------------------------------------------------------------------------------------------------

    /** One try to make active the live value again. Null if the target confirmed it. */
    @Nullable TargetException putBack(int millis) {
        return changeAnew(active, millis);
    }

    /**
     * Has the plugin finish a change that took effect without saying so: what comes after the effect, such as saving it to disk, may be
     * missing. Null if there is nothing left to do.
     */
    @Nullable TargetException finish() {
        return changeAnew(requirePending(), limitMillis);
    }

    private @Nullable TargetException changeAnew(Credential to, int millis) {
        TargetSession own = null;
        TargetSession changer = null;
        try {
            own = open(Stage.PENDING, millis);
            changer = target.admin().isPresent() ? openAdmin(target.admin().get(), millis, Step.PUT_BACK) : own;
            live = null;
            send(changer, Change.of(requirePending(), to));
            live = to.sameLogin(requirePending()) ? Stage.PENDING : null;
            return null;
        } catch (TargetException e) {
            if (changer != null && Decisions.afterChange(e.kind(), false) == Decisions.AfterChange.REFUSED) {
                live = Stage.PENDING;
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

    /** What is known of a stage's value, in a word or two. */
    String standing(Stage stage) {
        if (credential(stage) == null) {
            return stage == Stage.ACTIVE ? "none" : "none of its own";
        }
        Kind other = otherAnswers.get(stage);
        return live == stage ? "works" : wasRefused(stage) ? "refused" : other == null ? "not tried" : "no verdict: " + other;
    }

    /** What the survey found; empty before it. */
    Survey surveyed() {
        return survey;
    }

    // ---- Small things ---------------------------------------------------------------------------------------------------------

    private @Nullable Credential credential(Stage stage) {
        return switch (stage) {
            case PREVIOUS -> previous;
            case ACTIVE -> active;
            case PENDING -> pending;
        };
    }

    /** Whether pending is the value that works, or a change to it may have happened. */
    boolean pendingLiveOrOpen() {
        return live == Stage.PENDING || changeOpen;
    }

    /** Whether a document of the secret holds this account's pending value. */
    boolean pendingIs(ObjectNode document) {
        return pending != null && pending.find(Credential.PASSWORD).equals(SecretFields.text(document, key));
    }

    RotationRequest.Target target() {
        return target;
    }

    String user() {
        return active.find(Credential.USER).orElse("");
    }

    boolean pendingFound() {
        return pendingFound;
    }

    int limitMillis() {
        return limitMillis;
    }

    /** Whether two units would change one and the same account. */
    boolean sameAccount(Account other) {
        return target.plugin().type().equals(other.target.plugin().type()) && place().equals(other.place()) && user().equals(other.user());
    }

    /** The same account with another value to be stored: its own fields and the stored password. */
    Credential withPassword(String value) {
        return active.with(Credential.PASSWORD, value);
    }

    String login(Stage stage) {
        return label + ": login to " + place() + " with the " + stage.label() + " value";
    }

    String place() {
        return target.plugin().type() + active.find(Credential.HOST).map(host -> " at " + host).orElse("")
                + active.find(Credential.PORT).map(port -> ":" + port).orElse("");
    }

    String identity() {
        return identity;
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

    private Credential requirePending() {
        if (pending == null) {
            throw new IllegalStateException("no pending value");
        }
        return pending;
    }
}
