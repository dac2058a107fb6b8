package dev.keyturn.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
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

    private static final String ALL = "all";
    private static final String USAGE = """
            CrashHarness --jar FILE [--cases N|all] [--targets postgresql,mysql,redis,mssql] [--parallel N] [--seed N] [--wrong-order]
                         [--only TEXT] [--out FILE]
            """;
    /** For each target, how many of the cases that mostly wait are played at a time, beside the others. */
    private static final int WAITING = 3;

    private Path jar = Path.of("target", "keyturn.jar");
    private Path out = Path.of("target", "crash-harness.md");
    private List<Server.Kind> targets = List.of(Server.Kind.values());
    private String cases = ALL;
    private int parallel = 3;
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
                case "--cases" -> cases = args[++i];
                case "--parallel" -> parallel = Integer.parseInt(args[++i]);
                case "--seed" -> seed = Long.parseLong(args[++i]);
                case "--targets" -> targets = Arrays.stream(args[++i].toUpperCase(Locale.ROOT).split(",")).map(Server.Kind::valueOf).toList();
                case "--only" -> only = args[++i];
                case "--wrong-order" -> wrongOrder = true;
                default -> throw new IllegalArgumentException("unknown: " + args[i]);
            }
        }
        limit();
        targets.stream().filter(target -> !target.available()).forEach(target -> System.out.println("not tried: " + target.label()
                + " has no server for this platform"));
        targets = targets.stream().filter(Server.Kind::available).toList();
    }

    private int limit() {
        return cases.equals(ALL) ? Integer.MAX_VALUE : Integer.parseInt(cases);
    }

    private boolean run() throws InterruptedException, ExecutionException {
        ExecutorService quick = Executors.newFixedThreadPool(parallel);
        ExecutorService waiting = Executors.newCachedThreadPool();
        List<Future<?>> all = new ArrayList<>();
        targets.forEach(kind -> all.add(quick.submit(() -> target(kind, waiting))));
        quick.shutdown();
        for (Future<?> one : all) {
            one.get();
        }
        waiting.shutdown();
        System.out.println(save());
        return table.gone().isEmpty() && (wrongOrder ? table.count(Outcome.Verdict.LOST) > 0 : table.failures().isEmpty());
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

    private void target(Server.Kind kind, ExecutorService waiting) {
        List<Future<?>> beside = new ArrayList<>();
        try (Bench bench = bench(kind)) {
            if (wrongOrder) {
                Plan.kills(bench.lookAtWrongOrder()).stream().limit(limit()).map(blow -> Spec.of(Spec.Scene.ORDINARY, false, false).with(blow))
                        .forEach(spec -> table.add(kind, spec, bench.playWrongOrder(spec)));
                return;
            }
            List<Spec> specs = plan(kind, bench);
            List<Spec> slow = specs.stream().filter(Spec::waits).toList();
            for (int part = 0; part < WAITING && part < slow.size(); part++) {
                int first = part;
                beside.add(waiting.submit(() -> waiting(kind, every(WAITING, first, slow))));
            }
            play(bench, specs.stream().filter(spec -> !spec.waits()).toList());
        } catch (Gone | Bench.Unplayable e) {
            stop(kind, e);
        }
        for (Future<?> one : beside) {
            try {
                one.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** With a server of their own, so that they are not in the others' way. */
    private void waiting(Server.Kind kind, List<Spec> specs) {
        try (Bench bench = bench(kind)) {
            bench.look(Spec.of(Spec.Scene.ORDINARY, true, false));
            play(bench, specs);
        } catch (Gone | Bench.Unplayable e) {
            stop(kind, e);
        }
    }

    private Bench bench(Server.Kind kind) {
        return new Bench(kind, jar, Path.of("target", "crash"));
    }

    private List<Spec> plan(Server.Kind kind, Bench bench) {
        Map<Spec, CrashCase.Seen> seen = new LinkedHashMap<>();
        Spec.beginnings(bench.server().overlaps()).forEach(beginning -> seen.put(beginning, bench.look(beginning)));
        List<Spec> all = Plan.longForm(seen, new Random(seed));
        List<Spec> specs = all.stream().filter(spec -> spec.toString().contains(only)).limit(limit()).toList();
        List<List<Integer>> messages = seen.values().stream().map(CrashCase.Seen::messages).distinct().toList();
        System.err.println(kind.type() + ": an undisturbed run has " + messages
                + " messages, by connection; " + specs.size() + " of " + all.size() + " cases, of which "
                + specs.stream().filter(Spec::waits).count() + " mostly wait");
        return specs;
    }

    private static List<Spec> every(int nth, int first, List<Spec> specs) {
        List<Spec> part = new ArrayList<>();
        for (int i = first; i < specs.size(); i += nth) {
            part.add(specs.get(i));
        }
        return part;
    }

    private void play(Bench bench, List<Spec> specs) {
        Server.Kind kind = bench.kind();
        for (Spec spec : specs) {
            if (table.isGone(kind)) {
                return;
            }
            table.add(kind, spec, bench.play(spec));
            if (table.cases(kind) % 50 == 0) {
                save();
                System.err.println(kind.type() + ": " + table.cases(kind) + " cases, " + table.failures().size() + " failures of all targets");
            }
        }
    }

    private void stop(Server.Kind kind, RuntimeException gone) {
        table.gone(kind, gone.getMessage());
        System.err.println(gone.getMessage());
    }
}
