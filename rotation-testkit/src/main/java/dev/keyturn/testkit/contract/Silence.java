package dev.keyturn.testkit.contract;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetSession;
import java.util.LinkedHashMap;
import java.util.Map;

/** Does all that a plugin can be asked to do, well and badly, and looks for the passwords in whatever could be heard. */
final class Silence {

    private final Bench bench;
    private final Map<String, String> secrets = new LinkedHashMap<>();
    private Credential live;

    Silence(Bench bench) {
        this.bench = bench;
        this.live = bench.account();
    }

    void search() throws Exception {
        secrets.put("the first password", live.password());
        String admin = bench.fixture().admin().flatMap(one -> one.find(Credential.PASSWORD)).orElse("");
        if (admin.length() >= 6) {
            secrets.put("the administrator's password", admin);
        }
        String found;
        try (Capture capture = new Capture()) {
            capture.shown("the target", bench.target());
            capture.shown("the schema", bench.target().schema());
            capture.shown("the password rules", bench.target().passwordRules());
            ordinary(capture);
            refused(capture);
            network(capture);
            found = capture.find(secrets);
        }
        if (found != null) {
            throw Rule.SILENCE.broken(found);
        }
    }

    /** The account's credential with a conspicuous value, which is looked for. */
    private Credential secret(String name) {
        String value = bench.values().conspicuous();
        secrets.put(name, value);
        return bench.account().with(Credential.PASSWORD, value);
    }

    private void ordinary(Capture capture) {
        changeTo(capture, "a change", secret("the old password"));
        changeTo(capture, "another change", secret("the new password"));
        Credential admin = bench.fixture().admin().orElse(null);
        if (admin != null) {
            Credential reset = secret("a reset password");
            use(capture, "an administrator's change", admin, Change.of(live, reset));
            settle(reset);
        }
    }

    private void refused(Capture capture) {
        Credential wrong = secret("a wrong password");
        use(capture, "a wrong password", wrong, Change.of(wrong, wrong));
        tell(capture, "a session that is overtaken", Outcome.of(() -> {
            try (TargetSession overtaken = bench.target().open(live, bench.context())) {
                Credential from = live;
                changeTo(capture, "a change by another session", secret("the value of another session"));
                Credential late = secret("the value of a session that was overtaken");
                tell(capture, "change() in a session that was overtaken", Outcome.of(() -> overtaken.change(Change.of(from, late).retiring(wrong))));
                settle(late);
            }
        }));
        for (String field : new String[] {Credential.USER, Credential.HOST}) {
            Credential hostile = live.with(field, live.find(field).orElse("x") + "'\"?x=y");
            use(capture, "a wrong " + field, hostile, Change.of(hostile, hostile));
        }
        // The rules refuse it, and so do most servers.
        String tooLong = bench.values().made(300) + "\u0001'\"";
        secrets.put("a value that no target holds", tooLong.substring(0, 200));
        changeTo(capture, "a value that no target holds", live.with(Credential.PASSWORD, tooLong));
    }

    /** Connections that break at each request. */
    private void network(Capture capture) throws Exception {
        if (bench.fixture().address().isEmpty()) {
            Rule.SILENCE.untested("broken connections: the fixture gives no address()");
            return;
        }
        Proxy proxy = bench.proxy(Rule.SILENCE);
        int before = proxy.bursts();
        live = bench.proxied(live);
        changeTo(capture, "a change through the proxy", bench.proxied(secret("the value before the connection breaks")));
        int bursts = proxy.bursts() - before;
        for (int burst = 1; burst <= bursts; burst++) {
            Waiting.until(bench.limits().settle(), () -> proxy.open() == 0);
            proxy.plan(Proxy.Fault.CUT_AFTER, proxy.bursts() + burst);
            Credential next = bench.proxied(secret("the value of a change that broke at request " + burst));
            use(capture, "a connection that breaks", live, Change.of(live, next));
            proxy.plan(Proxy.Fault.NONE, 0);
            settle(next);
        }
    }

    private void changeTo(Capture capture, String what, Credential next) {
        use(capture, what, live, Change.of(live, next));
        settle(next);
    }

    /** Finds out which one is live, with one refused login at most. */
    private void settle(Credential next) {
        live = bench.works(live) ? live : next;
    }

    private void use(Capture capture, String what, Credential who, Change change) {
        tell(capture, what, Outcome.of(() -> {
            TargetSession session = bench.target().open(who, bench.context());
            try {
                capture.shown("a session", session);
                capture.shown("an identity", session.identity());
                capture.threads();
                capture.shown("a survey", session.survey(change.from().orElse(change.to())));
                session.change(change);
            } finally {
                capture.threads();
                session.close();
                capture.shown("a closed session", session);
            }
        }));
    }

    private static void tell(Capture capture, String where, Outcome outcome) {
        if (outcome.failure() != null) {
            capture.thrown(where, outcome.failure());
        }
    }
}
