package dev.keyturn.testkit.contract;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.OptionalInt;

/** What a login answers: yes, wrong, nobody there. */
final class Logins {

    private final Bench bench;

    Logins(Bench bench) {
        this.bench = bench;
    }

    void rightPassword() {
        bench.open(bench.account()).close();
    }

    void wrongPassword() {
        bench.open(bench.account()).close();
        expect(Kind.REJECTED, bench.tryOpen(bench.renewed()), Rule.WRONG_PASSWORD, "with a wrong password");
        bench.open(bench.account()).close();
    }

    private static void expect(Kind kind, Outcome outcome, Rule rule, String when) {
        if (outcome.kind() != kind) {
            throw rule.broken("open() " + when + ": " + outcome.text());
        }
    }

    /** The server's own count where the fixture knows it, and the number of connections. */
    void oneTry() throws Exception {
        OptionalInt before = bench.fixture().refusedLogins();
        Credential next = bench.renewed();
        bench.change(Change.of(bench.account(), next));
        bench.open(next).close();
        OptionalInt rotated = bench.fixture().refusedLogins();
        bench.tryOpen(bench.renewed());
        OptionalInt wrong = bench.fixture().refusedLogins();
        if (before.isPresent() && rotated.isPresent() && wrong.isPresent()) {
            counted(rotated.getAsInt() - before.getAsInt(), 0, "a rotation that went well");
            counted(wrong.getAsInt() - rotated.getAsInt(), 1, "one open() with a wrong password");
        } else {
            Rule.ONE_LOGIN.untested("the fixture does not count refusedLogins(); only numbers of connections are compared");
        }
        if (bench.fixture().address().isPresent()) {
            int right = connections(next);
            int refused = connections(bench.renewed());
            if (refused > right) {
                throw Rule.ONE_LOGIN.broken("open() made " + right + " connections with a right password and " + refused
                        + " with a wrong one");
            }
        }
    }

    private static void counted(int refused, int expected, String when) {
        if (refused != expected) {
            throw Rule.ONE_LOGIN.broken("the server refused " + refused + " logins during " + when + "; expected " + expected);
        }
    }

    private int connections(Credential credential) {
        Proxy proxy = bench.proxy(Rule.ONE_LOGIN);
        int before = proxy.accepted();
        bench.tryOpen(bench.proxied(credential));
        return proxy.accepted() - before;
    }

    void deadHost() throws IOException {
        bench.address(Rule.DEAD_HOST);
        int port;
        try (ServerSocket door = new ServerSocket(0, 1, bench.here())) {
            port = door.getLocalPort();
        }
        expect(Kind.UNREACHABLE, bench.tryOpen(bench.elsewhere(bench.account(), port)), Rule.DEAD_HOST, "at a port where nobody listens");
    }

    void identity() {
        Credential old = bench.account();
        Credential next = bench.renewed();
        String first = identity(old);
        same(first, identity(old), "two sessions");
        bench.change(Change.of(old, next));
        same(first, identity(next), "a session before a change and one after it");
        if (first.isEmpty()) {
            Rule.IDENTITY.untested("the plugin's sessions do not tell who and where they are, so a new value that another server accepts"
                    + " would be taken for proven");
        }
        for (String value : new String[] {value(old), value(next)}) {
            if (first.contains(value)) {
                throw Rule.IDENTITY.broken("identity() shows the password");
            }
        }
    }

    private static String value(Credential credential) {
        return credential.find(Credential.PASSWORD).orElseThrow();
    }

    private String identity(Credential credential) {
        try (TargetSession session = bench.open(credential)) {
            String identity = session.identity();
            if (identity == null) {
                throw Rule.IDENTITY.broken("identity() is null");
            }
            return identity;
        }
    }

    private static void same(String one, String other, String who) {
        if (!one.equals(other)) {
            throw Rule.IDENTITY.broken(who + " say " + Text.visible(one) + " and " + Text.visible(other));
        }
    }
}
