package dev.keyturn.engine.statespace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Walks every way of every given start, and counts how they end. */
final class Walk {

    /** A longer walk, for a machine with time: {@code -Dkeyturn.walk=long}. */
    static final boolean LONG = "long".equals(System.getProperty("keyturn.walk"));

    // The engine logs what it does, and a million runs of it are no log. Held here so that the setting stays.
    private static final Logger LOG = Logger.getLogger("dev.keyturn");

    static {
        LOG.setLevel(Level.OFF);
    }

    /** What one scenario came to. */
    record Outcome(Scenario.End end, int runs, World world) {
    }

    private final String name;
    private final Map<Scenario.End, Integer> ends = new EnumMap<>(Scenario.End.class);
    private final Map<String, Integer> broken = new TreeMap<>();
    private final List<String> examples = Collections.synchronizedList(new ArrayList<>());
    private int ways;
    private int runs;
    private int mostRefused;
    private final long begin = System.nanoTime();

    Walk(String name) {
        this.name = name;
    }

    /** All ways of all starts, on two threads. */
    Walk over(List<Config> starts, BiFunction<Config, Choices, Outcome> scenario) {
        starts.parallelStream().forEach(start -> over(start, scenario));
        return this;
    }

    private void over(Config start, BiFunction<Config, Choices, Outcome> scenario) {
        Optional<Choices> choices = Optional.of(Choices.first());
        while (choices.isPresent()) {
            Outcome outcome = scenario.apply(start, choices.get());
            count(start, choices.get(), outcome);
            choices = choices.get().next();
        }
    }

    private synchronized void count(Config start, Choices choices, Outcome outcome) {
        ways++;
        runs += outcome.runs();
        mostRefused = Math.max(mostRefused, outcome.world().oracle.mostRefused());
        ends.merge(outcome.end(), 1, Integer::sum);
        if (outcome.end() == Scenario.End.BROKEN) {
            String first = outcome.world().oracle.violations().get(0);
            int seen = broken.merge(first.replaceAll("(Active|Previous|Found|new[0-9]+|password2?(@db[12]:1)?)", "_"), 1, Integer::sum);
            if (seen == 1 || LONG && seen <= 3) {
                examples.add(first + "\n  replay: " + start + " choices " + choices + "\n    " + outcome.world().trace());
            }
        }
    }

    int count(Scenario.End end) {
        return ends.getOrDefault(end, 0);
    }

    int ways() {
        return ways;
    }

    Map<String, Integer> broken() {
        return broken;
    }

    /** Prints one line, and what was broken. */
    Walk report() {
        System.out.printf("walk %s: %d ways, %d runs of the engine, %s, at most %d refused logins in a run, %d ms%n", name, ways, runs, ends, mostRefused,
                (System.nanoTime() - begin) / 1_000_000);
        broken.forEach((what, times) -> System.out.println("  " + times + " x " + what));
        examples.forEach(System.out::println);
        return this;
    }
}
