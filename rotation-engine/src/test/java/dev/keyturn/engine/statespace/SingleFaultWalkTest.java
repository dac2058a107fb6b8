package dev.keyturn.engine.statespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** One fault at one boundary, everywhere. */
class SingleFaultWalkTest {

    static Walk.Outcome oneFault(Config config, Choices choices) {
        World world = new World(config, choices, Wrappers.NONE);
        world.faults = 1;
        Scenario scenario = new Scenario(world, 1);
        Scenario.End end = scenario.play();
        return new Walk.Outcome(end, scenario.runs(), world);
    }

    @Test
    void r2_r3_r4_r7_core() {
        Walk walk = new Walk("one fault, core").over(Config.core().starts(), SingleFaultWalkTest::oneFault).report();
        assertEquals(0, walk.count(Scenario.End.BROKEN));
        assertTrue(walk.ways() > 5_000);
    }
}
