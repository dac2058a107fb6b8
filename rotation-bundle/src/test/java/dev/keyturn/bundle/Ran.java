package dev.keyturn.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What came of a process.
 *
 * @param exitCode how it ended
 * @param output what it wrote, errors included
 */
public record Ran(int exitCode, String output) {

    static final String JAVA = Jdk.running().java().toString();

    /** Runs it in the folder, and waits for its end. */
    static Ran run(Path folder, Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("did not end: " + command + "\n" + Files.readString(output));
        }
        return new Ran(process.exitValue(), Files.readString(output));
    }
}
