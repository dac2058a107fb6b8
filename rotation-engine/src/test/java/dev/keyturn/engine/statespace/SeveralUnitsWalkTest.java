package dev.keyturn.engine.statespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.statespace.Config.Found;
import dev.keyturn.engine.statespace.Config.Live;
import dev.keyturn.engine.statespace.Config.Server;
import dev.keyturn.engine.statespace.Config.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two keys of one secret, and one key on two nodes: what was done to the first must be put back when the second refuses. */
class SeveralUnitsWalkTest {

    @Test
    void r1_to_r7_twoKeys() {
        walk("two keys", Shape.TWO_KEYS);
    }

    @Test
    void r1_to_r7_twoNodes() {
        walk("two nodes", Shape.TWO_NODES);
    }

    private static void walk(String name, Shape shape) {
        Config core = Config.core().with(shape);
        List<Config> starts = new ArrayList<>(List.of(core, core.with(Live.MIXED, Found.OURS), core.with(Live.PENDING, Found.OURS),
                core.with(Server.COMPARES, true).with(Live.MIXED, Found.OURS)));
        if (Walk.LONG) {
            starts.addAll(core.starts());
            starts.addAll(core.with(Server.COMPARES, true).starts());
        }
        Walk walk = new Walk("one fault, " + name, Walk.LONG ? Play.ONE_FAULT : Play.ONE_CORE_FAULT).over(starts);
        assertEquals(0, walk.count(Scenario.End.BROKEN));
        assertEquals(0, walk.count(Scenario.End.OVERTAKEN));
        assertTrue(walk.ways() > 1_000, "a walk that hardly went anywhere proves nothing");
    }
}
