package dev.keyturn.testkit.contract;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetSession;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** What is still there when everything is closed. */
final class Leftovers {

    private final Bench bench;
    private Credential live;

    Leftovers(Bench bench) {
        this.bench = bench;
        this.live = bench.account();
    }

    /** Logins that go well, that are refused and that break, and a change. */
    private void use() throws Exception {
        Credential old = bench.proxied(live);
        Credential next = bench.proxied(bench.renewed());
        try (TargetSession session = bench.open(old)) {
            bench.survey(session, old);
            Outcome outcome = Outcome.of(() -> session.change(Change.of(old, next)));
            if (!outcome.ok()) {
                throw Rule.CHANGE.broken("change() did not succeed: " + outcome.text());
            }
        }
        live = live.with(Credential.PASSWORD, next.password());
        bench.open(next).close();
        bench.tryOpen(bench.proxied(bench.renewed()));
        Proxy proxy = bench.proxy();
        Waiting.until(bench.limits().settle(), () -> proxy.open() == 0);
        proxy.plan(Proxy.Fault.CUT_AFTER, proxy.bursts() + 1);
        bench.tryOpen(next);
        proxy.plan(Proxy.Fault.NONE, 0);
    }

    void connections() throws Exception {
        Proxy proxy = bench.proxy(Rule.NO_CONNECTION_LEFT);
        OptionalInt before = bench.fixture().sessions();
        use();
        if (!Waiting.until(bench.limits().margin(), () -> proxy.open() == 0)) {
            throw Rule.NO_CONNECTION_LEFT.broken(proxy.open() + " of " + proxy.accepted() + " connections are still open");
        }
        if (before.isEmpty()) {
            Rule.NO_CONNECTION_LEFT.untested("the fixture does not count sessions(); only the connections through the proxy were counted");
        } else if (!Waiting.until(bench.limits().margin(), () -> sessions() <= before.getAsInt())) {
            throw Rule.NO_CONNECTION_LEFT.broken("the server counts " + sessions() + " sessions of the account, before it were "
                    + before.getAsInt());
        }
    }

    private int sessions() throws Exception {
        return bench.fixture().sessions().orElseThrow();
    }

    /** A driver may start a thread once for all sessions; one for each session is too many. */
    void threads() throws Exception {
        bench.proxy(Rule.NO_THREAD_LEFT);
        Set<Thread> atFirst = threadsNow();
        use();
        Waiting.until(bench.limits().margin(), () -> atFirst.containsAll(threadsNow()));
        Set<Thread> before = threadsNow();
        if (!atFirst.containsAll(before)) {
            System.out.println("Keyturn contract kit: note: the first session left threads that stay: " + names(before, atFirst));
        }
        use();
        use();
        if (!Waiting.until(bench.limits().margin(), () -> before.containsAll(threadsNow()))) {
            throw Rule.NO_THREAD_LEFT.broken("further sessions left the threads " + names(threadsNow(), before));
        }
    }

    private static Set<Thread> threadsNow() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> !thread.getName().startsWith(Waiting.THREADS))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static String names(Set<Thread> threads, Set<Thread> without) {
        return threads.stream().filter(thread -> !without.contains(thread)).map(Thread::getName).sorted().toList().toString();
    }
}
