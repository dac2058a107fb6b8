package dev.keyturn.testkit.contract;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.testkit.contract.Waiting.Hanging;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;

/** Servers that fall silent. Times are bounds for "it ended at all". */
final class Hangs {

    private final Bench bench;
    private final Credential old;
    private final Credential next;

    Hangs(Bench bench) {
        this.bench = bench;
        this.old = bench.account();
        this.next = bench.renewed();
    }

    /** Takes one connection, and says nothing. */
    private static final class Silent implements AutoCloseable {

        private final ServerSocket door;
        private volatile boolean met;

        Silent(Bench bench) throws IOException {
            door = new ServerSocket(0, 5, bench.here());
            Waiting.daemon("silent", this::accept).start();
        }

        private void accept() {
            try (Socket client = door.accept()) {
                met = true;
                while (client.getInputStream().read() >= 0) {
                    continue;
                }
            } catch (IOException e) {
                // The door was closed, or the client has gone in anger.
            }
        }

        @Override
        public void close() {
            ProxyConnection.quietly(door);
        }
    }

    private Hanging login(Credential credential) {
        int hang = bench.limits().hang();
        return Hanging.start(bench.target(), () -> bench.target().open(credential, bench.context(hang, hang)).close());
    }

    private void silence(boolean interrupted) throws Exception {
        bench.address(interrupted ? Rule.INTERRUPTION : Rule.HUNG_HOST);
        try (Silent silent = new Silent(bench)) {
            Hanging call = login(bench.elsewhere(old, silent.door.getLocalPort()));
            if (interrupted && Waiting.until(bench.limits().margin(), () -> silent.met)) {
                call.interrupt();
            }
            gaveUp(call, interrupted ? Rule.INTERRUPTION : Rule.HUNG_HOST, "open() at a server that takes the connection and is silent"
                    + (interrupted ? ", interrupted" : ""));
        }
    }

    private void gaveUp(Hanging call, Rule rule, String when) throws InterruptedException {
        int hang = bench.limits().hang();
        if (!call.endsWithin(hang + bench.limits().margin())) {
            throw rule.broken(when + " was given " + hang + " ms and had not ended " + bench.limits().margin() + " ms after that");
        }
        Kind kind = call.outcome().kind();
        if (kind != Kind.UNREACHABLE && kind != Kind.UNKNOWN) {
            throw rule.broken(when + ": " + call.outcome().text());
        }
    }

    void hungHost() throws Exception {
        silence(false);
        Proxy proxy = bench.proxy(Rule.HUNG_HOST);
        int before = proxy.bursts();
        int bursts;
        try (TargetSession session = bench.open(bench.proxied(old))) {
            bursts = proxy.bursts() - before;
            session.identity();
        }
        // TLS tickets and the like may split a request in two, so the last one is not always met.
        for (int number = bursts; number > Math.max(0, bursts - 4); number--) {
            quiet(proxy);
            if (fallsSilentAt(proxy, number, bursts)) {
                return;
            }
        }
        Rule.HUNG_HOST.untested("the number of requests in open() differs from login to login, so none of the last could be met");
    }

    /** Whether there was such a request. */
    private boolean fallsSilentAt(Proxy proxy, int number, int bursts) throws InterruptedException {
        proxy.plan(Proxy.Fault.MUTE, proxy.bursts() + number);
        AtomicBoolean met = new AtomicBoolean(true);
        int hang = bench.limits().hang();
        Hanging call = Hanging.start(bench.target(), () -> {
            TargetSession session = bench.target().open(bench.proxied(old), bench.context(hang, hang));
            met.set(proxy.bit());
            session.close();
        });
        boolean ended = call.endsWithin(hang + bench.limits().margin());
        proxy.plan(Proxy.Fault.NONE, 0);
        if (!ended || met.get()) {
            gaveUp(call, Rule.HUNG_HOST, "open() at a server that falls silent at request " + number + " of " + bursts);
        }
        return met.get();
    }

    /** Waits until what the last sessions sent has passed. */
    private void quiet(Proxy proxy) throws Exception {
        Waiting.until(bench.limits().settle(), () -> proxy.open() == 0);
    }

    /** A request of a change gets no reply. Whether there was such a request. */
    boolean hungChange(int number, Rule rule) throws Exception {
        Proxy proxy = bench.proxy(rule, Rule.HONEST);
        Credential from = bench.proxied(old);
        Credential to = bench.proxied(next);
        int hang = bench.limits().hang();
        TargetSession session = bench.open(from, bench.context(bench.limits().ordinary(), hang));
        bench.survey(session, from);
        int before = proxy.bursts();
        proxy.plan(Proxy.Fault.MUTE, before + number);
        Hanging call = Hanging.start(bench.target(), () -> session.change(Change.of(from, to)));
        boolean interrupted = rule == Rule.INTERRUPTION;
        int reply = bench.context(hang, hang).replyMillis();
        if (interrupted && Waiting.until(reply, () -> proxy.bit() || call.endsWithin(1)) && proxy.bit()) {
            call.interrupt();
        }
        String when = "change() whose request " + number + " gets no reply" + (interrupted ? ", interrupted" : "");
        if (!call.endsWithin(reply + bench.limits().margin())) {
            throw rule.broken(when + " was given " + reply + " ms and had not ended " + bench.limits().margin() + " ms after that");
        }
        boolean bit = proxy.bit();
        Hanging close = Hanging.start(bench.target(), session::close);
        if (!close.endsWithin(bench.limits().margin()) || !close.outcome().ok()) {
            throw Rule.CLOSES.broken("close() after " + when + ": " + close.outcome().text());
        }
        honest(call.outcome(), bit, when);
        return bit;
    }

    private void honest(Outcome outcome, boolean bit, String when) {
        if (bit && outcome.ok()) {
            throw Rule.HONEST.broken(when + ": it succeeded, without having heard that it did");
        }
        if (outcome.refused() && bench.works(next)) {
            throw Rule.HONEST.broken(when + ": " + outcome.text() + "; and the new password works");
        }
        if (!bench.works(old) && !bench.works(next)) {
            throw Rule.CRASH.broken(when + ": " + outcome.text() + "; now neither the old nor the new password works");
        }
    }

    void interruptedLogin() throws Exception {
        silence(true);
        bench.open(old).close();
    }
}
