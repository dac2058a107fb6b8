package dev.keyturn.testkit.contract;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** A fixture, and what tests do with it again and again. Calls that must succeed fail with the rule that says so. */
final class Bench implements AutoCloseable {

    private final TargetFixture fixture;
    private final Limits limits;
    private final Values values;
    private @Nullable Proxy proxy;

    Bench(TargetFixture fixture, Limits limits) {
        this.fixture = fixture;
        this.limits = limits;
        this.values = new Values(fixture.target().passwordRules());
    }

    TargetFixture fixture() {
        return fixture;
    }

    RotationTarget target() {
        return fixture.target();
    }

    Limits limits() {
        return limits;
    }

    Values values() {
        return values;
    }

    /** The account as it was when the fixture was made. */
    Credential account() {
        return fixture.credential();
    }

    /** The same account with a new value. */
    Credential renewed() {
        return account().with(Credential.PASSWORD, values.made());
    }

    // The plugin.

    TargetContext context() {
        return context(limits.ordinary(), limits.ordinary());
    }

    TargetContext context(int loginMillis, int statementMillis) {
        return TargetContext.of(loginMillis, statementMillis, fixture.tls(), fixture.options());
    }

    /** A login that must succeed. */
    TargetSession open(Credential credential) {
        return open(credential, context());
    }

    TargetSession open(Credential credential, TargetContext context) {
        List<TargetSession> opened = new ArrayList<>();
        Outcome outcome = Outcome.of(() -> opened.add(target().open(credential, context)));
        if (!outcome.ok() || opened.get(0) == null) {
            throw Rule.RIGHT_PASSWORD.broken(outcome.ok() ? "open() returned null" : outcome.text());
        }
        return opened.get(0);
    }

    /** A login whose outcome matters; a session is closed at once. */
    Outcome tryOpen(Credential credential) {
        return Outcome.of(() -> target().open(credential, context()).close());
    }

    /** A survey that must succeed. */
    Survey survey(TargetSession session, Credential account) {
        List<Survey> told = new ArrayList<>();
        Outcome outcome = Outcome.of(() -> told.add(session.survey(account)));
        if (!outcome.ok() || told.get(0) == null) {
            throw Rule.SURVEY.broken(outcome.ok() ? "survey() returned null" : outcome.text());
        }
        return told.get(0);
    }

    /** A change that must succeed, in a session of the account's own. */
    void change(Change change) {
        change(change, Rule.CHANGE);
    }

    void change(Change change, Rule rule) {
        Outcome outcome = tryChange(change);
        if (!outcome.ok()) {
            throw rule.broken("change() did not succeed: " + outcome.text());
        }
    }

    /** Login and survey must succeed, the change need not. */
    Outcome tryChange(Change change) {
        Credential from = change.from().orElseThrow();
        try (TargetSession session = open(from)) {
            survey(session, from);
            return Outcome.of(() -> session.change(change));
        }
    }

    // The truth.

    Login login(Credential credential) {
        Login[] answer = new Login[1];
        Outcome outcome = Outcome.of(() -> answer[0] = fixture.login(credential));
        if (!outcome.ok() || answer[0] == null || answer[0] == Login.UNREACHABLE) {
            throw new IllegalStateException("The fixture's login() cannot tell whether a password works: "
                    + (outcome.ok() ? answer[0] : outcome.text()) + ". This is not the plugin's fault.", outcome.failure());
        }
        return answer[0];
    }

    boolean works(Credential credential) {
        return login(credential) == Login.ACCEPTED;
    }

    void mustWork(Credential credential, Rule rule, String what) {
        if (!works(credential)) {
            throw rule.broken(what + " does not work: the target refused it in a login without the plugin");
        }
    }

    void mustNotWork(Credential credential, Rule rule, String what) {
        if (works(credential)) {
            throw rule.broken(what + " works: the target accepted it in a login without the plugin");
        }
    }

    // The network.

    /** Where the target listens. Where there is no such place, the test ends here with lines that say so. */
    InetSocketAddress address(Rule... rules) {
        return fixture.address().orElseGet(() -> {
            String why = "the fixture gives no address(), so nothing can be put in the target's place or before it";
            List.of(rules).forEach(rule -> rule.untested(why));
            throw new TestAbortedException(why);
        });
    }

    /** The proxy before the target; the rules are those that cannot be tested without. */
    Proxy proxy(Rule... rules) {
        if (proxy == null) {
            proxy = new Proxy(here(), address(rules));
        }
        return proxy;
    }

    /** The credential, going through the proxy. */
    Credential proxied(Credential credential, Rule... rules) {
        return elsewhere(credential, proxy(rules).port());
    }

    Credential elsewhere(Credential credential, int port) {
        return fixture.at(credential, host(), port);
    }

    /** A name of this machine: the credential's own if it is one, because certificates are made out to names. */
    private String host() {
        String host = account().find(Credential.HOST).orElse("");
        try {
            return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress() ? host : "127.0.0.1";
        } catch (IOException e) {
            return "127.0.0.1";
        }
    }

    InetAddress here() {
        try {
            return InetAddress.getByName(host());
        } catch (IOException e) {
            return InetAddress.getLoopbackAddress();
        }
    }

    @Override
    public void close() {
        if (proxy != null) {
            proxy.close();
        }
        fixture.close();
    }
}
