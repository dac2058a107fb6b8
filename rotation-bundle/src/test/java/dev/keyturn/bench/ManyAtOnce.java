package dev.keyturn.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Many secrets, so many activations at a time, in one process and in several, on one real PostgreSQL. */
final class ManyAtOnce implements Section {

    private static final int WARM = 10;
    // So that the whole keeps to about four minutes on a slow machine too.
    private static final int MOST_SECONDS = 20;

    private final int secrets;
    private final int[] atOnce;
    private final int processes;
    private final Map<String, Integer> errors = new TreeMap<>();

    ManyAtOnce() {
        this(1_000, 4, 1, 4, 16, 64);
    }

    /** So many secrets; in one process and in so many; so many activations at a time, of all processes together. */
    ManyAtOnce(int secrets, int processes, int... atOnce) {
        this.secrets = secrets;
        this.processes = processes;
        this.atOnce = atOnce;
    }

    @Override
    public String title() {
        return "Many at once, on one machine";
    }

    @Override
    public void run(Report to) throws Exception {
        to.say(secrets + " secrets, each an account of its own on one PostgreSQL, are due at once, for each row anew; after "
                + MOST_SECONDS + " s no more are begun. The processes that rotate have 256 MB"
                + " of heap at most; PostgreSQL and the stand-in for Secret Manager share the machine with them.");
        List<List<String>> rows = new ArrayList<>();
        try (ManyAccounts accounts = new ManyAccounts(secrets)) {
            for (int many : atOnce) {
                rows.add(row(accounts, 1, many));
                if (many >= processes) {
                    rows.add(row(accounts, processes, many));
                }
            }
            to.table(List.of("processes", "at a time", "rotated", "rotations a second", "median, ms", "99 %, ms", "not completed",
                    "CPU ms each: the action", "PostgreSQL", "Secret Manager", "cores busy", "memory of a process, MB"), rows);
            errors.forEach((error, times) -> to.say("Not completed: " + times + " with " + error + "."));
            to.say("Afterwards, by logins of the benchmark's own: what the chain calls active works for " + accounts.working() + " of " + secrets
                    + " accounts.");
        }
    }

    private List<String> row(ManyAccounts accounts, int count, int many) throws IOException, InterruptedException {
        List<Process> workers = new ArrayList<>();
        List<BufferedReader> answers = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                Process worker = start(many / count);
                workers.add(worker);
                answers.add(worker.inputReader(StandardCharsets.UTF_8));
                hand(accounts, worker, i, count);
            }
            for (BufferedReader answer : answers) {
                if (!ManyWorker.READY.equals(answer.readLine())) {
                    throw new IllegalStateException("a process did not get ready");
                }
            }
            long server = accounts.serverCpuMillis();
            long own = ManyWorker.cpuMillis();
            long since = System.nanoTime();
            for (Process worker : workers) {
                worker.outputWriter(StandardCharsets.UTF_8).write("go\n");
                worker.outputWriter(StandardCharsets.UTF_8).flush();
            }
            List<Long> millis = new ArrayList<>();
            int failed = 0;
            long action = 0;
            long memory = 0;
            for (BufferedReader answer : answers) {
                for (String line = answer.readLine(); line != null; line = answer.readLine()) {
                    String[] words = line.split(" ", 3);
                    if (words[0].equals("itself")) {
                        action += Long.parseLong(words[1]);
                        memory = Math.max(memory, Long.parseLong(words[2]));
                    } else {
                        if (!words[0].equals("completed")) {
                            failed++;
                            errors.merge(words[2], 1, Integer::sum);
                        }
                        millis.add(Long.parseLong(words[1]));
                    }
                }
            }
            double seconds = (System.nanoTime() - since) / 1e9;
            own = ManyWorker.cpuMillis() - own;
            server = server < 0 ? -1 : accounts.serverCpuMillis() - server;
            millis.sort(null);
            double each = millis.size();
            return List.of(Integer.toString(count), Integer.toString(many), Integer.toString(millis.size()), text(each / seconds),
                    Long.toString(millis.get(millis.size() / 2)), Long.toString(millis.get(millis.size() * 99 / 100)), Integer.toString(failed),
                    text(action / each), server < 0 ? "?" : text(server / each), text(own / each),
                    text((action + own + Math.max(0, server)) / seconds / 1_000), Long.toString(memory));
        } finally {
            for (Process worker : workers) {
                worker.destroy();
                worker.waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    /** Every so manyth secret, from a first one on; and some of them once more before, to get warm. */
    private void hand(ManyAccounts accounts, Process worker, int first, int step) throws IOException {
        Writer arguments = worker.outputWriter(StandardCharsets.UTF_8);
        for (int i = 0; i < WARM; i++) {
            arguments.write(accounts.due(accounts.all().get((first + i * step) % secrets), accounts.endpoint()) + "\n");
        }
        for (int next = first; next < secrets; next += step) {
            arguments.write(accounts.due(accounts.all().get(next), accounts.endpoint()) + "\n");
        }
        arguments.write("\n");
        arguments.flush();
    }

    private static Process start(int atOnce) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-cp", System.getProperty("java.class.path"), ManyWorker.class.getName(), Integer.toString(atOnce), Integer.toString(WARM),
                Integer.toString(MOST_SECONDS)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static String text(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }
}
