package dev.keyturn.engine.statespace;

import dev.keyturn.engine.rotation.Ticker;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only when somebody waits, and the effects that are under way to a server. */
final class VirtualTicker implements Ticker {

    private record Landing(long due, int boundary, Runnable effect) {
    }

    private final List<Landing> landings = new ArrayList<>();
    private long now = 1_000_000;
    private int boundary;

    @Override
    public synchronized long millis() {
        return now;
    }

    @Override
    public void pause(long millis) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        advance(millis);
    }

    synchronized void advance(long millis) {
        long end = now + millis;
        while (true) {
            Landing next = null;
            for (Landing landing : landings) {
                if ((landing.due <= end || landing.boundary <= boundary) && (next == null || landing.due < next.due)) {
                    next = landing;
                }
            }
            if (next == null) {
                break;
            }
            landings.remove(next);
            now = Math.max(now, Math.min(next.due, end));
            next.effect.run();
        }
        now = end;
    }

    /** Another call begins, a moment after the last one. */
    synchronized void boundary() {
        boundary++;
        advance(10);
    }

    /** The effect comes after so much time, or before that many more calls, whichever is first. */
    synchronized void later(long millis, int boundaries, Runnable effect) {
        landings.add(new Landing(now + millis, boundary + boundaries, effect));
    }

    synchronized boolean underWay() {
        return !landings.isEmpty();
    }
}
