package dev.keyturn.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The long form of the crash harness, from the command line. What it is and what it checks: docs/crash-harness.md. */
final class CrashHarness {

    private static final String USAGE = """
            CrashHarness --jar FILE [--cases N] [--targets postgresql,mysql,redis,mssql] [--parallel N] [--seed N] [--wrong-order]
                         [--only TEXT] [--out FILE]
            """;

    private Path jar = Path.of("target", "keyturn.jar");
    private Path out = Path.of("target", "crash-harness.md");
    private List<Server.Kind> targets = Arrays.stream(Server.Kind.values()).filter(Server.Kind::available).toList();
    private int cases = 1_000;
    private int parallel = 2;
    private long seed = 1;
    private boolean wrongOrder;
    private String only = "";

    private final long since = System.nanoTime();
    private final Table table = new Table();

    private CrashHarness() {
    }

    /**
     * Plays the cases and prints the table. Exit code 0 if all checks held (with {@code --wrong-order}: if accounts were lost),
     * 1 if not, 2 if it was misused.
     *
     * @param args see the page
     */
    public static void main(String[] args) throws Exception {
        CrashHarness harness = new CrashHarness();
        try {
            harness.read(args);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            System.err.println(e.getMessage() + "\n" + USAGE);
            System.exit(2);
        }
        System.exit(harness.run() ? 0 : 1);
    }

    private void read(String... args) {
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--jar" -> jar = Path.of(args[++i]);
                case "--out" -> out = Path.of(args[++i]);
                case "--cases" -> cases = Integer.parseInt(args[++i]);
                case "--parallel" -> parallel = Integer.parseInt(args[++i]);
                case "--seed" -> seed = Long.parseLong(args[++i]);
                case "--targets" -> targets = Arrays.stream(args[++i].toUpperCase(Locale.ROOT).split(",")).map(Server.Kind::valueOf).toList();
                case "--only" -> only = args[++i];
                case "--wrong-order" -> wrongOrder = true;
                default -> throw new IllegalArgumentException("unknown: " + args[i]);
            }
        }
    }

    private boolean run() throws InterruptedException, ExecutionException {
        ExecutorService workers = Executors.newFixedThreadPool(parallel);
        List<Future<?>> all = new ArrayList<>();
        targets.forEach(target -> all.add(workers.submit(() -> run(target))));
        workers.shutdown();
        for (Future<?> one : all) {
            one.get();
        }
        System.out.println(save());
        return wrongOrder ? table.count(Outcome.Verdict.LOST) > 0 : table.failures().isEmpty();
    }

    /** Also on the way, so that a run that is stopped was not in vain. */
    private synchronized String save() {
        String text = "# Crash harness: " + (wrongOrder ? "the wrong order" : "the finished action") + "\n\n" + table.markdown()
                + "\nSeed " + seed + ", " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since) + " s.\n"
                + (table.failures().isEmpty() ? "" : "\n```\n" + String.join("\n", table.failures()) + "\n```\n");
        try {
            Files.writeString(out, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text;
    }

    private void run(Server.Kind kind) {
        try (Bench bench = new Bench(kind, jar, Path.of("target", "crash"))) {
            if (wrongOrder) {
                Plan.kills(bench.lookAtWrongOrder()).stream().limit(cases).map(blow -> new Spec(Spec.Scene.ORDINARY, false, false, List.of(blow)))
                        .forEach(spec -> table.add(kind, spec, bench.playWrongOrder(spec)));
                return;
            }
            Map<Spec.Scene, CrashCase.Seen> seen = new EnumMap<>(Spec.Scene.class);
            for (Spec.Scene scene : Spec.Scene.values()) {
                seen.put(scene, bench.look(scene));
            }
            System.err.println(kind.type() + ": an undisturbed run is " + seen);
            for (Spec spec : Plan.longForm(seen, cases, new Random(seed))) {
                if (!spec.toString().contains(only)) {
                    continue;
                }
                table.add(kind, spec, bench.play(spec));
                if (table.cases(kind) % 50 == 0) {
                    save();
                    System.err.println(kind.type() + ": " + table.cases(kind) + " cases, " + table.failures().size() + " failures of all targets");
                }
            }
        }
    }
}
