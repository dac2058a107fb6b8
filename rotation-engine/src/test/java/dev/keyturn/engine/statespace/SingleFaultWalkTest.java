package dev.keyturn.engine.statespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One fault at one boundary, everywhere; then a run without one, which must converge. */
class SingleFaultWalkTest {

    @Test
    void r1_to_r7_everyFaultFromTheUsualStarts() throws InterruptedException {
        holds(new Walk("one fault, every one", Play.ONE_FAULT).over(Config.core().usualStarts()), 3_000);
    }

    @Test
    void r1_to_r7_everyStart() throws InterruptedException {
        holds(new Walk("one fault, every start", longer()).over(Config.core().starts()), 4_000);
    }

    @Test
    void r1_to_r7_everyKindOfServerAdministratorAndGenerator() throws InterruptedException {
        List<Config> starts = new ArrayList<>();
        for (Config kind : Walk.LONG ? Config.kinds() : Config.kindsNextToCore()) {
            starts.addAll(Walk.LONG ? kind.starts() : kind.fewStarts());
        }
        holds(new Walk("one fault, every kind", longer()).over(starts), 3_000);
    }

    private static Play longer() {
        return Walk.LONG ? Play.ONE_FAULT : Play.ONE_CORE_FAULT;
    }

    private static void holds(Walk walk, int least) throws InterruptedException {
        assertEquals(0, walk.count(Scenario.End.BROKEN));
        assertEquals(0, walk.count(Scenario.End.OVERTAKEN));
        assertTrue(walk.ways() > least, "a walk that hardly went anywhere proves nothing");
        assertTrue(walk.count(Scenario.End.CONVERGED) > least / 4, "most ways converge");
        nothingIsLeft();
    }

    /** Not even of a run that ended in the middle of its own end: threads end when they have nothing to do. */
    private static void nothingIsLeft() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("keyturn-plugin-")) {
                thread.join(30_000);
                assertFalse(thread.isAlive(), thread.getName());
            }
        }
    }
}
