package dev.keyturn.testkit.contract;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.testkit.contract.Waiting.Hanging;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** Logins that connect before they need the password, and wait with it until they are wanted. */
final class Ahead {

    private final Bench bench;
    private final boolean proxied;

    /** Lets nobody pass before it is opened, and counts who comes. */
    private static final class Gate implements TargetContext.Gate {

        private final CountDownLatch open = new CountDownLatch(1);
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public void pass() throws TargetException {
            calls.incrementAndGet();
            try {
                open.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw notWanted();
            }
        }
    }

    Ahead(Bench bench) {
        this.bench = bench;
        this.proxied = bench.fixture().address().isPresent();
    }

    private static TargetException notWanted() {
        return new TargetException(Kind.UNREACHABLE, "the login is not wanted any more");
    }

    void run() throws Exception {
        if (!bench.target().connectsAhead()) {
            String why = "connectsAhead() is false, so there is nothing to wait with";
            Rule.CONNECTS_AHEAD.untested(why);
            Assumptions.abort(why);
        }
        if (!proxied) {
            Rule.CONNECTS_AHEAD.untested("whether a connection stands while a login waits, and is closed if it is not wanted: the fixture"
                    + " gives no address()");
        }
        bench.open(bench.account()).close();
        Credential live = held();
        once(live, "the right password");
        once(bench.renewed(), "a wrong password");
        dropped(false);
        dropped(true);
    }

    private Credential here(Credential credential) {
        return proxied ? bench.proxied(credential, Rule.CONNECTS_AHEAD) : credential;
    }

    private long connections() {
        return proxied ? bench.proxy(Rule.CONNECTS_AHEAD).open() : 0;
    }

    /** A login with a value that is still to be set waits for longer than a login may take, and is accepted. Returns that value. */
    private Credential held() throws Exception {
        int limit = bench.limits().brief();
        Credential next = bench.renewed();
        Credential there = here(next);
        Gate gate = new Gate();
        Hanging login = Hanging.start(bench.target(), () -> bench.target().open(there,
                bench.context(limit, bench.limits().ordinary()).withGate(gate)).close());
        try {
            reached(login, gate);
            bench.change(Change.of(bench.account(), next));
            bench.mustWork(next, Rule.CHANGE, "after change() the new password");
            if (login.endsWithin(limit)) {
                throw Rule.CONNECTS_AHEAD.broken("open() ended while it was to wait in beforePassword(): " + login.outcome().text());
            }
            gate.open.countDown();
            if (!login.endsWithin(limit + bench.limits().margin())) {
                throw Rule.CONNECTS_AHEAD.broken("open() was given " + limit + " ms from the return of beforePassword() on, and had not ended "
                        + bench.limits().margin() + " ms after that");
            }
        } finally {
            login.interrupt();
        }
        Outcome outcome = login.outcome();
        if (!outcome.ok()) {
            throw Rule.CONNECTS_AHEAD.broken("beforePassword() returned when the new password worked, after more than loginMillis (" + limit
                    + "), and open() ended: " + outcome.text() + (outcome.kind() == Kind.REJECTED
                    ? "; so the password was sent too early" : "; do limits go on counting while it waits?"));
        }
        return next;
    }

    private void reached(Hanging login, Gate gate) throws Exception {
        Waiting.until(bench.limits().brief() + bench.limits().margin(), () -> gate.calls.get() > 0 || login.endsWithin(1));
        if (gate.calls.get() == 0) {
            throw Rule.CONNECTS_AHEAD.broken("open() with a password that is still to be set did not wait for it: beforePassword() was not"
                    + " called; " + login.outcome().text());
        }
        // The first through the proxy.
        if (proxied && !Waiting.until(bench.limits().settle(), () -> bench.proxy(Rule.CONNECTS_AHEAD).accepted() > 0)) {
            throw Rule.CONNECTS_AHEAD.broken("beforePassword() was called when there was no connection yet");
        }
    }

    private void once(Credential credential, String which) {
        Gate gate = new Gate();
        gate.open.countDown();
        Outcome outcome = Outcome.of(() -> bench.target().open(credential, bench.context().withGate(gate)).close());
        if (gate.calls.get() != 1) {
            throw Rule.CONNECTS_AHEAD.broken("one open() with " + which + " called beforePassword() " + gate.calls.get() + " times; "
                    + outcome.text());
        }
    }

    /**
     * A login that is not wanted any more. Its value does not work, as when the change was never made.
     *
     * @param interrupted whether its thread was interrupted, too
     */
    private void dropped(boolean interrupted) throws Exception {
        Credential never = here(bench.renewed());
        OptionalInt refused = bench.fixture().refusedLogins();
        Waiting.until(bench.limits().settle(), () -> connections() == 0);
        long before = connections();
        Hanging login = Hanging.start(bench.target(), () -> bench.target().open(never, bench.context().withGate(() -> {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            throw notWanted();
        })).close());
        String when = "when beforePassword() threw" + (interrupted ? " in a thread that was interrupted" : "");
        if (!login.endsWithin(bench.limits().ordinary() + bench.limits().margin())) {
            throw Rule.CONNECTS_AHEAD.broken(when + ", open() did not end");
        }
        Outcome outcome = login.outcome();
        OptionalInt now = bench.fixture().refusedLogins();
        if (outcome.kind() == Kind.REJECTED || now.isPresent() && refused.isPresent() && now.getAsInt() > refused.getAsInt()) {
            throw Rule.CONNECTS_AHEAD.broken(when + ", open() went on and sent the password: " + outcome.text());
        }
        if (!(outcome.failure() instanceof TargetException)) {
            throw Rule.CONNECTS_AHEAD.broken(when + ", open() did not end in a TargetException: " + outcome.text());
        }
        if (!Waiting.until(bench.limits().margin(), () -> connections() <= before)) {
            throw Rule.CONNECTS_AHEAD.broken(when + ", open() left its connection open");
        }
    }
}
