package dev.keyturn.engine.statespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.statespace.Config.Admin;
import dev.keyturn.engine.statespace.Config.Server;
import dev.keyturn.engine.statespace.Config.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two accounts that take turns: active works at every instant, whatever strikes, and the idle account's value is never lost. */
class TurnsWalkTest {

    private static final Config CORE = Config.core().with(Shape.TURNS);

    @Test
    void r2_r7_r10_everyStart() {
        holds(new Walk("turns, one fault, every start", Walk.LONG ? Play.ONE_FAULT : Play.ONE_CORE_FAULT).over(CORE.starts()), 3_000);
    }

    @Test
    void r2_r7_r10_everyKind() {
        List<Config> starts = new ArrayList<>();
        for (Config kind : List.of(CORE.with(Server.COMPARES, true), CORE.with(Server.OVERLAPS, false), CORE.with(Admin.CHANGES), CORE.with(Admin.RESETS))) {
            starts.addAll(Walk.LONG ? kind.starts() : kind.fewStarts());
        }
        holds(new Walk("turns, one fault, every kind", Walk.LONG ? Play.ONE_FAULT : Play.ONE_CORE_FAULT).over(starts), 1_000);
    }

    @Test
    void r2_r7_r10_pairs() {
        Walk walk = new Walk("turns, two faults", Play.TWO_CORE_FAULTS).over(Walk.LONG ? CORE.starts() : List.of(CORE));
        assertEquals(0, walk.count(Scenario.End.BROKEN));
        assertTrue(walk.ways() > 5_000, "a walk that hardly went anywhere proves nothing");
        assertTrue(walk.count(Scenario.End.OVERTAKEN) * 50 < walk.ways());
    }

    private static void holds(Walk walk, int least) {
        assertEquals(0, walk.count(Scenario.End.BROKEN));
        assertEquals(0, walk.count(Scenario.End.OVERTAKEN));
        assertTrue(walk.ways() > least, "a walk that hardly went anywhere proves nothing");
        assertTrue(walk.count(Scenario.End.CONVERGED) > least / 4, "most ways converge");
    }
}
