package dev.keyturn.authors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.RotationTarget;
import dev.keyturn.testkit.LocalSecretManager;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the template's README says, done: copied out of the tree, renamed, built without the network against the artifacts that were
 * just built, put beside the bundle, used.
 */
class TemplateIT {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final boolean WINDOWS = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows");

    @TempDir
    Path temp;

    /** The README's words with the README's examples, in the README's order. */
    private static List<List<String>> words() {
        List<List<String>> words = Markdown.of(Tree.TEMPLATE.resolve("README.md")).rows().stream()
                .filter(row -> row.size() == 3 && row.get(0).matches("(?i)(com[./]example[./]?)?(acme)?")).toList();
        assertEquals(List.of("com.example.acme", "com/example/acme", "com.example", "acme", "Acme"), words.stream().map(row -> row.get(0)).toList());
        return words;
    }

    private static String renamed(String text, List<List<String>> words) {
        String result = text;
        for (List<String> word : words) {
            result = result.replace(word.get(0), word.get(2));
        }
        return result;
    }

    private Path copy() throws Exception {
        List<List<String>> words = words();
        Path copy = temp.resolve("copy");
        for (Path file : Tree.files(Tree.TEMPLATE)) {
            String name = renamed(Tree.TEMPLATE.relativize(file).toString().replace(File.separatorChar, '/'), words);
            Path to = copy.resolve(name);
            Files.createDirectories(to.getParent());
            Files.writeString(to, renamed(Tree.read(file), words));
        }
        for (Path file : Tree.files(copy)) {
            assertFalse(Pattern.compile("acme|com.example", Pattern.CASE_INSENSITIVE).matcher(file + Tree.read(file)).find(), file.toString());
        }
        return copy;
    }

    /** A local repository that holds nothing but what was just built. Whatever else is wanted comes from the user's, as from a server. */
    private Path repository() throws Exception {
        Path repository = temp.resolve("repository");
        String version = Tree.text(Tree.pom(""), "version");
        artifact(repository, "keyturn", version, Tree.ROOT.resolve("pom.xml"), ".pom");
        for (Class<?> type : List.of(RotationTarget.class, LocalSecretManager.class)) {
            String module = type == RotationTarget.class ? "rotation-api" : "rotation-testkit";
            assertTrue(Compiler.home(type).toString().endsWith(".jar"), "the finished jar: " + Compiler.home(type));
            artifact(repository, module, version, Compiler.home(type), ".jar");
            artifact(repository, module, version, Tree.ROOT.resolve(module).resolve("pom.xml"), ".pom");
        }
        return repository;
    }

    private static void artifact(Path repository, String name, String version, Path file, String ending) throws Exception {
        Path folder = Files.createDirectories(repository.resolve("dev/keyturn").resolve(name).resolve(version));
        Files.copy(file, folder.resolve(name + "-" + version + ending));
    }

    private void build(Path copy) throws Exception {
        Path users = Path.of(System.getProperty("keyturn.repository", System.getProperty("localRepository")));
        Path settings = Files.writeString(temp.resolve("settings.xml"), "<settings><mirrors><mirror><id>users</id><mirrorOf>*</mirrorOf><url>"
                + users.toUri() + "</url></mirror></mirrors></settings>");
        // The one that runs this build, where it is known.
        String home = System.getProperty("keyturn.maven", "");
        String maven = (home.isEmpty() ? "" : home + "/bin/") + (WINDOWS ? "mvn.cmd" : "mvn");
        Ran ran = run(copy, 400, maven, "-o", "-B", "-s", settings.toString(), "-gs", settings.toString(),
                // Offline, and yet from a folder: that is no network.
                "-Daether.offline.protocols=file", "-Dmaven.repo.local=" + repository(), "verify");
        assertEquals(0, ran.exitCode(), ran.all());
        assertTrue(Pattern.compile("Tests run: [2-9][0-9], Failures: 0, Errors: 0").matcher(ran.all()).find(), "the kit ran: " + ran.all());
    }

    private record Ran(int exitCode, String out, String all) {
    }

    private Ran run(Path folder, int seconds, String... command) throws Exception {
        Path out = Files.createTempFile(temp, "out", "");
        Path err = Files.createTempFile(temp, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError(List.of(command) + " did not end: " + Files.readString(out));
        }
        return new Ran(process.exitValue(), Files.readString(out), Files.readString(out) + Files.readString(err));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Test
    void copiedRenamedBuiltOffline_itRotatesBesideTheBundle() throws Exception {
        Path copy = copy();
        build(copy);
        Path jar = copy.resolve("target/gate-keyturn-plugin-0.1.0.jar");
        Process service = new ProcessBuilder(java(), "-cp", copy.resolve("target/test-classes") + File.pathSeparator + jar, "org.tolls.gate.GateService",
                "app", "the-first-token").redirectError(temp.resolve("service.err").toFile()).start();
        try (LocalSecretManager manager = LocalSecretManager.builder().start();
                BufferedReader said = new BufferedReader(new InputStreamReader(service.getInputStream(), StandardCharsets.UTF_8))) {
            int port = Integer.parseInt(String.valueOf(said.readLine()));
            String secretId = manager.createSecret(JSON.createObjectNode().put("apiHost", "127.0.0.1").put("apiPort", port).put("account", "app")
                    .put("token", "the-first-token").toString(), "token");
            assertEquals(200, login(port, "the-first-token"));

            Ran ran = rotate(jar, arguments(manager, secretId));
            assertEquals(0, ran.exitCode(), ran.all());
            assertTrue(JSON.readTree(ran.out()).path("done").booleanValue(), ran.all());

            String token = JSON.readTree(manager.chain(secretId).active()).path("token").stringValue();
            assertEquals(200, login(port, token), "what the chain calls active works");
            assertEquals(401, login(port, "the-first-token"), "what was active does not");
            assertFalse(ran.all().contains(token));
        } finally {
            service.destroy();
            assertTrue(service.waitFor(30, TimeUnit.SECONDS));
        }
    }

    private static String arguments(LocalSecretManager manager, String secretId) {
        ObjectNode arguments = JSON.createObjectNode();
        new TreeMap<>(Map.of("secretId", secretId, "jobToken", manager.trigger(secretId), "accessKey", manager.accessKey(),
                "secretKey", manager.secretKey(), "endpoint", manager.endpoint().toString(), "targetType", "gate")).forEach(arguments::put);
        arguments.putObject("options").put("tls", "off");
        return arguments.toString();
    }

    private Ran rotate(Path jar, String arguments) throws Exception {
        Path file = Files.writeString(temp.resolve("arguments.json"), arguments);
        List<String> command = new ArrayList<>(List.of(java(), "-cp", System.getProperty("keyturn.jar") + File.pathSeparator + jar,
                "dev.keyturn.engine.action.Shell", "rotate", "--arguments", file.toString()));
        return run(temp, 90, command.toArray(String[]::new));
    }

    private static int login(int port, String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/login"))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(("app:" + token).getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.noBody()).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
    }
}
