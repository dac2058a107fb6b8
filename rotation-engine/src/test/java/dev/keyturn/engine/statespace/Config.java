package dev.keyturn.engine.statespace;

import dev.keyturn.engine.rotation.RotationRequest.Generator;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a scenario begins.
 *
 * @param server how the target changes a password
 * @param lock whether its survey takes a lock for the account
 * @param admin who makes the change
 * @param shape how many accounts
 * @param live which value works at the start
 * @param found what stands in pending at the start
 * @param previous whether there is a previous value
 * @param generator who makes a new value
 */
record Config(Server server, boolean lock, Admin admin, Shape shape, Live live, Found found, boolean previous, Generator generator) {

    /** Sets what it is told to; or only if the old value is the one that works; or keeps the old one where it is asked to. */
    enum Server { BLIND, COMPARES, OVERLAPS }

    enum Admin { NONE, CHANGES, RESETS }

    enum Shape { ONE_ACCOUNT, TWO_KEYS, TWO_NODES }

    /** The last only with several accounts: pending on the first, active on the others, as a run leaves it that is killed between. */
    enum Live { ACTIVE, PENDING, PREVIOUS, NOTHING, MIXED }

    /** Nothing; the value of a killed run; one that somebody stored along with another host; one that no target holds; active's own. */
    enum Found { NONE, OURS, OTHER_HOST, UNUSABLE, LIKE_ACTIVE }

    static Config core() {
        return new Config(Server.BLIND, false, Admin.NONE, Shape.ONE_ACCOUNT, Live.ACTIVE, Found.NONE, true, Generator.LOCAL);
    }

    Config with(Server newServer, boolean newLock) {
        return new Config(newServer, newLock, admin, shape, live, found, previous, generator);
    }

    Config with(Admin newAdmin) {
        return new Config(server, lock, newAdmin, shape, live, found, previous, generator);
    }

    Config with(Shape newShape) {
        return new Config(server, lock, admin, newShape, live, found, previous, generator);
    }

    Config with(Live newLive, Found newFound) {
        return new Config(server, lock, admin, shape, newLive, newFound, previous, generator);
    }

    Config with(Generator newGenerator) {
        return new Config(server, lock, admin, shape, live, found, previous, newGenerator);
    }

    private Config withPrevious(boolean newPrevious) {
        return new Config(server, lock, admin, shape, live, found, newPrevious, generator);
    }

    /** Whether the start is one that can be. */
    private boolean makesSense() {
        return switch (live) {
            case ACTIVE, NOTHING -> true;
            case PREVIOUS -> previous;
            case PENDING -> found != Found.NONE && found != Found.LIKE_ACTIVE;
            case MIXED -> shape != Shape.ONE_ACCOUNT && found != Found.NONE && found != Found.LIKE_ACTIVE;
        };
    }

    /** This with every chain and every live value that it can begin with. */
    List<Config> starts() {
        List<Config> starts = new ArrayList<>();
        for (Live someLive : Live.values()) {
            for (Found someFound : Found.values()) {
                for (boolean some : new boolean[] {true, false}) {
                    Config start = with(someLive, someFound).withPrevious(some);
                    if (start.makesSense()) {
                        starts.add(start);
                    }
                }
            }
        }
        return starts;
    }
}
