package dev.keyturn.testkit.contract;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import java.util.ArrayList;
import java.util.List;

/**
 * Breaks the connection at every request of a rotation, before it is passed on and before its reply. Where the requests are
 * is learnt from a rotation that goes well.
 */
final class Crashes {

    private static final int RESUMES = 3;
    private static final int ENOUGH = 5;

    /** Makes a bench with an account of its own. */
    interface Benches {
        Bench make() throws Exception;
    }

    /** What a rotation did until it ended or broke. */
    private static final class Run {
        private Outcome change = new Outcome(new IllegalStateException("it was not reached"));
        private boolean sent;
        private boolean dry;
        private Outcome close = new Outcome(null);
        private final List<Integer> ends = new ArrayList<>();
    }

    private static final List<String> PARTS = List.of("open()", "survey()", "change()", "close()", "the login with the new password");

    private final Benches benches;
    private final List<String> broken = new ArrayList<>();

    Crashes(Benches benches) {
        this.benches = benches;
    }

    void everywhere() throws Exception {
        List<Integer> ends = dryRun();
        int bursts = ends.get(ends.size() - 1);
        for (Proxy.Fault fault : List.of(Proxy.Fault.CUT_BEFORE, Proxy.Fault.CUT_AFTER)) {
            int bitten = 0;
            for (int burst = 1; burst <= bursts && broken.size() < ENOUGH; burst++) {
                bitten += crash(fault, burst, "request " + burst + " of " + bursts + ", in " + part(ends, burst)) ? 1 : 0;
            }
            if (bitten == 0 && broken.isEmpty()) {
                throw Rule.CRASH.broken("none of " + bursts + " requests could be cut, so this would prove nothing");
            }
        }
        if (!broken.isEmpty()) {
            throw new AssertionError(String.join("\n", broken));
        }
    }

    private List<Integer> dryRun() throws Exception {
        try (Bench bench = benches.make()) {
            Proxy proxy = bench.proxy(Rule.CRASH, Rule.HONEST, Rule.CLOSES);
            Credential next = bench.renewed();
            Run run = new Run();
            run.dry = true;
            Outcome outcome = Outcome.of(() -> rotate(bench, bench.account(), next, run));
            int bursts = proxy.bursts();
            if (!outcome.ok()) {
                throw Rule.RIGHT_PASSWORD.broken("through the kit's proxy a rotation does not go well: " + outcome.text());
            }
            if (bursts == 0) {
                throw Rule.CRASH.broken("a whole rotation sent nothing through the kit's proxy, so this would prove nothing;"
                        + " at() of the fixture must lead the plugin there");
            }
            return run.ends;
        }
    }

    private static String part(List<Integer> ends, int burst) {
        int part = 0;
        while (ends.get(part) < burst) {
            part++;
        }
        return PARTS.get(part);
    }

    /** The order of the engine's calls. */
    private static void rotate(Bench bench, Credential old, Credential next, Run run) throws Exception {
        Proxy proxy = bench.proxy();
        Credential from = bench.proxied(old);
        Credential to = bench.proxied(next);
        TargetSession session = bench.target().open(from, bench.context());
        try {
            run.ends.add(proxy.bursts());
            session.survey(from);
            run.ends.add(proxy.bursts());
            run.sent = true;
            run.change = Outcome.of(() -> session.change(Change.of(from, to)));
            run.ends.add(proxy.bursts());
        } finally {
            run.close = Outcome.of(session::close);
        }
        if (run.dry) {
            // A farewell may still be on its way; later it would be taken for the next login's.
            Waiting.until(bench.limits().settle(), () -> proxy.open() == 0);
        }
        run.ends.add(proxy.bursts());
        if (run.change.failure() instanceof Exception e) {
            throw e;
        }
        TargetSession proof = bench.target().open(to, bench.context());
        Outcome close = Outcome.of(proof::close);
        run.close = run.close.ok() ? close : run.close;
        run.ends.add(proxy.bursts());
    }

    /** Whether the fault met anything. */
    private boolean crash(Proxy.Fault fault, int burst, String where) throws Exception {
        try (Bench bench = benches.make()) {
            Credential old = bench.account();
            Credential next = bench.renewed();
            Proxy proxy = bench.proxy();
            proxy.plan(fault, burst);
            Run run = new Run();
            Outcome outcome = Outcome.of(() -> rotate(bench, old, next, run));
            boolean bitten = proxy.bit();
            proxy.plan(Proxy.Fault.NONE, 0);
            judge(bench, old, next, run, (bitten ? fault.text : "nothing was cut") + " (" + where + "); the rotation: " + outcome.text());
            return bitten;
        }
    }

    private void judge(Bench bench, Credential old, Credential next, Run run, String seen) {
        boolean oldWorks = bench.works(old);
        boolean newWorks = bench.works(next);
        if (!oldWorks && !newWorks) {
            broken.add(Rule.CRASH.text(seen + "; now neither the old nor the new password works"));
        }
        if (run.sent && run.change.ok() && !newWorks) {
            broken.add(Rule.HONEST.text(seen + "; change() succeeded, and the new password does not work"));
        }
        if (run.sent && run.change.refused() && newWorks) {
            broken.add(Rule.HONEST.text(seen + "; change() said " + run.change.text() + ", and the new password works"));
        }
        if (!run.close.ok()) {
            broken.add(Rule.CLOSES.text(seen + "; close() did not: " + run.close.text()));
        }
        if (oldWorks || newWorks) {
            resume(bench, old, next, seen);
        }
    }

    /** What the next run does: it tries the new password, then the old one, and changes if need be. */
    private void resume(Bench bench, Credential old, Credential next, String seen) {
        Outcome last = new Outcome(null);
        for (int run = 0; run < RESUMES; run++) {
            last = Outcome.of(() -> resume(bench, bench.proxied(old), bench.proxied(next)));
            if (last.ok() || last.failure() instanceof IllegalStateException) {
                break;
            }
        }
        if (!last.ok() || !bench.works(next)) {
            broken.add(Rule.CRASH.text(seen + "; a new run does not arrive at the new password: " + last.text()));
        } else if (bench.works(old)) {
            broken.add(Rule.CRASH.text(seen + "; after a new run the old password works, too"));
        }
    }

    private static void resume(Bench bench, Credential old, Credential next) throws Exception {
        Outcome login = bench.tryOpen(next);
        Credential live = login.kind() == Kind.REJECTED ? old : next;
        boolean done = Waiting.until(bench.limits().settle(), () -> {
            try (TargetSession session = bench.target().open(live, bench.context())) {
                // The server may take a while to notice that the broken session is gone, and hold its lock so long.
                Outcome survey = Outcome.of(() -> session.survey(live));
                if (survey.kind() == Kind.CONFLICT) {
                    return false;
                }
                if (survey.failure() instanceof Exception e) {
                    throw e;
                }
                session.change(Change.of(live, next));
                return true;
            }
        });
        if (!done) {
            throw new IllegalStateException("survey() said CONFLICT all the time, as if the broken session still held its lock");
        }
    }
}
