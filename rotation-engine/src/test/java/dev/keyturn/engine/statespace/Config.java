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

    /** The last: two accounts that take turns; what the others say of active and previous is said of the idle one's value and of active. */
    enum Shape { ONE_ACCOUNT, TWO_KEYS, TWO_NODES, TURNS }

    /** The last only with several accounts: pending on the first, active on the others, as a run leaves it that is killed between. */
    enum Live { ACTIVE, PENDING, PREVIOUS, NOTHING, MIXED }

    /**
     * Nothing; the value of a killed run; one that somebody stored along with another host; one that no target holds; active's own; with
     * turns, another of the active account's.
     */
    enum Found { NONE, OURS, OTHER_HOST, UNUSABLE, LIKE_ACTIVE, OF_ACTIVE }

    static Config parse(String text) {
        String[] part = text.split(",");
        return new Config(Server.valueOf(part[0]), Boolean.parseBoolean(part[1]), Admin.valueOf(part[2]), Shape.valueOf(part[3]), Live.valueOf(part[4]),
                Found.valueOf(part[5]), Boolean.parseBoolean(part[6]), Generator.valueOf(part[7]));
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return server + "," + lock + "," + admin + "," + shape + "," + live + "," + found + "," + previous + "," + generator;
    }

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
        boolean another = found != Found.NONE && found != Found.LIKE_ACTIVE && found != Found.OF_ACTIVE;
        return (found != Found.OF_ACTIVE || shape == Shape.TURNS) && switch (live) {
            case ACTIVE, NOTHING -> true;
            case PREVIOUS -> previous && shape != Shape.TURNS;
            case PENDING -> another;
            case MIXED -> shape != Shape.ONE_ACCOUNT && shape != Shape.TURNS && another;
        };
    }

    /** This with the few starts that matter most. */
    List<Config> usualStarts() {
        return List.of(this, with(Live.ACTIVE, Found.OURS), with(Live.PENDING, Found.OURS), with(Live.PENDING, Found.OTHER_HOST),
                with(Live.PREVIOUS, Found.NONE), with(Live.PREVIOUS, Found.OURS), with(Live.NOTHING, Found.OURS));
    }

    /** This with what an ordinary run, a resumed one and an administrator who resets begin with. */
    List<Config> fewStarts() {
        List<Config> starts = new ArrayList<>(List.of(this, with(Live.ACTIVE, Found.OURS), with(Live.PENDING, Found.OURS)));
        if (admin == Admin.RESETS) {
            starts.add(with(Live.NOTHING, Found.OURS));
        }
        return starts;
    }

    /** Every kind of server, of administrator and of generator. */
    static List<Config> kinds() {
        List<Config> kinds = new ArrayList<>();
        for (Server someServer : Server.values()) {
            for (boolean some : new boolean[] {false, true}) {
                for (Admin someAdmin : Admin.values()) {
                    for (Generator someGenerator : Generator.values()) {
                        kinds.add(core().with(someServer, some).with(someAdmin).with(someGenerator));
                    }
                }
            }
        }
        return kinds;
    }

    /** Those that differ from the core in one thing. */
    static List<Config> kindsNextToCore() {
        return List.of(core().with(Server.COMPARES, false), core().with(Server.BLIND, true), core().with(Server.COMPARES, true),
                core().with(Server.OVERLAPS, false), core().with(Admin.CHANGES), core().with(Admin.RESETS),
                core().with(Generator.SERVICE), core().with(Generator.AUTO));
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
