package dev.keyturn.crash;

import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.engine.rotation.Progress;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process that runs the finished action again and again and is never killed, as the platform uses a container again. It does the
 * runs that nothing happens to, and saves them the start of a JVM.
 */
final class Warm implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;

    Warm(Path jar, Path errors) {
        try {
            Path classes = Path.of(Warm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            List<String> command = Action.java();
            command.addAll(List.of("-cp", jar + File.pathSeparator + classes, Warm.class.getName()));
            process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
            answers = process.inputReader(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs once. */
    Action.Ended run(Path arguments) {
        try {
            process.getOutputStream().write((arguments + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException("the process that runs again and again has ended");
            }
            JsonNode answer = JsonMapper.shared().readTree(line);
            return new Action.Ended(false, answer.path("exitCode").intValue(), answer.path("result"), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It ends when its input does. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Reads the path of a file with arguments from each line of its input, and answers with a line.
     *
     * @param args none
     */
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String file = in.readLine(); file != null; file = in.readLine()) {
            ActionRun.Ended ended = ActionRun.run(Files.readString(Path.of(file)), true, Map.of(), Progress.NONE);
            System.out.println("{\"exitCode\":" + ended.exitCode() + ",\"result\":" + ended.document() + "}");
        }
    }
}
