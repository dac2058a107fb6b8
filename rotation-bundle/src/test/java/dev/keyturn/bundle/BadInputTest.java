package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.engine.rotation.Progress;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Arguments that make no sense are named, and Secret Manager hears nothing. */
class BadInputTest {

    private static final String SECRET_KEY = "Secret/Key+For=Signing";

    private static ObjectNode valid(Scene scene) {
        return scene.arguments().put("secretKey", SECRET_KEY);
    }

    private static String refused(ActionRun.Ended ended, String code) {
        JsonNode document = ended.document();
        assertEquals(2, ended.exitCode(), document.toPrettyString());
        assertEquals("not-started", document.path("job").stringValue());
        assertEquals(code, document.path("error").path("code").stringValue(), document.toPrettyString());
        assertFalse(document.toString().contains(SECRET_KEY), "no secret in the document");
        return document.path("error").path("message").stringValue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not JSON", "[]", "\"text\"", "{\"a\":1", "{} {}", "null", "{\"a\":1,\"a\":2}"})
    void argumentsThatAreNoJsonObject(String text) {
        refused(ActionRun.run(text, true, Map.of(), Progress.NONE), "KT-101");
    }

    @Test
    void anEmptyObject() {
        assertTrue(refused(ActionRun.run("{}", true, Map.of(), Progress.NONE), "KT-102").contains("\"secretId\""));
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                edit("secretId", a -> a.put("secretId", "a/b")),
                edit("secretId", a -> a.put("secretId", "..")),
                edit("secretId", a -> a.put("secretId", "a..b")),
                edit("secretId", a -> a.put("secretId", "a?b")),
                edit("secretId", a -> a.put("secretId", "a%2e")),
                edit("secretId", a -> a.put("secretId", "a\nb")),
                edit("secretId", a -> a.put("secretId", 17)),
                edit("jobToken", a -> a.put("jobToken", "../x")),
                edit("accessKey", a -> a.put("accessKey", "a\r\nb: c")),
                edit("secretKey", a -> a.put("secretKey", "with space")),
                edit("endpoint", a -> a.put("endpoint", "ftp://localhost")),
                edit("endpoint", a -> a.put("endpoint", "http://example.com")),
                edit("endpoint", a -> a.put("endpoint", "http://127.0.0.1.example.com")),
                edit("endpoint", a -> a.put("endpoint", "https://user@host")),
                edit("endpoint", a -> a.put("endpoint", "https://host?x=1")),
                edit("endpoint", a -> a.put("endpoint", "https://host/a/../b")),
                edit("endpoint", a -> a.put("endpoint", "no scheme")),
                edit("endpoint", a -> a.put("endpoint", true)),
                edit("timeoutMillis", a -> a.put("timeoutMillis", "60000")),
                edit("timeoutMillis", a -> a.put("timeoutMillis", 10)),
                edit("timeoutMillis", a -> a.put("timeoutMillis", 1.5)),
                edit("timeoutMillis", a -> a.put("timeoutMillis", 99_999_999_999L)),
                edit("maxRefusedLogins", a -> a.put("maxRefusedLogins", 0)),
                edit("generator", a -> a.put("generator", "magic")),
                edit("fields", a -> a.put("fields", "user")),
                edit("fields.user", a -> a.putObject("fields").put("user", 1)),
                edit("options", a -> a.putArray("options")),
                edit("options.tls", a -> a.putObject("options").put("tls", "maybe")),
                edit("options.ca", a -> a.putObject("options").put("ca", "no certificate")),
                edit("options.nodes", a -> a.putObject("options").putArray("nodes").add("host")),
                edit("options.nodes", a -> a.putObject("options").putArray("nodes").add("host?x:5432")),
                edit("options.nodes", a -> a.putObject("options").putArray("nodes").add("h:1").add("h:1")),
                edit("password", a -> a.putObject("password").put("length", 3)),
                edit("password", a -> a.putObject("password").put("length", 500)),
                edit("password", a -> a.putObject("password").put("excludeCharacters", "0123456789")),
                edit("admin.hosts", a -> a.putObject("admin").put("user", "u").put("password", "pass-word")),
                edit("admin.password", a -> a.putObject("admin").put("user", "u").putArray("hosts").add("h")),
                edit("admin.reset", a -> a.putObject("admin").put("user", "u").put("password", "pass-word").put("reset", "yes").putArray("hosts").add("h")),
                edit("targets", a -> a.putArray("targets")),
                edit("targets.k.options.tls", a -> a.putObject("targets").putObject("k").putObject("options").put("tls", 1)));
    }

    private static Arguments edit(String name, Consumer<ObjectNode> edit) {
        return Arguments.of(name, edit);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongValueIsNamedAndNothingIsSent(String name, Consumer<ObjectNode> edit) {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = valid(scene);
            edit.accept(arguments);
            String message = refused(Scene.rotate(arguments), "KT-103");
            assertTrue(message.contains("\"" + name + "\""), message);
            assertEquals(List.of(), scene.calls());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"secretId", "jobToken", "accessKey", "secretKey"})
    void aMissingArgumentIsNamed(String name) {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = valid(scene);
            arguments.remove(name);
            assertTrue(refused(Scene.rotate(arguments), "KT-102").contains("\"" + name + "\""));
            assertEquals(List.of(), scene.calls());
        }
    }

    @Test
    void keysMayComeFromTheEnvironment() {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = scene.arguments();
            arguments.remove("accessKey");
            arguments.remove("secretKey");
            Map<String, String> environment =
                    Map.of("NCLOUD_ACCESS_KEY", scene.manager.accessKey(), "NCLOUD_SECRET_KEY", scene.manager.secretKey());
            assertEquals(0, ActionRun.run(arguments.toString(), true, environment, Progress.NONE).exitCode());
        }
    }

    @Test
    void anUnknownArgumentIsAnErrorInAShell_withTheNearestName() {
        try (Scene scene = new Scene()) {
            String message = refused(Scene.rotate(valid(scene).put("timeoutMilis", 1)), "KT-104");
            assertTrue(message.contains("timeoutMilis") && message.contains("timeoutMillis"), message);
        }
    }

    @Test
    void anUnknownArgumentIsAWarningInTheAction() {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = scene.arguments().put("injectedByThePlatform", 1);
            ActionRun.Ended ended = ActionRun.run(arguments.toString(), false, Map.of(), Progress.NONE);
            assertEquals(0, ended.exitCode());
            assertTrue(ended.document().path("warnings").toString().contains("injectedByThePlatform"));
        }
    }

    @Test
    void anUnknownTypeNamesTheArtifact() {
        try (Scene scene = new Scene()) {
            JsonNode document = Scene.rotate(valid(scene).put("targetType", "oracle")).document();
            assertEquals("KT-201", document.path("error").path("code").stringValue());
            assertTrue(document.path("error").path("message").stringValue().contains("postgresql"), "lists what is there");
            refused(Scene.rotate(valid(scene).put("targetType", "mongodb")), "KT-205");
            assertEquals(List.of(), scene.calls());
        }
    }
}
