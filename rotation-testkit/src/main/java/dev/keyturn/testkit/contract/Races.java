package dev.keyturn.testkit.contract;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetSession;
import dev.keyturn.testkit.contract.Waiting.Hanging;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Two runs that rotate one account at the same time, as when a stalled one wakes up. */
final class Races {

    private static final List<String> NAMES = List.of("the first new password", "the second new password");

    private final Bench bench;

    Races(Bench bench) {
        this.bench = bench;
    }

    /** Runs it several times, since who wins is chance. */
    void run() throws Exception {
        Credential live = bench.account();
        for (int round = 0; round < 5; round++) {
            live = race(live);
        }
        try (TargetSession session = bench.open(live)) {
            if (!bench.survey(session, live).overlap()) {
                return;
            }
        }
        keepingRace(live);
    }

    /** Where values add up, all three may be live in the end; but no client that has the old one is refused. */
    private void keepingRace(Credential old) throws Exception {
        List<Credential> next = List.of(bench.renewed(), bench.renewed());
        List<Outcome> outcomes = contend(old, next, true);
        List<Credential> working = next.stream().filter(bench::works).toList();
        honest(next, outcomes, working, seen(next, outcomes, working, bench.works(old)) + " (two keeping changes)");
        bench.mustWork(old, Rule.RACE, "after two keeping changes at the same time the old password");
    }

    private static String seen(List<Credential> next, List<Outcome> outcomes, List<Credential> working, boolean oldWorks) {
        return NAMES.get(0) + ": " + outcomes.get(0).text() + "; " + NAMES.get(1) + ": " + outcomes.get(1).text() + "; working now: "
                + (oldWorks ? "the old one, " : "") + working.stream().map(one -> NAMES.get(next.indexOf(one))).toList();
    }

    private static void honest(List<Credential> next, List<Outcome> outcomes, List<Credential> working, String seen) {
        for (int i = 0; i < 2; i++) {
            if (outcomes.get(i).refused() && working.contains(next.get(i))) {
                throw Rule.RACE.broken(seen + "; one that was refused works");
            }
            // The other may have come later and won, unless it says that it did not.
            if (outcomes.get(i).ok() && outcomes.get(1 - i).refused() && !working.contains(next.get(i))) {
                throw Rule.RACE.broken(seen + "; the only one that succeeded does not work");
            }
        }
    }

    private Credential race(Credential old) throws Exception {
        List<Credential> next = List.of(bench.renewed(), bench.renewed());
        List<Outcome> outcomes = contend(old, next, false);
        List<Credential> working = next.stream().filter(bench::works).toList();
        boolean oldWorks = bench.works(old);
        String seen = seen(next, outcomes, working, oldWorks);
        if (working.size() + (oldWorks ? 1 : 0) != 1) {
            throw Rule.RACE.broken(seen);
        }
        if (oldWorks && outcomes.stream().anyMatch(Outcome::ok)) {
            throw Rule.RACE.broken(seen + "; one that succeeded had no effect");
        }
        honest(next, outcomes, working, seen);
        return oldWorks ? old : working.get(0);
    }

    /** A refusal before the change, of a survey that finds the account's lock taken, is as good as one of the change. */
    private List<Outcome> contend(Credential old, List<Credential> next, boolean keep) throws Exception {
        CountDownLatch surveyed = new CountDownLatch(2);
        List<TargetSession> sessions = new ArrayList<>();
        List<Hanging> calls = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            sessions.add(bench.open(old));
        }
        for (int i = 0; i < 2; i++) {
            TargetSession session = sessions.get(i);
            Change change = Change.of(old, next.get(i));
            calls.add(Hanging.start(bench.target(), () -> {
                try {
                    session.survey(old);
                } finally {
                    surveyed.countDown();
                    surveyed.await();
                }
                session.change(keep ? change.keepingFrom() : change);
            }));
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Hanging call : calls) {
            if (!call.endsWithin(2L * bench.limits().ordinary() + bench.limits().margin())) {
                throw Rule.RACE.broken("a change that met another one did not end");
            }
            outcomes.add(call.outcome());
        }
        sessions.forEach(TargetSession::close);
        return outcomes;
    }
}
