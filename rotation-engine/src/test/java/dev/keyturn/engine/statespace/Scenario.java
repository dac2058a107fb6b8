package dev.keyturn.engine.statespace;

import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.rotation.RotationReport;
import dev.keyturn.engine.statespace.Platform.Stage;
import dev.keyturn.engine.statespace.Platform.State;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Faulty runs of a secret's rotation, one after the other, and then runs in which nothing goes wrong: those must converge. */
final class Scenario {

    /** How it ended. Only the last is a broken rule; the others are counted. */
    enum End {
        /** The new value is live and active. */
        CONVERGED,
        /** The same, but only the second undisturbed run got there. */
        CONVERGED_LATER,
        /** No value of the chain ever worked, and nobody may reset: reported as drifted, every time. */
        DRIFTED,
        /** The platform dropped at cancel the value that worked. */
        LOST_TO_CANCEL,
        /** The platform lets nobody correct what stands in pending. */
        PENDING_STUCK,
        /**
         * A rule was broken because a run began while a killed one's change was still under way, and the server has no lock. Takes two
         * faults.
         */
        OVERTAKEN,
        BROKEN
    }

    private static final int CLEAN_RUNS = 3;

    private final World world;
    private final int faultyRuns;
    private String token = "job1";
    private int runs;

    Scenario(World world, int faultyRuns) {
        this.world = world;
        this.faultyRuns = faultyRuns;
    }

    int runs() {
        return runs;
    }

    End play() {
        for (int i = 0; i < faultyRuns && goesOn(); i++) {
            Optional<RotationReport> report = run();
            if (report.filter(RotationReport::done).isPresent()) {
                return end(0);
            }
            again();
        }
        return clean();
    }

    private boolean goesOn() {
        return world.oracle.violations().isEmpty() && !world.oracle.lostToCancel();
    }

    private Optional<RotationReport> run() {
        runs++;
        Caller caller = new Caller(world, "run" + runs, token);
        caller.joins = world.platform.state(token) != State.NEW;
        return world.run(caller);
    }

    /** What a person, or the platform, does after a run that did not complete. */
    private void again() {
        boolean hangs = world.platform.state(token) == State.IN_PROGRESS;
        // The same job once more is possible only where the platform starts it again.
        if (hangs && world.choices.either() && !world.platform.is(Platform.Switch.START_ONLY_ONCE)) {
            return;
        }
        if (hangs) {
            world.platform.cancel(token);
        }
        token = "job" + (runs + 1);
    }

    /** Undisturbed runs until one completes, or says that a person is needed, and is right. */
    End clean() {
        world.faults = 0;
        for (int i = 0; i < CLEAN_RUNS && goesOn(); i++) {
            State state = world.platform.state(token);
            if (state != State.NEW && state != State.IN_PROGRESS) {
                token = "job" + (runs + 1);
            }
            Optional<RotationReport> report = run();
            if (report.filter(RotationReport::done).isPresent()) {
                return end(i);
            }
            Optional<ErrorCode> code = report.flatMap(RotationReport::error).map(RotationReport.Error::code);
            if (goesOn() && code.filter(ErrorCode.DRIFTED::equals).isPresent() && !world.oracle.everLive()) {
                return End.DRIFTED;
            }
            if (goesOn() && code.filter(ErrorCode.PENDING_NOT_STORED::equals).isPresent() && world.platform.was(Platform.Switch.PUT_ONLY_ONCE)) {
                return End.PENDING_STUCK;
            }
            again();
            // The next try is a person's, or the next period's: what a killed run had under way is over by then.
            world.clock.advance(60_000);
        }
        if (goesOn()) {
            world.oracle.violations().add("R3: not converged after " + CLEAN_RUNS + " runs without a fault");
        }
        return world.oracle.violations().isEmpty() ? End.LOST_TO_CANCEL : broken();
    }

    private End broken() {
        return world.oracle.overtaken() ? End.OVERTAKEN : End.BROKEN;
    }

    /** After a run that says that it is done: exactly the new value works, and still does when all that was under way has landed. */
    private End end(int cleanRunsBefore) {
        world.clock.advance(60_000);
        if (world.oracle.lostToCancel()) {
            return world.oracle.violations().isEmpty() ? End.LOST_TO_CANCEL : broken();
        }
        for (Account account : world.accounts) {
            String active = world.platform.current(account);
            String previous = world.platform.value(Stage.PREVIOUS, account);
            Set<String> live = world.server.live(account);
            boolean asItMust = world.config.server() == Config.Server.OVERLAPS && !world.turns()
                    ? live.contains(active) && live.stream().allMatch(value -> value.equals(active) || value.equals(previous))
                    : live.equals(Set.of(active));
            if (!asItMust) {
                world.oracle.violations().add("R3: completed, and " + account.label() + " accepts " + world.named(live) + ", active is " + world.named(active)
                        + ", previous " + world.named(previous));
            }
        }
        List<String> violations = world.oracle.violations();
        return !violations.isEmpty() ? broken() : cleanRunsBefore > 0 ? End.CONVERGED_LATER : End.CONVERGED;
    }
}
