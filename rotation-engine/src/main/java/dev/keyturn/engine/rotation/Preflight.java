package dev.keyturn.engine.rotation;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Before anything is stored: which value of an account works, whether it can be changed, whether there is room for another. */
final class Preflight {

    private final Job job;
    private final RotationRequest.Target target;
    private final Account account;

    Preflight(Account account) {
        this.job = account.job;
        this.target = account.target;
        this.account = account;
    }

    /** Finds the value that works, with as few refused logins as can be (R5, R6), and keeps the session. */
    void findLive() throws Failure {
        if (account.inUse != null) {
            account.inUse.look();
        }
        List<Value> candidates = Decisions.loginOrder(account.values.found()).stream().filter(value -> account.values.get(value) != null).toList();
        TargetException last = null;
        for (Value value : candidates) {
            if (account.logins.wasRefused(value)) {
                continue;
            }
            TargetException answer = null;
            try {
                account.session = login(value);
            } catch (TargetException e) {
                answer = e;
            }
            switch (Decisions.afterLogin(answer == null ? null : answer.kind(), account.logins.refusedSoFar(), job.request.maxRefusedLogins())) {
                case USE -> {
                    return;
                }
                case TRY_NEXT -> last = answer;
                case STOP -> {
                    if (answer != null && answer.kind() == Kind.REJECTED && candidates.stream().allMatch(account.logins::wasRefused)) {
                        last = answer;
                    } else if (answer != null) {
                        throw Failure.of(Step.PREFLIGHT, account.login(value), answer);
                    }
                }
            }
        }
        if (target.admin().isPresent() && (target.admin().get().reset() || hasNoValueYet())) {
            job.journal.warn(account.label + ": no value of the chain works; the administrator resets it, as " + (hasNoValueYet()
                    ? "secondAccount without a password asks for" : "admin.reset says"));
            return;
        }
        throw new Failure(ErrorCode.DRIFTED, Step.PREFLIGHT, account.label + ": no value of the chain is accepted by " + account.place()
                + (account.inUse != null ? " for the idle account " + account.user() : account.user().isEmpty() ? "" : " for " + account.user()) + " (tried "
                + candidates.stream().map(account.values::word).toList() + "; last answer: " + (last == null ? "none" : last.getMessage()) + ")",
                account.inUse == null ? ErrorCode.DRIFTED.fix() : (account.inUse.proven() ? "clients are not affected; " : "") + "set the password of "
                + account.user() + " by hand and give it in secondAccount.password, or give \"admin\" with \"reset\"; then run the job again");
    }

    /** Where an administrator makes the change, the account's own session is surveyed only to compare its rights. */
    private TargetSession login(Value value) throws TargetException {
        return target.admin().isPresent() && account.inUse == null ? account.open(value, account.limitMillis) : account.openForSurvey(value);
    }

    /** R12: an administrator may come after something of the account's own was accepted, here the active account's value. */
    private boolean hasNoValueYet() {
        return account.inUse != null && account.inUse.proven() && account.values.get(Value.CURRENT) == null;
    }

    /** Asks whether a change can succeed, and takes the account's lock; by the administrator's session where there is one. */
    void survey() throws Failure {
        Set<String> ownRights = Set.of();
        if (target.admin().isPresent()) {
            RotationRequest.Admin admin = target.admin().get();
            ownRights = account.inUse == null ? ownRights : rightsByItself();
            account.closeSession();
            account.session = account.logins.openAdmin(admin, account.limitMillis, Step.PREFLIGHT);
        }
        TargetSession open = account.requireSession();
        Credential known = account.live == null ? null : account.values.get(account.live);
        Credential asked = known == null ? account.values.current() : known;
        try {
            account.survey = job.plugins.call(target.plugin(), "the survey", account.limitMillis, () -> open.survey(asked));
            account.survey.warnings().forEach(warning -> job.journal.warn(account.label + ": " + warning));
            account.canOverlap = account.survey.overlap() && account.inUse == null;
        } catch (TargetException e) {
            job.contested |= e.kind() == Kind.CONFLICT;
            throw Failure.of(Step.PREFLIGHT, account.label + ": before any change, " + account.place() + " was asked whether one can succeed", e);
        }
        if (account.inUse != null) {
            compareRights(account.inUse, account.survey.rights().isEmpty() ? ownRights : account.survey.rights());
        }
    }

    /** What the idle account may do, in its own session: an administrator is not always told. */
    private Set<String> rightsByItself() {
        TargetSession own = account.session;
        Credential known = account.live == null ? null : account.values.get(account.live);
        if (own == null || known == null) {
            return Set.of();
        }
        try {
            return job.plugins.call(target.plugin(), "the survey", account.limitMillis, () -> own.survey(known)).rights();
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
            job.journal.warn(account.label + ": whether " + account.user() + " may do what " + active.user() + " may was not told");
            return;
        }
        List<String> some = missing.stream().limit(5).toList();
        throw new Failure(ErrorCode.RIGHTS_DIFFER, Step.PREFLIGHT, account.label + ": on " + account.place() + " the idle account " + account.user()
                + " lacks " + missing.size() + " of the rights that the active one, " + active.user() + ", has: " + String.join("; ", some)
                + (missing.size() > some.size() ? "; ..." : ""));
    }

    /** The end of a preflight that went well. */
    void tell(long since, String where) {
        String found = account.live == null ? "no value works, the administrator resets" : account.values.word(account.live) + " works";
        job.journal.step(Step.PREFLIGHT, account.label + ": " + (account.inUse == null ? found : "it is the turn of " + account.user() + ": " + found
                + "; " + account.inUse.user() + " stays as it is,") + where, since);
        if (account.live == Value.FORMER) {
            job.journal.warn(account.label + ": " + account.word(Value.CURRENT) + " is refused, " + account.word(Value.FORMER) + " works; a rotation mends that");
        }
    }

    /** Two values at a time may have been asked for, and not be to be had. */
    void requireOverlap() throws Failure {
        if (target.overlap() == RotationRequest.Overlap.REQUIRED && !account.canOverlap && account.inUse == null) {
            throw new Failure(ErrorCode.NO_OVERLAP, Step.PREFLIGHT, account.label + ": the argument \"overlap\" is \"required\", and on " + account.place()
                    + " this account cannot have two passwords at a time");
        }
    }

    /** A new session with the live value, because one that has tried a change is only closed. */
    void again() throws Failure {
        Value value = account.live;
        account.closeSession();
        if (value != null) {
            try {
                account.session = login(value);
            } catch (TargetException e) {
                throw Failure.of(Step.CHANGE, account.login(value), e);
            }
        }
        survey();
    }
}
