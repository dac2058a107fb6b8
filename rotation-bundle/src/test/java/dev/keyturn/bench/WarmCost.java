package dev.keyturn.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** What the engine itself costs once it is warm, without network, server and Secret Manager; and how that grows. Measured with JMH. */
final class WarmCost implements Section {

    /** One measured case: the parameter's value, nanoseconds of half and of 99 % of all runs at most, bytes on average. */
    private record Case(long size, double half, double most, double bytes) {
    }

    @Override
    public String title() {
        return "What the engine costs, warm";
    }

    @Override
    public void run(Report to) throws Exception {
        to.say("One rotation with a Secret Manager and a target in memory: nothing is waited for. JMH, each row in a JVM of its own, 2 s warm-up, 5 s"
                + " measured. *Relative* is the cost of one unit (by the median), compared with the first row's: 1.00 is linear growth, less is better.");
        table(to, "rotating keys", "keys", measure(WarmCostKeys.class.getSimpleName() + ".rotate"));
        table(to, "bytes of the secret", "bytes", measure(WarmCostSize.class.getSimpleName() + ".rotate"));
        to.say("Finding the plugins, each in a jar of its own: in a container that was used before, and in a new one.");
        table(to, "plugins, again", "plugins", measure(WarmCostPlugins.class.getSimpleName() + ".again"));
        table(to, "plugins, first", "plugins", measure(WarmCostPlugins.class.getSimpleName() + ".first"));
    }

    private static Collection<RunResult> measure(String benchmark) throws Exception {
        return new Runner(new OptionsBuilder().include("\\." + benchmark.replace(".", "\\.") + "$")
                .mode(Mode.SampleTime).timeUnit(TimeUnit.NANOSECONDS).forks(1)
                .warmupIterations(2).warmupTime(TimeValue.seconds(1)).measurementIterations(5).measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class).verbosity(VerboseMode.SILENT).shouldFailOnError(true).build()).run();
    }

    private static void table(Report to, String what, String parameter, Collection<RunResult> results) {
        List<Case> cases = new ArrayList<>();
        for (RunResult result : results) {
            Statistics times = result.getPrimaryResult().getStatistics();
            cases.add(new Case(Long.parseLong(result.getParams().getParam(parameter)), times.getPercentile(50), times.getPercentile(99),
                    result.getSecondaryResults().get("gc.alloc.rate.norm").getScore()));
        }
        cases.sort((a, b) -> Long.compare(a.size(), b.size()));
        Case first = cases.get(0);
        to.table(List.of(what, "median, µs", "99 %, µs", "KB allocated", "time, relative", "bytes, relative"), cases.stream().map(one -> {
            double units = (double) one.size() / first.size();
            return List.of(Long.toString(one.size()), text("%.1f", one.half() / 1_000), text("%.1f", one.most() / 1_000), text("%.1f", one.bytes() / 1_000),
                    text("%.2f", one.half() / first.half() / units), text("%.2f", one.bytes() / first.bytes() / units));
        }).toList());
    }

    private static String text(String format, double number) {
        return String.format(Locale.ROOT, format, number);
    }
}
