package dev.keyturn.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** The time limit is there so that a server that does not end fails the test. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalSecretManagerCommandTest {

    private static final String SECRET = """
            {"active": {"host": "db", "password": "canary-1"}, "previous": {"password": "canary-0"},
            "rotatingKeys": ["password"]}""";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void it_serves_until_standard_input_ends_and_logs_calls_without_bodies() throws Exception {
        Path file = Files.writeString(folder.resolve("secret.json"), SECRET);
        PipedOutputStream stdin = new PipedOutputStream();
        PipedInputStream stdout = new PipedInputStream();
        CommandLine command = command(new PipedInputStream(stdin), new PipedOutputStream(stdout),
                Map.of("NCLOUD_ACCESS_KEY", "mine", "NCLOUD_SECRET_KEY", "my-secret-key"));
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> command.execute("--secret", file.toString(),
                "--prefix", "/secretmanager", "--behaviour", "empty-stage=absent", "--behaviour", "start-repeatable=true"));
        BufferedReader lines = new BufferedReader(new InputStreamReader(stdout, StandardCharsets.UTF_8));
        JsonNode told = Caller.JSON.readTree(lines.readLine());
        assertEquals("mine", told.get("accessKey").stringValue());
        assertEquals("my-secret-key", told.get("secretKey").stringValue());
        assertTrue(told.get("endpoint").stringValue().matches("http://127\\.0\\.0\\.1:\\d+/secretmanager"));

        JsonNode chain = start(told).at("/data/decryptedSecretChain");
        assertEquals("{\"host\":\"db\",\"password\":\"canary-1\"}", chain.get("active").stringValue());
        assertFalse(chain.has("pending"), "the first --behaviour counts");
        assertEquals("SUCCESS", start(told).get("code").stringValue(), "the second --behaviour counts");

        stdin.write("trigger\n".getBytes(StandardCharsets.UTF_8));
        stdin.flush();
        JsonNode again = Caller.JSON.readTree(lines.readLine());
        assertEquals(told.get("secretId"), again.get("secretId"));
        assertNotEquals(told.get("jobToken"), again.get("jobToken"));
        assertEquals("SUCCESS", start(again).get("code").stringValue());

        stdin.close();
        assertEquals(0, exit.get(30, TimeUnit.SECONDS));
        String log = err.toString(StandardCharsets.UTF_8);
        assertEquals(3, log.lines().filter(line -> line.matches(".* START POST .* answer=200")).count(), log);
        assertFalse(log.contains("canary") || log.contains("my-secret-key"), log);
        assertFalse(log.contains(told.get("jobToken").stringValue()), log);
    }

    private static JsonNode start(JsonNode told) throws Exception {
        URI uri = URI.create(told.get("endpoint").stringValue() + Caller.job(told.get("secretId").stringValue(),
                told.get("jobToken").stringValue(), "start"));
        String now = Long.toString(System.currentTimeMillis());
        HttpRequest request = HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody())
                .header(Gate.TIMESTAMP, now).header(Gate.ACCESS_KEY, "mine")
                .header(Gate.SIGNATURE, SignatureV2.sign("POST", uri.getRawPath(), now, "mine", "my-secret-key")).build();
        return Caller.JSON.readTree(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    @Test
    void keys_are_made_when_none_are_given_and_no_two_servers_have_the_same() throws Exception {
        Path file = Files.writeString(folder.resolve("secret.json"), SECRET);
        JsonNode one = told(file);
        JsonNode other = told(file);
        assertNotEquals(one.get("secretKey"), other.get("secretKey"));
        assertEquals(40, one.get("secretKey").stringValue().length());
    }

    private JsonNode told(Path file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(0, command(InputStream.nullInputStream(), out, Map.of()).execute("--secret", file.toString()));
        assertEquals(1, out.toString(StandardCharsets.UTF_8).lines().count());
        return Caller.JSON.readTree(out.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "canary                                                | the secret file is not JSON",
        "[]                                                    | the secret file is not a JSON object",
        "{\"rotatingKeys\":[\"a\"]}                            | the secret file has no active",
        "{\"active\":\"canary\",\"rotatingKeys\":[\"a\"]}      | active is not a JSON object",
        "{\"active\":{\"a\":\"canary\"}}                       | the secret file has no rotatingKeys",
        "{\"active\":{\"a\":\"canary\"},\"rotatingKeys\":[1]}  | rotatingKeys is not a list of names",
        "{\"active\":{\"a\":\"canary\"},\"rotatingKey\":[]}    | the secret file may have active, previous, pending",
    })
    void a_wrong_secret_file_is_explained_and_not_quoted(String text, String problem) {
        String message = refused(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), Map.of(), "--secret", "-");
        assertTrue(message.contains(problem), message);
        assertFalse(message.contains("canary"), message);
    }

    @Test
    void wrong_options_are_explained() throws Exception {
        String file = Files.writeString(folder.resolve("secret.json"), SECRET).toString();
        InputStream in = InputStream.nullInputStream();
        assertTrue(refused(in, Map.of(), "--secret", file, "--behaviour", "x=true").contains("there is no behaviour \"x\""));
        assertTrue(refused(in, Map.of(), "--secret", file, "--port", "70000").contains("not a port: 70000"));
        assertTrue(refused(in, Map.of(), "--secret", file, "--prefix", "x").contains("a prefix is a path"));
        assertTrue(refused(in, Map.of(), "--secret", folder.resolve("none").toString()).contains("cannot read the file"));
        assertTrue(refused(in, Map.of("NCLOUD_ACCESS_KEY", "a"), "--secret", file).contains("NCLOUD_SECRET_KEY"));
        try (LocalSecretManager other = LocalSecretManager.builder().start()) {
            String port = Integer.toString(other.endpoint().getPort());
            assertTrue(refused(in, Map.of(), "--secret", file, "--port", port).contains("cannot listen on port " + port));
        }
    }

    private String refused(InputStream in, Map<String, String> environment, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter message = new StringWriter();
        assertEquals(2, command(in, out, environment).setErr(new PrintWriter(message)).execute(args));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        return message.toString();
    }

    private CommandLine command(InputStream in, OutputStream out, Map<String, String> environment) {
        return LocalSecretManagerCommand.commandLine(in, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), environment);
    }
}
