package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The finished jar as a process. */
class ShellIT {

    @TempDir
    Path temp;

    private record Ran(int exitCode, String out, String err) {
    }

    private Ran run(String input, Map<String, String> environment, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
                System.getProperty("keyturn.jar")));
        command.addAll(List.of(args));
        Path out = temp.resolve("out");
        Path err = temp.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        assertTrue(process.waitFor(90, TimeUnit.SECONDS), "the process ended");
        return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private Path file(JsonNode arguments) throws IOException {
        return Files.writeString(temp.resolve("arguments.json"), arguments.toString());
    }

    @Test
    void done_oneDocumentAndALineAStep() throws Exception {
        try (Scene scene = new Scene()) {
            Ran ran = run("", Map.of(), "rotate", "--arguments", file(scene.arguments()).toString());
            assertEquals(0, ran.exitCode(), ran.err());
            assertTrue(Scene.JSON.readTree(ran.out()).path("done").booleanValue(), ran.out());
            for (String step : List.of("start", "preflight", "pending", "change", "test", "complete")) {
                assertTrue(ran.err().lines().anyMatch(line -> line.startsWith(step + " ")), step + " in " + ran.err());
            }
            assertTrue(scene.activeWorks());
        }
    }

    @Test
    void argumentsFromStandardInput_keysFromTheEnvironment_quietly() throws Exception {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = scene.arguments();
            arguments.remove(List.of("accessKey", "secretKey"));
            Ran ran = run(arguments.toString(),
                    Map.of("NCLOUD_ACCESS_KEY", scene.manager.accessKey(), "NCLOUD_SECRET_KEY", scene.manager.secretKey()),
                    "rotate", "--arguments", "-", "--quiet");
            assertEquals(0, ran.exitCode(), ran.err());
            assertEquals("", ran.err());
            assertTrue(Scene.JSON.readTree(ran.out()).path("done").booleanValue());
        }
    }

    @Test
    void notDone_exitOneAndTheReason() throws Exception {
        try (Scene scene = new Scene()) {
            scene.active.put(Scene.KEY, "not-the-password");
            scene.secret(null, null);
            Ran ran = run("", Map.of(), "rotate", "--arguments", file(scene.arguments()).toString());
            assertEquals(1, ran.exitCode());
            assertEquals("KT-501", Scene.JSON.readTree(ran.out()).path("error").path("code").stringValue());
            assertFalse((ran.out() + ran.err()).contains("not-the-password"));
        }
    }

    @Test
    void misused_exitTwo() throws Exception {
        Ran wrong = run("no JSON", Map.of(), "rotate", "--arguments", "-");
        assertEquals(2, wrong.exitCode());
        assertEquals("KT-101", Scene.JSON.readTree(wrong.out()).path("error").path("code").stringValue());
        Ran missing = run("", Map.of(), "rotate", "--arguments", temp.resolve("none").toString());
        assertEquals(2, missing.exitCode());
        assertTrue(Scene.JSON.readTree(missing.out()).has("error"));
        assertEquals(2, run("", Map.of(), "rotate").exitCode());
        assertEquals(2, run("", Map.of(), "turn").exitCode());
        assertEquals(2, run("", Map.of()).exitCode());
    }

    @Test
    void helpAndVersion() throws Exception {
        Ran help = run("", Map.of(), "rotate", "--help");
        assertEquals(0, help.exitCode());
        assertTrue(help.out().contains("--arguments") && help.out().contains("Exit codes"), help.out());
        assertTrue(run("", Map.of(), "--version").out().startsWith("keyturn "));
    }
}
