package dev.keyturn.bench;

import dev.keyturn.bundle.OtherMaven;
import dev.keyturn.bundle.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Each bundle in a fresh JVM, and what it takes; against the bare calls in a fresh JVM. */
final class Bundles implements Section {

    private static final String HEAP = "-Xmx128m";
    private static final int MOST_HEAP = 64;
    private static final int LEAST_HEAP = 2;

    private final Path jarWithAll;
    private final int rounds;
    private final int warmRuns;

    /**
     * Its size.
     *
     * @param jarWithAll the finished jar with all plugins; those with one are built here
     * @param rounds how many fresh JVMs of each kind
     * @param warmRuns how many runs in one JVM, of which the second half counts
     */
    Bundles(Path jarWithAll, int rounds, int warmRuns) {
        this.jarWithAll = jarWithAll;
        this.rounds = rounds;
        this.warmRuns = warmRuns;
    }

    @Override
    public String title() {
        return "Bundles, from a fresh JVM";
    }

    @Override
    public void run(Report to) throws Exception {
        Path folder = Files.createDirectories(Path.of("target", "bench").toAbsolutePath());
        OtherMaven maven = new OtherMaven();
        FreshJvm jvm = new FreshJvm(folder.resolve("fresh"));
        List<List<String>> times = new ArrayList<>();
        List<List<String>> sizes = new ArrayList<>();
        for (Way way : Way.values()) {
            if (way.target.available()) {
                measure(way.label, way, build(maven, folder.resolve("bundle-" + way.target.type()), way.target.type()), jvm, times, sizes);
            } else {
                to.say("Not measured: " + way.label + ", which does not run here.");
            }
        }
        measure("all, on PostgreSQL", Way.POSTGRESQL, jarWithAll, jvm, times, sizes);
        to.say("Milliseconds without a delay: median (least to most) of " + rounds + " fresh JVMs, from the start of the process until the job"
                + " is completed; and of a warm run. No class data archive but the JDK's own.");
        to.table(List.of("bundle", "rotation", "bare calls", "rotation ÷ bare", "wanted", "rotation's CPU", "bare calls' CPU",
                "warm rotation"), times);
        to.table(List.of("bundle", "jar, kB", "peak memory, MB", "bare calls' peak, MB", "smallest -Xmx, MB"), sizes);
    }

    private void measure(String label, Way way, Path jar, FreshJvm jvm, List<List<String>> times, List<List<String>> sizes) throws Exception {
        try (Place place = new Place(way)) {
            Figures rotation = new Figures();
            Figures bare = new Figures();
            Figures cpu = new Figures();
            Figures bareCpu = new Figures();
            Figures peak = new Figures();
            Figures barePeak = new Figures();
            for (int i = 0; i < rounds; i++) {
                FreshJvm.Ended ours = ok(jvm.action(jar, HEAP, jobs(place, 1)), label);
                rotation.add(ours.millis());
                cpu.add(ours.cpuMillis());
                peak.add(ours.peakKilobytes() / 1024.0);
                FreshJvm.Ended other = ok(jvm.bare(jar, HEAP, List.of(place.bareArguments().toString())), label);
                bare.add(other.millis());
                bareCpu.add(other.cpuMillis());
                barePeak.add(other.peakKilobytes() / 1024.0);
            }
            Figures warm = new Figures();
            List<Double> runs = ok(jvm.action(jar, HEAP, jobs(place, warmRuns)), label).runs();
            runs.subList(warmRuns / 2, warmRuns).forEach(warm::add);
            times.add(List.of(label, rotation.toString(), bare.toString(), Figures.ratio(rotation.median(), bare.median()), "0.70",
                    cpu.toString(), bareCpu.toString(), warm.toString()));
            sizes.add(List.of(label, Long.toString(Files.size(jar) / 1000), peak.toString(), barePeak.toString(),
                    Integer.toString(smallestHeap(place, jar, jvm))));
        }
    }

    private static List<String> jobs(Place place, int count) {
        // Triggered all at once: a job waits until it is started.
        return Stream.generate(() -> place.arguments().toString()).limit(count).toList();
    }

    private static FreshJvm.Ended ok(FreshJvm.Ended ended, String label) {
        if (!ended.ok()) {
            throw new IllegalStateException(label + ": a run in a fresh JVM was not done");
        }
        return ended;
    }

    /** By halving: what is enough is enough for all that is more. */
    private static int smallestHeap(Place place, Path jar, FreshJvm jvm) throws IOException, InterruptedException {
        int tooSmall = LEAST_HEAP - 1;
        int enough = MOST_HEAP;
        while (enough - tooSmall > 1) {
            int middle = (enough + tooSmall) / 2;
            if (jvm.action(jar, "-Xmx" + middle + "m", jobs(place, 1)).ok()) {
                enough = middle;
            } else {
                tooSmall = middle;
            }
        }
        return enough;
    }

    /** This module once more, elsewhere, with one plugin. */
    private static Path build(OtherMaven maven, Path folder, String profile) throws IOException, InterruptedException {
        Path here = Path.of("").toAbsolutePath();
        Path module = Files.createDirectories(folder.resolve("rotation-bundle"));
        Files.writeString(folder.resolve("LICENSE"), Files.readString(OtherMaven.MODULES.resolve("LICENSE")));
        Files.writeString(module.resolve("pom.xml"), Files.readString(here.resolve("pom.xml")));
        try (Stream<Path> sources = Files.walk(here.resolve("src").resolve("main"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                Path copy = module.resolve(here.relativize(source).toString());
                Files.createDirectories(copy.getParent());
                Files.write(copy, Files.readAllBytes(source));
            }
        }
        Ran built = maven.run(module, "-Dmaven.test.skip=true", "-P" + profile, "package");
        if (built.exitCode() != 0) {
            throw new IOException("the bundle with " + profile + " was not built: " + built.output());
        }
        return module.resolve("target").resolve("keyturn.jar");
    }
}
