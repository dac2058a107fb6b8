package dev.keyturn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs all benchmarks, one after the other, and writes the figures into docs/benchmarks.md, which says what they mean. */
final class Benchmarks {

    private static final String USAGE = "Benchmarks [--page FILE] [--only NAME,NAME]";
    /** What stands above it on the page is written by hand. */
    private static final String FROM_HERE = "<!-- From here on: written by the command. -->";

    private final Map<String, Section> sections = new LinkedHashMap<>();
    private Path page = Path.of("target", "benchmarks.md");

    private Benchmarks() {
        sections.put("floor", new Floor(15, 150));
        sections.put("bundles", new Bundles(Path.of(System.getProperty("keyturn.jar", "target/keyturn.jar")), 9, 60));
        sections.put("warm-cost", new WarmCost());
        sections.put("many", new ManyAtOnce());
        sections.put("throttled", new ManyAtOnceThrottled());
    }

    /**
     * Measures, prints and writes.
     *
     * @param args see the page
     */
    public static void main(String[] args) throws Exception {
        Benchmarks all = new Benchmarks();
        try {
            all.read(args);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            System.err.println(e.getMessage() + "\n" + USAGE + "\nnames: " + all.sections.keySet());
            System.exit(2);
        }
        all.run();
        // Servers of the tests end with the JVM; their threads need not.
        System.exit(0);
    }

    private void read(String... args) {
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--page" -> page = Path.of(args[++i]);
                case "--only" -> {
                    List<String> wanted = List.of(args[++i].split(","));
                    if (!sections.keySet().containsAll(wanted)) {
                        throw new IllegalArgumentException("unknown: " + wanted);
                    }
                    sections.keySet().retainAll(wanted);
                }
                default -> throw new IllegalArgumentException("unknown: " + args[i]);
            }
        }
    }

    private void run() throws Exception {
        long since = System.nanoTime();
        Report report = new Report();
        report.say("Measured on " + LocalDate.now(ZoneOffset.UTC) + ": " + machine() + ".");
        for (Section section : sections.values()) {
            report.heading(section.title());
            section.run(report);
        }
        report.say("The whole took " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since) + " s.");
        String before = Files.exists(page) ? Files.readString(page) : FROM_HERE;
        Files.writeString(page, before.substring(0, before.indexOf(FROM_HERE) + FROM_HERE.length()) + "\n" + report);
    }

    /** No name, no path. */
    private static String machine() throws IOException {
        return "JDK " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors() + " cores, "
                + System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    }
}
