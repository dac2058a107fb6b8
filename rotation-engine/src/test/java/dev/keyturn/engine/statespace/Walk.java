package dev.keyturn.engine.statespace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Walks every way of every given start, and counts how they end. */
final class Walk {

    /** A longer walk, for a machine with time: {@code -Dkeyturn.walk=long}. */
    static final boolean LONG = "long".equals(System.getProperty("keyturn.walk"));

    /** A short one, for every bug that is planted: {@code -Dkeyturn.walk=short}. */
    static final boolean SHORT = "short".equals(System.getProperty("keyturn.walk"));

    private final String name;
    private final Play play;
    private final Map<Scenario.End, Integer> ends = new EnumMap<>(Scenario.End.class);
    private final Map<String, Integer> broken = new TreeMap<>();
    private final List<String> examples = Collections.synchronizedList(new ArrayList<>());
    private int ways;
    private int runs;
    private int mostRefused;
    private final long begin = System.nanoTime();

    Walk(String name, Play play) {
        this.name = name;
        this.play = play;
    }

    /** All ways of all starts, on as many threads as there are processors; prints what came of it. */
    Walk over(List<Config> starts) {
        starts.parallelStream().forEach(this::over);
        report();
        return this;
    }

    private void over(Config start) {
        Optional<Choices> choices = Optional.of(Choices.first());
        while (choices.isPresent()) {
            count(start, choices.get(), play.play(start, choices.get()));
            choices = choices.get().next();
        }
    }

    private synchronized void count(Config start, Choices choices, Play.Outcome outcome) {
        ways++;
        runs += outcome.runs();
        mostRefused = Math.max(mostRefused, outcome.world().oracle.mostRefused());
        ends.merge(outcome.end(), 1, Integer::sum);
        if (outcome.end() == Scenario.End.BROKEN || outcome.end() == Scenario.End.OVERTAKEN) {
            String first = (outcome.end() == Scenario.End.BROKEN ? "" : "(overtaken) ") + outcome.world().oracle.violations().get(0);
            int seen = broken.merge(first.replaceAll("(Active|Previous|Found|new[0-9]+|password2?(@db[12]:1)?)", "_"), 1, Integer::sum);
            if (outcome.end() == Scenario.End.BROKEN && (seen == 1 || LONG && seen <= 3)) {
                examples.add(first + "\n  replay: " + play + " " + start + " " + choices + "\n    " + outcome.world().trace());
            }
        }
    }

    int count(Scenario.End end) {
        return ends.getOrDefault(end, 0);
    }

    int ways() {
        return ways;
    }

    /** One line, and what was broken. */
    private void report() {
        System.out.printf("walk %s: %d ways, %d runs of the engine, %s, at most %d refused logins in a run, %d ms%n", name, ways, runs, ends, mostRefused,
                (System.nanoTime() - begin) / 1_000_000);
        broken.forEach((what, times) -> System.out.println("  " + times + " x " + what));
        examples.forEach(System.out::println);
    }
}
