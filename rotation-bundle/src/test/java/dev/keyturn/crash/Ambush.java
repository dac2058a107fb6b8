package dev.keyturn.crash;

import dev.keyturn.testkit.CallRecord;
import dev.keyturn.testkit.LocalSecretManager;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes one blow happen in one run: at the local Secret Manager or at the proxy before the target. */
final class Ambush {

    private final LocalSecretManager manager;
    private final Proxy proxy;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable Blow blow;
    private volatile @Nullable Action action;
    private volatile Proxy.Watch watch = new Proxy.Watch(null);
    private volatile boolean struck;

    Ambush(LocalSecretManager manager, Proxy proxy) {
        this.manager = manager;
        this.proxy = proxy;
        manager.beforeEffect(call -> at(call, Blow.Moment.BEFORE));
        manager.afterEffect(call -> at(call, Blow.Moment.AFTER));
    }

    /** Before a run. */
    void lay(@Nullable Blow next, Action victim) {
        calls.set(0);
        struck = false;
        action = victim;
        blow = next;
        watch = new Proxy.Watch(next == null || !next.atTarget() ? null : trap(next, victim));
        proxy.watch(watch);
        if (next != null && !next.atTarget()) {
            // For a kill too: who is dead cannot read an answer, and a call that was cut off before its effect must have none.
            var point = manager.on(next.call());
            point = next.nth() == 0 ? point : point.nth(next.nth());
            if (next.moment() == Blow.Moment.BEFORE) {
                point.beforeEffect(next.kind().fault());
            } else {
                point.afterEffect(next.kind().fault());
            }
        }
    }

    private Proxy.Trap trap(Blow next, Action victim) {
        return new Proxy.Trap(next.connection(), next.nth(), next.moment(), switch (next.kind()) {
            case KILL -> victim::kill;
            case DELAYED -> () -> watch.awaitOver();
            case DOWN -> () -> watch.goDown();
            default -> () -> { };
        });
    }

    private void at(CallRecord call, Blow.Moment moment) {
        Blow now = blow;
        Action victim = action;
        if (now == null || victim == null || now.moment() != moment || now.call() != call.operation() || now.atTarget()) {
            return;
        }
        int number = calls.incrementAndGet();
        if (now.nth() == 0 || now.nth() == number) {
            struck = true;
            if (now.kills()) {
                victim.kill();
            }
        }
    }

    /** After a run: nothing happens any more. Tells whether it happened. */
    boolean lift() {
        struck |= watch.sprung();
        blow = null;
        watch.close();
        return struck;
    }

    boolean hasStruck() {
        return struck;
    }

    /** How many messages the run sent to the target, connection by connection. */
    List<Integer> messages() {
        return watch.messages();
    }
}
