package dev.keyturn.engine.rotation;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import org.jspecify.annotations.Nullable;

/** The calls that change an account, and what each leaves open. */
final class PasswordChange {

    private final Job job;
    private final RotationRequest.Target target;
    private final Account account;

    PasswordChange(Account account) {
        this.job = account.job;
        this.target = account.target;
        this.account = account;
    }

    /** Sends the change. Null if the target confirmed it. */
    @Nullable TargetException send() {
        Credential to = account.values.requirePending();
        Credential from = account.live == null ? null : account.values.get(account.live);
        Change change = from == null ? Change.reset(to) : Change.of(from, to);
        account.keptBefore = account.live == Value.PENDING && account.canOverlap;
        account.kept = account.live == Value.CURRENT && account.overlaps();
        account.retired = account.surplus();
        if (account.kept) {
            change = change.keepingFrom();
        }
        change = retiring(change);
        Value before = account.live;
        boolean maybeBefore = account.pendingMayBeLive;
        account.changeSent = true;
        account.changeOpen = true;
        account.currentProven = false;
        account.pendingMayBeLive = true;
        account.live = null;
        TargetSession open = account.requireSession();
        try {
            call(open, change);
            account.keptBefore &= account.retired.isEmpty();
            return null;
        } catch (TargetException e) {
            if (Decisions.afterChange(e.kind(), false) == Decisions.AfterChange.REFUSED) {
                // A definite refusal: what was live before still is.
                account.live = before;
                account.pendingMayBeLive = maybeBefore;
                account.changeOpen = false;
            }
            return e;
        }
    }

    /** The change that was sent has not happened, and cannot any more. */
    void didNotHappen() {
        account.changeOpen = false;
        account.pendingMayBeLive = account.values.found();
    }

    private Change retiring(Change change) {
        return account.retired.map(change::retiring).orElse(change);
    }

    /** Until the server's limit has passed a change without a definite answer may land; an earlier one may, whatever this one says. */
    private void call(TargetSession open, Change change) throws TargetException {
        long earlier = account.settledAt;
        account.settledAt = Math.max(earlier, job.deadline.now() + account.limitMillis + 1_000);
        try {
            job.plugins.call(target.plugin(), "the change", account.limitMillis + 1_000, () -> {
                open.change(change);
                return Boolean.TRUE;
            });
            account.settledAt = earlier;
        } catch (TargetException e) {
            // A compare-and-set that missed has no effect either, now or later.
            if (e.kind() == Kind.CONFLICT || Decisions.afterChange(e.kind(), false) == Decisions.AfterChange.REFUSED) {
                account.settledAt = earlier;
            }
            throw e;
        }
    }

    /** One try to make the current value work again. Null if the target confirmed it. */
    @Nullable TargetException putBack(int millis) {
        if (account.values.get(Value.CURRENT) == null) {
            return new TargetException(Kind.MISCONFIGURED, "there is no value to put back: the account had none that is known");
        }
        return changeAnew(Change.of(account.values.requirePending(), account.values.current()), millis);
    }

    /**
     * Has the plugin finish a change that took effect without saying so: what comes after the effect, such as saving it to disk, may be
     * missing. Null if there is nothing left to do. Where active was kept nothing is retired again: the change did that as a whole, or not at
     * all, and a plugin that cannot look would end active with it.
     */
    @Nullable TargetException finish() {
        Credential pending = account.values.requirePending();
        Change finishing = Change.of(pending, pending);
        return changeAnew(account.kept ? finishing : retiring(finishing), account.limitMillis);
    }

    private @Nullable TargetException changeAnew(Change change, int millis) {
        TargetSession own = null;
        TargetSession changer = null;
        try {
            own = account.open(Value.PENDING, millis);
            changer = target.admin().isPresent() ? account.logins.openAdmin(target.admin().get(), millis, Step.PUT_BACK) : own;
            account.live = null;
            call(changer, change);
            account.live = change.finishes() ? Value.PENDING : null;
            return null;
        } catch (TargetException e) {
            if (changer != null && Decisions.afterChange(e.kind(), false) == Decisions.AfterChange.REFUSED) {
                account.live = Value.PENDING;
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
}
