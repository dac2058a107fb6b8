package dev.keyturn.crash;

import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.engine.action.CheckRun;
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

    private static final String ROTATE = "rotate ";
    private static final String CHECK = "check ";

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
        return ask(ROTATE, arguments);
    }

    /** Checks once. */
    Action.Ended check(Path arguments) {
        return ask(CHECK, arguments);
    }

    private Action.Ended ask(String what, Path arguments) {
        try {
            process.getOutputStream().write((what + arguments + "\n").getBytes(StandardCharsets.UTF_8));
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
     * Reads from each line of its input what to do and the path of a file with arguments, and answers with a line.
     *
     * @param args none
     */
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith(CHECK)) {
                CheckRun.Ended ended = CheckRun.run(arguments(line, CHECK), null, List.of(), Map.of(), List.of(), Progress.NONE);
                answer(ended.exitCode(), ended.document());
            } else {
                ActionRun.Ended ended = ActionRun.run(arguments(line, ROTATE), true, Map.of(), Progress.NONE);
                answer(ended.exitCode(), ended.document());
            }
        }
    }

    private static String arguments(String line, String what) throws IOException {
        return Files.readString(Path.of(line.substring(what.length())));
    }

    private static void answer(int exitCode, JsonNode document) {
        System.out.println("{\"exitCode\":" + exitCode + ",\"result\":" + document + "}");
    }
}
