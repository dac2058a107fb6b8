package dev.keyturn.engine.statespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.statespace.Config.Found;
import dev.keyturn.engine.statespace.Config.Live;
import dev.keyturn.engine.statespace.Config.Server;
import dev.keyturn.engine.statespace.Platform.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Two runs of one secret's rotation at the same time: the same token twice, or an old run that wakes up after cancel and re-run. */
class InterleavedRunsWalkTest {

    private final Map<String, Integer> seen = new TreeMap<>();
    private final Map<String, String> examples = new TreeMap<>();
    private int ways;
    private int runs;

    @Test
    void r2_r4_r7_theSameTokenTwice() {
        walk("the same token twice", Play.SAME_TOKEN_TWICE);
    }

    @Test
    void r2_r4_r7_anOldRunWakesUpAfterCancelAndRerun() {
        walk("cancel and re-run", Play.CANCELLED_AND_AWAKE);
        assertEquals(List.of(), seen.keySet().stream().filter(what -> what.contains("lost at the end,") && !what.contains("to cancel")).toList());
    }

    private void walk(String name, Play play) {
        long begin = System.nanoTime();
        for (Server server : List.of(Server.BLIND, Server.COMPARES)) {
            for (boolean lock : new boolean[] {false, true}) {
                for (Config start : starts(Config.core().with(server, lock))) {
                    Optional<Choices> choices = Optional.of(Choices.first());
                    while (choices.isPresent()) {
                        judge(start, choices.get(), play);
                        choices = choices.get().next();
                    }
                }
            }
        }
        System.out.printf("walk two runs, %s: %d ways, %d runs of the engine, %d ms%n", name, ways, runs, (System.nanoTime() - begin) / 1_000_000);
        seen.forEach((what, times) -> System.out.println("  " + times + " x " + what));
        List<String> broken = seen.keySet().stream().filter(InterleavedRunsWalkTest::isGuarded).toList();
        examples.forEach((what, way) -> System.out.print(Walk.LONG || broken.contains(what) ? what + "\n  replay: " + way + "\n" : ""));
        assertTrue(ways > 1_000, "a walk that hardly went anywhere proves nothing");
        assertEquals(List.of(), broken);
    }

    /**
     * A lock is a whole guard as long as the chain can be read. Where it cannot, a late run does not know that another has completed and
     * puts back what is active by now; but also then no account is lost at the end. Without a lock two runs can meet on the account,
     * whatever it compares. What is dropped at cancel is nobody's.
     */
    private static boolean isGuarded(String what) {
        return what.contains("lock") && !what.contains("to cancel") && (!what.contains("READ_FORBIDDEN") || what.contains("lost at the end"));
    }

    private static List<Config> starts(Config kind) {
        List<Config> starts = new ArrayList<>(List.of(kind, kind.with(Live.PENDING, Found.OURS), kind.with(Live.ACTIVE, Found.OURS)));
        if (!Walk.LONG) {
            starts.remove(2);
        }
        return starts;
    }

    private void judge(Config config, Choices choices, Play play) {
        World world = play.play(config, choices).world();
        ways++;
        runs += 2;
        String guard = config.server() + (config.lock() ? " lock" : "") + ": ";
        for (String violation : world.oracle.violations().stream().map(v -> v.substring(0, v.indexOf(':'))).distinct().toList()) {
            count(guard + "for a while " + violation, world, play + " " + config);
        }
        if (world.oracle.lost()) {
            count(guard + (world.oracle.lostToCancel() ? "lost at the end, to cancel" : "lost at the end"), world, play + " " + config);
        }
        for (Account account : world.accounts) {
            if (!world.oracle.lost() && !world.server.accepts(account, world.platform.value(Stage.ACTIVE, account))) {
                boolean pending = world.platform.value(Stage.PENDING, account) != null
                        && world.server.accepts(account, world.platform.value(Stage.PENDING, account));
                count(guard + "active does not work at the end, " + (pending ? "pending does" : "previous does")
                        + (world.oracle.lostToCancel() ? ", to cancel" : ""), world, play + " " + config);
            }
        }
    }

    private void count(String what, World world, String way) {
        String line = what + ", platform " + world.platform.harder();
        seen.merge(line, 1, Integer::sum);
        examples.putIfAbsent(line, way + " " + world.choices + "\n    " + world.trace());
    }
}
