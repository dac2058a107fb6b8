package dev.keyturn.engine.statespace;

/**
 * Two runs at a time, of which one is always asleep: at each boundary it is a question whether the other goes on instead, as
 * often as the budget allows.
 */
final class TwoRuns implements Baton {

    private final World world;
    private final Caller old;
    private final Caller young;
    private int switches;
    private Caller turn;
    private boolean oneEnded;

    TwoRuns(World world, Caller old, Caller young, int switches) {
        this.world = world;
        this.old = old;
        this.young = young;
        this.switches = switches;
        this.turn = old;
    }

    /** Runs both to their ends; between is what somebody does before the young one begins. */
    void play(Runnable between) {
        world.baton = this;
        Thread second = new Thread(() -> {
            awaitTurn(young);
            between.run();
            world.run(young);
            ended(young);
        }, "young");
        second.setDaemon(true);
        second.start();
        world.run(old);
        ended(old);
        try {
            second.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        world.baton = Baton.NONE;
    }

    @Override
    public synchronized void pass(Caller caller) {
        if (!oneEnded && switches > 0 && world.choices.yes()) {
            switches--;
            turn = caller == old ? young : old;
            world.say("---- " + turn.name);
            notifyAll();
        }
        awaitTurn(caller);
    }

    private synchronized void awaitTurn(Caller caller) {
        boolean slept = false;
        while (turn != caller) {
            slept = true;
            try {
                wait();
            } catch (InterruptedException e) {
                // The engine has given this call up: it may end, and has no effect any more.
                throw new IllegalStateException("given up", e);
            }
        }
        // Who wakes up when the other is done may find that hours have passed.
        if (slept && caller == old && oneEnded && world.choices.yes()) {
            world.say("(a minute later)");
            world.clock.advance(World.TIMEOUT_MILLIS);
        }
    }

    private synchronized void ended(Caller caller) {
        oneEnded = true;
        turn = caller == old ? young : old;
        world.say("---- " + turn.name);
        notifyAll();
    }
}
