package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.keyturn.engine.action.RotationAction;
import dev.keyturn.testkit.LocalSecretManager;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A check by the finished jar as a process; and what the action writes to the platform's log. */
class CheckIT {

    private static final String JAR = System.getProperty("keyturn.jar");

    @TempDir
    Path temp;

    private record Ran(int exitCode, String out, String err) {
    }

    private Ran java(String input, Map<String, String> environment, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Duser.language=en"));
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

    private Ran check(String input, String... args) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-jar", JAR, "check"));
        all.addAll(List.of(args));
        return java(input, Map.of(), all.toArray(String[]::new));
    }

    private static void assumePostgresql() {
        Assumptions.assumeTrue(PluginsIT.holds(EveryTarget.POSTGRESQL), "postgresql is in this bundle");
    }

    private String file(JsonNode arguments, String permissions) throws IOException {
        Path file = Files.writeString(temp.resolve("arguments.json"), arguments.toString());
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        }
        return file.toString();
    }

    @Test
    void oneDocumentOnStandardOutput_andLinesForPeopleOnStandardError() throws Exception {
        assumePostgresql();
        try (Scene scene = new Scene()) {
            Ran ran = check("", "--arguments", file(scene.arguments(), "rw-------"));
            assertEquals(0, ran.exitCode(), ran.err());
            JsonNode document = Scene.JSON.readTree(ran.out());
            assertTrue(document.path("ok").booleanValue(), ran.out());
            assertEquals(0, document.path("warnings").size(), ran.out());
            for (String line : List.of("start ", "preflight ", "  cdbPassword, active: works", "  a rotation would do this: ", "  nothing speaks against a rotation")) {
                assertTrue(ran.err().lines().anyMatch(any -> any.startsWith(line)), line + " in " + ran.err());
            }
            assertFalse((ran.out() + ran.err()).contains("\u001b"), "colours only on a terminal");
            assertTrue(scene.accepts(scene.oldPassword));
        }
    }

    @Test
    void whoElseMayReadTheArguments() throws Exception {
        assumePostgresql();
        try (Scene scene = new Scene()) {
            String file = file(scene.arguments(), "rw-r-----");
            Assumptions.assumeTrue(Files.getFileStore(Path.of(file)).supportsFileAttributeView("posix"), "a file system with permissions");
            Ran ran = check("", "--arguments", file);
            assertEquals(0, ran.exitCode());
            assertTrue(Scene.JSON.readTree(ran.out()).path("warnings").toString().contains("--arguments (rw-r-----)"), ran.out());
            assertTrue(ran.err().contains("warning: others than its owner"), ran.err());
        }
    }

    @Test
    void theChainFromStandardInput_quietly() throws Exception {
        assumePostgresql();
        try (Scene scene = new Scene()) {
            ObjectNode arguments = scene.arguments();
            arguments.remove(List.of("secretId", "jobToken", "accessKey", "secretKey"));
            Ran ran = check(scene.active.toString(), "--arguments", file(arguments, "rw-------"), "--chain", "-", "--rotating-key", Scene.KEY, "--quiet");
            assertEquals(0, ran.exitCode(), ran.out());
            assertEquals("", ran.err());
            assertTrue(Scene.JSON.readTree(ran.out()).path("ok").booleanValue(), ran.out());
            assertEquals(List.of(), scene.calls());
        }
    }

    @Test
    void exitCodes() throws Exception {
        assumePostgresql();
        try (Scene scene = new Scene()) {
            scene.active.put(Scene.KEY, "not-the-password");
            scene.secret(null, null);
            Ran refused = check("", "--arguments", file(scene.arguments(), "rw-------"));
            assertEquals(1, refused.exitCode(), refused.out());
            assertTrue(refused.err().lines().anyMatch(line -> line.startsWith("  KT-501, a rotation would end at preflight")), refused.err());
            assertFalse((refused.out() + refused.err()).contains("not-the-password"));
        }
        assertEquals(2, check("{\"secretID\":\"x\"}", "--arguments", "-").exitCode());
        assertEquals(2, check("{}", "--arguments", "-", "--chain", "-").exitCode());
        assertEquals(2, check("").exitCode());
        Ran help = check("", "--help");
        assertEquals(0, help.exitCode());
        assertTrue(help.out().contains("changes nothing") && help.out().contains("Exit codes"), help.out());
    }

    /** As the platform calls it: one JVM, several activations. */
    static final class Platform {

        private Platform() {
        }

        /** Each line of standard input is the arguments of one activation. */
        public static void main(String[] args) throws IOException {
            for (String line : new String(System.in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                JsonObject result = RotationAction.main(JsonParser.parseString(line).getAsJsonObject());
                System.out.println(result.get("done"));
            }
        }
    }

    private Ran activations(String input, Map<String, String> environment, String... options) throws Exception {
        String classPath = String.join(File.pathSeparator, JAR, Path.of(JsonObject.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString(),
                Path.of(CheckIT.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
        List<String> args = new ArrayList<>(List.of(options));
        args.addAll(List.of("-cp", classPath, Platform.class.getName()));
        return java(input, environment, args.toArray(String[]::new));
    }

    @Test
    void theActionsLog_oneLineARecord_withActivationAndJob_andTheVerdictLast() throws Exception {
        assumePostgresql();
        try (Scene scene = new Scene()) {
            ObjectNode arguments = scene.arguments();
            Ran ran = activations(arguments + "\n" + scene.arguments().put("timeoutMillis", 1), Map.of("__OW_ACTIVATION_ID", "0123abcd"));
            assertEquals("true\nfalse\n", ran.out().replace("\r", ""), ran.err());
            String job = "secret " + scene.secretId + ", job " + arguments.path("jobToken").stringValue().substring(0, 8);
            List<String> lines = ran.err().lines().toList();
            List<String> first = lines.subList(0, lines.size() - 1);
            assertTrue(first.stream().allMatch(line -> line.startsWith("INFO dev.keyturn: activation 0123abcd, " + job + ": ")), ran.err());
            for (String step : List.of("start", "preflight", "pending", "change", "test", "complete")) {
                assertEquals(1, first.stream().filter(line -> line.matches(".*: " + step + ": .*, [0-9]+ ms")).count(), step + " in " + ran.err());
            }
            assertTrue(first.get(first.size() - 1).matches(".*: completed, [0-9]+ ms in all"), ran.err());
            String refused = lines.get(lines.size() - 1);
            assertTrue(refused.startsWith("SEVERE dev.keyturn: activation 0123abcd, secret " + scene.secretId + ": KT-103 "), refused);
            assertTrue(ran.err().endsWith("\n"), "the last line is ended");
        }
    }

    static Stream<EveryTarget> targets() {
        return EveryTargetTest.targets().filter(PluginsIT::holds);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void noDriverWritesOfItsOwnOnStandardError(EveryTarget target) throws Exception {
        target.started();
        String user = "quiet" + target.type();
        target.create(user, "Old-Pass-1-of-it");
        try (LocalSecretManager manager = LocalSecretManager.builder().start()) {
            ObjectNode secret = Scene.JSON.createObjectNode().put("host", target.host()).put("port", target.port()).put("user", user);
            ObjectNode arguments = Scene.JSON.createObjectNode().put("accessKey", manager.accessKey()).put("secretKey", manager.secretKey())
                    .put("endpoint", manager.endpoint().toString()).put("targetType", target.type());
            ObjectNode options = arguments.putObject("options");
            if (target.ca().isEmpty()) {
                options.put("tls", "off");
            } else {
                options.put("ca", target.ca());
            }
            StringBuilder input = new StringBuilder();
            for (ObjectNode each : List.of(secret.deepCopy().put("password", "Wrong-Pass-2"), secret.deepCopy().put("password", "Old-Pass-1-of-it"),
                    secret.deepCopy().put("password", "Old-Pass-1-of-it").put("port", 1))) {
                String id = manager.createSecret(each.toString(), "password");
                input.append(arguments.deepCopy().put("secretId", id).put("jobToken", manager.trigger(id))).append('\n');
            }
            Ran ran = activations(input.toString(), Map.of());
            assertEquals("false\ntrue\nfalse\n", ran.out().replace("\r", ""), ran.err());
            assertTrue(ran.err().lines().allMatch(line -> line.matches("(INFO|WARNING|SEVERE) dev\\.keyturn: secret .*")), ran.err());
        }
    }

    @Test
    void aHostThatHasALayoutKeepsIt_andAStrangeActivationIdIsLeftOut() throws Exception {
        Ran ran = activations("{}", Map.of("__OW_ACTIVATION_ID", "x\u001b[31m"), "-Djava.util.logging.SimpleFormatter.format=host: %5$s%n");
        assertTrue(ran.err().startsWith("host: KT-102 at arguments, nothing was sent: "), ran.err());
    }
}
