package dev.keyturn.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.engine.rotation.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Runs many activations, so many at a time. As a process of its own it reads their arguments from standard input. */
final class ManyWorker {

    // Held, because the setting is forgotten with the logger. The lines are made, and nobody writes them anywhere.
    private static final Logger LOG = Logger.getLogger("dev.keyturn");

    static final String READY = "ready";

    /** Of which secret an activation was, how it ended, with what error if it was not completed, and how long it took. */
    record Ended(String secretId, String job, String error, long millis) {
    }

    private ManyWorker() {
    }

    /** Runs all, unless the seconds are over before: then no more are begun. Returns when the last has ended. */
    static List<Ended> run(List<String> arguments, int atOnce, long seconds) throws InterruptedException {
        LOG.setUseParentHandlers(false);
        long since = System.nanoTime();
        Queue<String> due = new ConcurrentLinkedQueue<>(arguments);
        Queue<Ended> ended = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            Thread thread = new Thread(() -> {
                for (String next = due.poll(); next != null && System.nanoTime() - since < seconds * 1_000_000_000; next = due.poll()) {
                    ended.add(run(next));
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return List.copyOf(ended);
    }

    private static Ended run(String arguments) {
        long since = System.nanoTime();
        JsonNode result = ActionRun.run(arguments, true, Map.of(), Progress.NONE).document();
        JsonNode error = result.path("error");
        return new Ended(result.path("secretId").stringValue(), result.path("job").stringValue(),
                error.isObject() ? error.path("code").stringValue() + " at " + error.path("step").stringValue() : "", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since));
    }

    /**
     * Reads arguments up to an empty line; runs the first of them to get warm and says that it is ready; at the next line runs the rest,
     * and writes a line for each, and one about itself.
     *
     * @param args how many at a time, how many to get warm with, and after how many seconds no more are begun
     */
    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        List<String> arguments = new ArrayList<>();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            arguments.add(line);
        }
        int atOnce = Integer.parseInt(args[0]);
        int warm = Integer.parseInt(args[1]);
        run(arguments.subList(0, warm), atOnce, Integer.MAX_VALUE);
        System.out.println(READY);
        in.readLine();
        long cpu = cpuMillis();
        run(arguments.subList(warm, arguments.size()), atOnce, Integer.parseInt(args[2]))
                .forEach(one -> System.out.println(one.job() + " " + one.millis() + " " + one.error()));
        System.out.println("itself " + (cpuMillis() - cpu) + " " + peakMegabytes());
    }

    static long cpuMillis() {
        return TimeUnit.NANOSECONDS.toMillis(((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime());
    }

    /** The most memory that the process ever had, as the system counts it; -1 where it does not tell. */
    private static long peakMegabytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:")).map(line -> line.replaceAll("[^0-9]", "")).mapToLong(Long::parseLong)
                    .map(kilobytes -> kilobytes / 1024).findAny().orElse(-1);
        } catch (IOException | UncheckedIOException e) {
            return -1;
        }
    }
}
