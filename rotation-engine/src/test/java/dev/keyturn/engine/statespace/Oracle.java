package dev.keyturn.engine.statespace;

import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.engine.rotation.RotationReport;
import dev.keyturn.engine.statespace.Platform.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds every effect, at the moment when it comes about, against the rules. Knows what is really so, which the engine does not.
 */
final class Oracle {

    private final World world;
    private final List<String> violations = new ArrayList<>();
    private final Set<Account> hadLive = new HashSet<>();
    private final Set<Account> activeWorks = new HashSet<>();
    private final Set<Account> lost = new HashSet<>();
    private boolean lostToCancel;
    private boolean overtaken;
    private int mostRefused;

    Oracle(World world) {
        this.world = world;
    }

    List<String> violations() {
        return violations;
    }

    /** An account was lost because the platform dropped, at a person's cancel, the value that worked. */
    boolean lostToCancel() {
        return lostToCancel;
    }

    boolean lost() {
        return !lost.isEmpty();
    }

    int mostRefused() {
        return mostRefused;
    }

    /** A run began while a killed one still had a change under way, on a server without a lock: nobody can tell it that. */
    boolean overtaken() {
        return overtaken;
    }

    /** Whether any value of the chain ever worked, on all accounts. */
    boolean everLive() {
        return hadLive.containsAll(world.accounts);
    }

    private void broken(String rule, String what) {
        if (lostToCancel) {
            // Nothing that follows is anybody's fault any more.
            return;
        }
        world.say("*** " + rule + ": " + what);
        violations.add(rule + ": " + what);
    }

    // ---- At every instant ---------------------------------------------------------------------------------------------------

    /** After every effect: no account is without a value of the chain that works. */
    void instant(String event) {
        for (Account account : world.accounts) {
            Set<String> chain = world.platform.values(account);
            // R10: where two can be live, active works at every instant once it has.
            String value = world.platform.value(Stage.ACTIVE, account);
            boolean active = world.server.accepts(account, value);
            if (active) {
                activeWorks.add(account);
            } else if (activeWorks.remove(account) && value != null && (world.turns() || world.config.server() == Config.Server.OVERLAPS)) {
                lostToCancel |= world.server.live(account).stream().anyMatch(world.platform.droppedAtCancel::contains);
                broken("R10", "active stopped working on " + account.label() + " after " + event);
            }
            if (world.server.live(account).stream().anyMatch(chain::contains)) {
                hadLive.add(account);
                if (lost.remove(account)) {
                    world.say("  " + account.label() + " is found again");
                }
            } else if (hadLive.contains(account) && lost.add(account)) {
                if (world.server.live(account).stream().anyMatch(world.platform.droppedAtCancel::contains)) {
                    world.say("*** lost to cancel");
                    lostToCancel = true;
                } else {
                    broken("LOST", account.label() + " accepts only " + world.named(world.server.live(account)) + " after " + event
                            + ", and the chain holds " + world.named(chain));
                }
            }
        }
    }

    /** R2: the value stands in the chain before the target hears of it, unless the platform has dropped it since. */
    void beforeSet(Caller caller, Account account, String value) {
        if (!world.platform.values(account).contains(value) && !world.platform.droppedAtCancel.contains(value)) {
            broken("R2", account.label() + " is made to accept " + world.named(value) + ", which is not in the chain");
        }
        if (world.platform.state(caller.token) == Platform.State.NEW) {
            broken("R1", account.label() + " is changed by a job that was not started");
        }
    }

    /** R2: a pending value that works, or may yet, is not replaced by another. */
    void beforePut(Caller caller, ObjectNode document) {
        caller.searching = false;
        for (Account account : world.accounts) {
            String old = world.platform.value(Stage.PENDING, account);
            boolean kept = old == null || old.equals(world.platform.value(document, account))
                    || old.equals(world.platform.value(Stage.ACTIVE, account)) || old.equals(world.platform.value(Stage.PREVIOUS, account));
            if (!kept && (world.server.accepts(account, old) || world.server.maySoonAccept(account, old))) {
                broken("R2", "PUT replaces " + world.named(old) + ", which " + account.label() + " accepts or may soon");
            }
        }
    }

    /** R1: every account was logged in to with pending, after it was last changed. */
    void beforeComplete(Caller caller) {
        for (Account account : world.accounts) {
            String pending = world.platform.value(Stage.PENDING, account);
            int since = caller.lastChange.getOrDefault(account, 0);
            if (pending == null && world.turns()) {
                continue;
            }
            if (caller.logins.stream().noneMatch(login -> login.account() == account && login.answer() == null && login.at() > since
                    && login.value().equals(pending))) {
                broken("R1", "complete, and " + account.label() + " was not tested");
            }
        }
    }

    /** R7: not after a complete that may have happened, and not while pending may be what works and active is not proven. */
    void beforeFail(Caller caller) {
        if (caller.completeMaybeDone) {
            broken("R7", "fail after a complete that may have happened");
        }
        if (world.platform.state(caller.token) != Platform.State.IN_PROGRESS) {
            return;
        }
        for (Account account : world.accounts) {
            String pending = world.platform.value(Stage.PENDING, account);
            if (pending == null || pending.equals(world.platform.current(account))) {
                continue;
            }
            if (world.server.maySoonAccept(account, pending)) {
                broken("R7", "fail while a change of " + account.label() + " to pending is under way");
            }
            if (world.server.accepts(account, pending) && !caller.provedActiveAfterChange(account)) {
                broken("R7", "fail while pending works on " + account.label() + " and active is not proven");
            }
        }
    }

    // ---- Logins -------------------------------------------------------------------------------------------------------------

    void begins(Caller caller) {
        instant("the beginning");
        for (Account account : world.accounts) {
            String active = world.platform.current(account);
            caller.activeWorked.put(account, active != null && world.server.accepts(account, active));
            String pending = world.platform.value(Stage.PENDING, account);
            caller.resumes |= pending != null && !pending.equals(active);
            caller.drifted |= world.server.live(account).stream().noneMatch(value -> value.equals(active) || value.equals(pending));
            caller.undisturbed &= !world.server.maySoonAccept(account);
            overtaken |= world.server.maySoonAccept(account) && !world.config.lock();
        }
    }

    void login(Caller caller, Account account, String value, @Nullable Kind answer) {
        for (Caller.Login before : caller.logins) {
            if (caller.searching && before.account() == account && before.answer() != null) {
                if (before.answer() != Kind.REJECTED && !before.value().equals(value)) {
                    broken("R5", "after " + before.answer() + " another value is tried on " + account.label());
                }
                if (before.answer() == Kind.REJECTED && answer == Kind.REJECTED && before.value().equals(value)) {
                    broken("R6", "one value is tried twice on " + account.label());
                }
            }
        }
        caller.logins.add(new Caller.Login(world.tick(), account, value, answer));
    }

    // ---- At the end of a run --------------------------------------------------------------------------------------------------

    void ended(Caller caller, RotationReport report) {
        mostRefused = Math.max(mostRefused, new Verdict(world, caller, report, this::broken).pass());
    }
}
