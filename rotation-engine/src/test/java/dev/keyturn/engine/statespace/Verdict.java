package dev.keyturn.engine.statespace;

import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.engine.FailureKind;
import dev.keyturn.engine.rotation.RotationReport;
import dev.keyturn.engine.rotation.Stage;
import dev.keyturn.engine.statespace.Platform.State;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Whether a run that ended said what is so, and did what it may. */
final class Verdict {

    private static final Set<FailureKind> THE_TARGETS_FAULT = Set.of(FailureKind.DRIFTED, FailureKind.REJECTED, FailureKind.LOCKED, FailureKind.UNREACHABLE,
            FailureKind.VALUE_REFUSED, FailureKind.FORBIDDEN, FailureKind.READ_ONLY, FailureKind.MISCONFIGURED, FailureKind.NOT_PROVABLE,
            FailureKind.CONFLICT, FailureKind.UNKNOWN);

    private final World world;
    private final Caller caller;
    private final RotationReport report;
    private final BiConsumer<String, String> broken;

    Verdict(World world, Caller caller, RotationReport report, BiConsumer<String, String> broken) {
        this.world = world;
        this.caller = caller;
        this.report = report;
        this.broken = broken;
    }

    /** How many logins were refused on one account, at most. */
    int pass() {
        honestAboutTheJob();
        world.accounts.forEach(this::honestAboutTheAccount);
        if (report.job() == RotationReport.Job.FAILED) {
            world.accounts.forEach(this::leftWorking);
        }
        return world.accounts.stream().mapToInt(this::withinTheBudget).max().orElse(0);
    }

    /** R7: what the report says of the job is what the platform knows, or the report says that it is not known. */
    private void honestAboutTheJob() {
        State state = world.platform.state(caller.token);
        boolean agrees = switch (report.job()) {
            case COMPLETED -> state == State.COMPLETED;
            case FAILED -> state == State.FAILED;
            case LEFT_OPEN -> state == State.IN_PROGRESS;
            case NOT_STARTED -> state == State.NEW || caller.joins;
            case UNKNOWN -> caller.managerHit || caller.disturbed;
        };
        // A job that somebody else cancelled or ended meanwhile is no lie of this run's.
        if (!agrees && !caller.disturbed) {
            broken.accept("R7", "the report says " + report.job() + ", the platform " + state + (caller.managerHit ? "" : ", and no call was hit"));
        }
        if (report.done() == report.error().isPresent()) {
            broken.accept("R7", "a report that is done has no error, another has one");
        }
    }

    private void honestAboutTheAccount(Account account) {
        Optional<Stage> live = report.live().getOrDefault(account.label(), Optional.empty());
        // What a killed run had under way may have landed after the report's last look.
        if (live.isPresent() && !caller.disturbed && caller.undisturbed) {
            String value = world.platform.value(Platform.Stage.valueOf(live.get().name()), account);
            boolean shifted = live.get() == Stage.PENDING && world.platform.state(caller.token) == State.COMPLETED;
            if (shifted) {
                value = world.platform.value(Platform.Stage.ACTIVE, account);
            }
            if (value == null && world.turns()) {
                return; // It is the other account's that the report means.
            }
            if (value == null || !world.server.accepts(account, value)) {
                broken.accept("R4", "the report says that " + live.get() + " works on " + account.label() + ", and it does not");
            }
        }
        if (report.done() && live.isEmpty()) {
            broken.accept("R4", "completed, and the report does not know what works on " + account.label());
        }
    }

    /** R4: after fail active works; where it did not before either, the report has a name for that. */
    private void leftWorking(Account account) {
        String active = world.platform.current(account);
        if (!world.server.accepts(account, active)) {
            boolean named = report.live().getOrDefault(account.label(), Optional.empty()).filter(stage -> stage != Stage.ACTIVE).isPresent()
                    || report.error().filter(error -> THE_TARGETS_FAULT.contains(error.code().kind())).isPresent();
            if (caller.activeWorked.get(account) || !named) {
                broken.accept("R4", "failed, and active does not work on " + account.label()
                        + (caller.activeWorked.get(account) ? ", as it did before" : ", and the report does not say so"));
            }
        } else if (caller.lastChange.containsKey(account) && !caller.provedActiveAfterChange(account) && !caller.couldNotProveActive(account)) {
            broken.accept("R4", "failed, and active was not proven on " + account.label() + " after the change");
        }
    }

    /** R6, for a run that nothing went wrong in; for another the search alone, which the oracle watches. */
    private int withinTheBudget(Account account) {
        int refused = (int) caller.logins.stream().filter(login -> login.account() == account && login.answer() == Kind.REJECTED).count();
        int distinct = (int) caller.logins.stream().filter(login -> login.account() == account).map(Caller.Login::value).distinct().count();
        int budget = caller.drifted ? distinct : caller.resumes ? 1 : 0;
        if (!caller.hit && !caller.disturbed && caller.undisturbed && refused > budget) {
            broken.accept("R6", refused + " refused logins on " + account.label() + ", " + budget + " allowed");
        }
        return refused;
    }
}
