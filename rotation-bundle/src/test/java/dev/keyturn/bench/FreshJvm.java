package dev.keyturn.bench;

import com.google.gson.JsonObject;
import dev.keyturn.bundle.Jdk;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Starts JVMs that run {@link OneRun}. */
final class FreshJvm {

    private final Path folder;
    private final String host;
    private final Path bare;

    FreshJvm(Path folder) throws IOException, URISyntaxException {
        this.folder = Files.createDirectories(folder);
        this.host = copy("host", "OneRun") + File.pathSeparator
                + Path.of(JsonObject.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        this.bare = copy("bare", "Bare");
    }

    /** A folder with these classes and no others: the tests' own folder would bring more. */
    private Path copy(String name, String prefix) throws IOException, URISyntaxException {
        Path from = Path.of(OneRun.class.getProtectionDomain().getCodeSource().getLocation().toURI()).resolve("dev/keyturn/bench");
        Path home = folder.resolve(name);
        Path to = Files.createDirectories(home.resolve("dev/keyturn/bench"));
        try (var classes = Files.newDirectoryStream(from, prefix + "*.class")) {
            for (Path file : classes) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return home;
    }

    /**
     * What came of a process.
     *
     * @param millis from its start until the first run was done
     * @param runs milliseconds of each run
     * @param peakKilobytes 0 if the system does not tell
     * @param cpuMillis of all its threads; 0 if the system does not tell
     * @param ok whether all runs were done
     */
    record Ended(double millis, List<Double> runs, long peakKilobytes, long cpuMillis, boolean ok) {
    }

    /** The action in the bundle. */
    Ended action(Path jar, String option, List<String> arguments) throws IOException, InterruptedException {
        return run(option, arguments, "dev.keyturn.engine.action.RotationAction", jar.toString());
    }

    /** The bare calls, with Jackson and the driver from the same jar. */
    Ended bare(Path jar, String option, List<String> arguments) throws IOException, InterruptedException {
        return run(option, arguments, "dev.keyturn.bench.BareSequence", bare.toString(), jar.toString());
    }

    private Ended run(String option, List<String> arguments, String... what) throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve("arguments"), arguments);
        List<String> command = new ArrayList<>(List.of(Jdk.running().java().toString(), option, "-cp", host, OneRun.class.getName(), file.toString()));
        command.addAll(List.of(what));
        long since = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectError(folder.resolve("errors").toFile()).start();
        double first = 0;
        List<Double> runs = new ArrayList<>();
        long peak = 0;
        long cpu = 0;
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("done ")) {
                    first = runs.isEmpty() ? (System.nanoTime() - since) / 1e6 : first;
                    runs.add(Long.parseLong(line.substring("done ".length())) / 1e6);
                } else if (line.startsWith("peak ")) {
                    peak = Long.parseLong(line.substring("peak ".length()));
                } else if (line.startsWith("cpu ")) {
                    cpu = Long.parseLong(line.substring("cpu ".length()));
                }
            }
        }
        int exit = process.waitFor();
        return new Ended(first, runs, peak, cpu, exit == 0 && runs.size() == arguments.size());
    }
}
