package dev.keyturn.engine.statespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One fault at one boundary, everywhere; then a run without one, which must converge. */
class SingleFaultWalkTest {

    @Test
    void r1_to_r7_everyFaultFromTheUsualStarts() {
        holds(new Walk("one fault, every one", Play.ONE_FAULT).over(Config.core().usualStarts()), 3_000);
    }

    @Test
    void r1_to_r7_everyStart() {
        holds(new Walk("one fault, every start", longer()).over(Config.core().starts()), 4_000);
    }

    @Test
    void r1_to_r7_everyKindOfServerAdministratorAndGenerator() {
        List<Config> starts = new ArrayList<>();
        for (Config kind : Walk.LONG ? Config.kinds() : Config.kindsNextToCore()) {
            starts.addAll(Walk.LONG ? kind.starts() : kind.fewStarts());
        }
        holds(new Walk("one fault, every kind", longer()).over(starts), 3_000);
    }

    private static Play longer() {
        return Walk.LONG ? Play.ONE_FAULT : Play.ONE_CORE_FAULT;
    }

    private static void holds(Walk walk, int least) {
        assertEquals(0, walk.count(Scenario.End.BROKEN));
        assertEquals(0, walk.count(Scenario.End.OVERTAKEN));
        assertTrue(walk.ways() > least, "a walk that hardly went anywhere proves nothing");
        assertTrue(walk.count(Scenario.End.CONVERGED) > least / 4, "most ways converge");
    }
}
