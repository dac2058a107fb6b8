package dev.keyturn.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The long form of the probe, from the command line. What it is and what it shows: docs/zero-downtime.md. */
final class Probe {

    private static final String USAGE = """
            Probe [--rotations N] [--targets postgresql,mysql,redis,mssql] [--modes overlap,two_accounts,one_account,samples_order] [--docs FOLDER]
            """;
    /** One client each. Between two rotations both must have read again, or no mode could help. */
    private static final int[] CACHE_MILLIS = {0, 200};
    private static final int BETWEEN_MILLIS = 400;
    // Not counted: the first ones load classes and are slow.
    private static final int WARM_UP = 5;
    // A level is forgotten with its logger.
    private static final Logger LOG = Logger.getLogger("dev.keyturn");

    private final Set<Target.Kind> targets = EnumSet.allOf(Target.Kind.class);
    private final Set<Mode> modes = EnumSet.allOf(Mode.class);
    private int rotations = 100;
    private @Nullable Path docs;

    private Probe() {
    }

    /**
     * Measures and prints the table. Exit code 0 if all was as it should be, 1 if not, 2 if it was misused.
     *
     * @param args see the page
     */
    public static void main(String[] args) throws IOException {
        Probe probe = new Probe();
        try {
            probe.read(args);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            System.err.println(e.getMessage() + "\n" + USAGE);
            System.exit(2);
        }
        LOG.setLevel(Level.WARNING);
        System.exit(probe.run() ? 0 : 1);
    }

    private void read(String... args) {
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--rotations" -> rotations = Integer.parseInt(args[++i]);
                case "--targets" -> targets.retainAll(Arrays.stream(args[++i].toUpperCase(Locale.ROOT).split(",")).map(Target.Kind::valueOf).toList());
                case "--modes" -> modes.retainAll(Arrays.stream(args[++i].toUpperCase(Locale.ROOT).split(",")).map(Mode::valueOf).toList());
                case "--docs" -> docs = Path.of(args[++i]);
                default -> throw new IllegalArgumentException("unknown: " + args[i]);
            }
        }
    }

    private boolean run() throws IOException {
        for (Target.Kind kind : EnumSet.copyOf(targets)) {
            if (!kind.available()) {
                System.out.println(kind.label + " left out: there is no server for this machine. The page stays as it is.");
                targets.remove(kind);
                docs = null;
            }
        }
        List<Measured> all = new ArrayList<>();
        Map<Target.Kind, Target> servers = new EnumMap<>(Target.Kind.class);
        try {
            for (Mode mode : modes) {
                for (Target.Kind kind : targets) {
                    if (mode.targets.contains(kind)) {
                        all.add(measure(kind, servers.computeIfAbsent(kind, Target.Kind::start), mode));
                        System.err.println(Report.summary(all.get(all.size() - 1)));
                    }
                }
            }
        } finally {
            servers.values().forEach(Target::close);
        }
        String text = Report.conditions(BETWEEN_MILLIS) + "\n" + Report.table(all, CACHE_MILLIS);
        System.out.println(text);
        if (docs != null) {
            Path page = docs.resolve("zero-downtime.md");
            Files.writeString(page, Report.into(Files.readString(page), text));
            Plot.write(all, Files.createDirectories(docs.resolve("images")).resolve("zero-downtime.png"), CACHE_MILLIS);
        }
        List<Measured> wrong = all.stream().filter(one -> !one.asWanted()).toList();
        wrong.forEach(one -> System.out.println("Not as it should be: " + Report.summary(one)));
        return wrong.isEmpty();
    }

    /** Where clients must be refused, half the rotations tell enough. */
    private Measured measure(Target.Kind kind, Target target, Mode mode) {
        int count = mode.keepsClients() ? rotations : (rotations + 1) / 2;
        try (Rotating rotating = new Rotating(kind, target, mode)) {
            List<Long> begins = new ArrayList<>();
            Clients clients = new Clients(rotating::active, target, CACHE_MILLIS);
            try (clients) {
                for (int i = 0; i < WARM_UP + count; i++) {
                    pause();
                    begins.add(System.nanoTime());
                    rotating.rotate();
                }
                pause();
            }
            List<Long> counted = begins.subList(WARM_UP, begins.size());
            Map<Integer, List<Login>> logins = clients.logins().stream().filter(login -> login.began() >= counted.get(0))
                    .collect(Collectors.groupingBy(Login::cacheMillis, TreeMap::new, Collectors.toList()));
            Map<Integer, Figures> figures = new TreeMap<>();
            logins.forEach((cache, some) -> figures.put(cache, Figures.of(counted, some)));
            return new Measured(kind, mode, figures);
        }
    }

    private static void pause() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BETWEEN_MILLIS);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
