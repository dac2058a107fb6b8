package dev.keyturn.engine.statespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Two faults: both in the first run, one in each of two, or both in the second. */
class FaultPairWalkTest {

    @Test
    void r1_to_r7_pairs() {
        Walk walk = new Walk("two faults", Play.TWO_CORE_FAULTS).over(Walk.LONG ? Config.core().starts() : List.of(Config.core()));
        assertEquals(0, walk.count(Scenario.End.BROKEN));
        assertTrue(walk.ways() > 8_000, "a walk that hardly went anywhere proves nothing");
        // What a killed run left under way can overtake the next run where the server has no lock: docs say so, nobody can help it.
        assertTrue(walk.count(Scenario.End.OVERTAKEN) * 50 < walk.ways());
    }

    /** With a lock there is no overtaking. */
    @Test
    @EnabledIfSystemProperty(named = "keyturn.walk", matches = "long")
    void r2_r7_pairsWithALock() {
        Config locked = Config.core().with(Config.Server.BLIND, true);
        Walk walk = new Walk("two faults, with a lock", Play.TWO_CORE_FAULTS).over(locked.usualStarts());
        assertEquals(0, walk.count(Scenario.End.BROKEN));
        assertEquals(0, walk.count(Scenario.End.OVERTAKEN));
    }
}
