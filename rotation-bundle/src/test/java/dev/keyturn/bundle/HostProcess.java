package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An {@link ActionHost} in a JVM of its own, as a test sees it. */
final class HostProcess implements AutoCloseable {

    /** How the runtime loads the jar. */
    enum Shape {
        /** A class loader for the jar alone, with Gson in its parent; the context class loader stays the parent. */
        OWN_LOADER,
        /** The same, with a SecurityManager that forbids exit. */
        OWN_LOADER_EXIT_FORBIDDEN,
        /** One class path, with an old Gson before the jar. */
        FLAT
    }

    static final String JAR = System.getProperty("keyturn.jar");

    private final Path folder;
    private final Process process;
    private final Socket socket;
    private final BufferedReader in;
    private final PrintWriter out;
    private int activations;

    HostProcess(Path folder, Jdk jdk, Shape shape, String... options) throws Exception {
        this.folder = folder;
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> command = new ArrayList<>(List.of(jdk.java().toString()));
            command.addAll(List.of(options));
            if (shape == Shape.OWN_LOADER_EXIT_FORBIDDEN) {
                command.add("-Djava.security.manager=allow");
            }
            String classPath = String.join(java.io.File.pathSeparator, alone(folder), gson(), shape == Shape.FLAT ? JAR : "");
            command.addAll(List.of("-cp", classPath, ActionHost.class.getName(), Integer.toString(listener.getLocalPort()),
                    shape == Shape.FLAT ? "flat" : JAR, shape == Shape.OWN_LOADER_EXIT_FORBIDDEN ? "forbid" : "allow"));
            process = new ProcessBuilder(command).redirectOutput(file("out").toFile()).redirectError(file("err").toFile()).start();
            // A JVM that does not start must not leave the test waiting.
            process.onExit().thenRun(() -> closeQuietly(listener));
            socket = accept(listener);
        }
        socket.setSoTimeout(90_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    private Socket accept(ServerSocket listener) throws IOException {
        try {
            return listener.accept();
        } catch (IOException e) {
            throw new IOException("the JVM did not start: " + Files.readString(file("err")), e);
        }
    }

    private static void closeQuietly(ServerSocket listener) {
        try {
            listener.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A folder with the host's classes and no others: the tests' own folder would bring more. */
    private static String alone(Path folder) throws IOException, URISyntaxException {
        Path from = Path.of(ActionHost.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path home = folder.resolve("host");
        Path to = Files.createDirectories(home.resolve("dev/keyturn/bundle"));
        try (var classes = Files.newDirectoryStream(from.resolve("dev/keyturn/bundle"), "ActionHost*.class")) {
            for (Path file : classes) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return home.toString();
    }

    private static String gson() throws URISyntaxException {
        return Path.of(JsonObject.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    /** One activation; several runs are started at once. */
    List<JsonNode> run(String where, ObjectNode... runs) throws IOException {
        ObjectNode request = Scene.JSON.createObjectNode().put("where", where);
        ArrayNode list = request.putArray("runs");
        Arrays.stream(runs).forEach(list::add);
        activations++;
        JsonNode answer = ask(request);
        return answer.path("results").valueStream().toList();
    }

    /** Threads by name, and the heap after a collection. */
    JsonNode state() throws IOException {
        return ask(Scene.JSON.createObjectNode());
    }

    private JsonNode ask(JsonNode request) throws IOException {
        out.println(request);
        String answer = in.readLine();
        if (answer == null) {
            throw new IOException("the JVM ended: " + Files.readString(file("err")));
        }
        return Scene.JSON.readTree(answer);
    }

    /** Ends the JVM, and returns what was written, after looking at where each activation ended. */
    String output() throws Exception {
        close();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), "the JVM ends by itself: nothing that a run left keeps it alive");
        assertEquals(0, process.exitValue());
        StringBuilder all = new StringBuilder();
        for (String name : List.of("out", "err")) {
            String text = Files.readString(file(name));
            String[] parts = text.split(ActionHost.SENTINEL + "\n", -1);
            assertEquals(activations, parts.length - 1, "activations on " + name + ": " + text);
            assertEquals("", parts[activations], "came too late on " + name);
            for (String part : parts) {
                assertTrue(part.isEmpty() || part.endsWith("\n"), "every line on " + name + " ends: " + part);
            }
            all.append(text);
        }
        return all.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
