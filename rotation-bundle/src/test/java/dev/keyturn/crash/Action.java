package dev.keyturn.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One run of the action: a process of its own. */
final class Action {

    /** The time-out of runs that nothing slows down. */
    static final int LONG_MILLIS = 50_000;
    /** The time-out of runs in which something does not answer. */
    static final int SHORT_MILLIS = 8_000;

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int SIGKILL = 128 + 9;
    // A run ends by itself before its time-out; this much later it is counted as one that hangs.
    private static final int MARGIN_MILLIS = 30_000;

    private final List<String> command;
    private final Path folder;
    private final ObjectNode arguments;
    private final CompletableFuture<Process> started = new CompletableFuture<>();

    /**
     * A run that has ended.
     *
     * @param killed whether by SIGKILL
     * @param exitCode the process's
     * @param result the result document; an empty one if there is none
     * @param errors what it wrote to standard error
     */
    record Ended(boolean killed, int exitCode, JsonNode result, String errors) {

        String job() {
            return result.path("job").asString("");
        }

        /** What to tell of it; it holds no secret. */
        @Override
        public String toString() {
            return "exit code " + exitCode + ", " + result + (errors.isBlank() ? "" : ", " + errors.strip());
        }
    }

    Action(List<String> command, Path folder, ObjectNode arguments) {
        this.command = command;
        this.folder = folder;
        this.arguments = arguments;
    }

    /** Starts it and waits for its end. */
    Ended run() {
        try {
            Path file = file();
            Path out = folder.resolve("out");
            Path errors = folder.resolve("errors");
            List<String> line = new ArrayList<>(command);
            line.add(file.toString());
            Process process = new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            started.complete(process);
            long limit = arguments.path("timeoutMillis").asInt() + MARGIN_MILLIS;
            if (!process.waitFor(limit, TimeUnit.MILLISECONDS)) {
                kill();
                throw new Broken("the process did not end within " + limit + " ms");
            }
            String text = Files.readString(out);
            return new Ended(process.exitValue() == SIGKILL, process.exitValue(),
                    text.isBlank() ? JsonNodeFactory.instance.objectNode() : JSON.readTree(text), Files.readString(errors));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs it in a process that does so again and again. */
    Ended run(Warm warm) {
        try {
            return warm.run(file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a check says, which changes nothing. */
    Ended check(Warm warm) {
        try {
            return warm.check(file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file() throws IOException {
        return Files.writeString(folder.resolve("arguments.json"), arguments.toString());
    }

    /** Kills the process and returns when it is dead. */
    void kill() {
        try {
            started.join().destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The finished jar; with an archive of its classes, which the first run to its end makes and later ones start faster with. */
    static List<String> finishedJar(Path jar, Path archive, boolean make) {
        List<String> command = java();
        command.add(make ? "-XX:ArchiveClassesAtExit=" + archive : "-XX:SharedArchiveFile=" + archive);
        command.addAll(List.of("-jar", jar.toString(), "rotate", "--quiet", "--arguments"));
        return command;
    }

    /** The one that changes the target before it stores. */
    static List<String> wrongOrder() {
        List<String> command = java();
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), WrongOrder.class.getName()));
        return command;
    }

    static List<String> java() {
        return new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-Xshare:auto", "-Xlog:disable"));
    }
}
