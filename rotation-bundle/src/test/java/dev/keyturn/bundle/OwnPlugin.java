package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.keyturn.testkit.LocalSecretManager;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import tools.jackson.databind.node.ObjectNode;

/** A plugin that some team has of its own: compiled against the finished bundle, in a jar of its own. Its target is a file. */
final class OwnPlugin {

    private static final String NAME = "com.acme.filebox.FileTarget";
    private static final String SOURCE = """
            package com.acme.filebox;

            import dev.keyturn.api.*;
            import java.io.IOException;
            import java.nio.file.*;

            public final class FileTarget implements RotationTarget {
                public String type() { return "filebox"; }
                public TargetSchema schema() {
                    return TargetSchema.of(TargetSchema.Field.required("path"), TargetSchema.Field.required(Credential.PASSWORD));
                }
                public PasswordRules passwordRules() { return PasswordRules.standard(); }
                public TargetSession open(Credential credential, TargetContext context) throws TargetException {
                    Path file = Path.of(credential.text("path"));
                    try {
                        if (!Files.readString(file).equals(credential.password())) {
                            throw new TargetException(TargetException.Kind.REJECTED, "the file holds another value");
                        }
                    } catch (IOException e) {
                        throw new TargetException(TargetException.Kind.UNREACHABLE, "the file cannot be read");
                    }
                    return new TargetSession() {
                        public void change(Change change) throws TargetException {
                            try {
                                Files.writeString(file, change.to().password());
                            } catch (IOException e) {
                                throw new TargetException(TargetException.Kind.UNKNOWN, "the file cannot be written");
                            }
                        }
                        public void close() { }
                    };
                }
            }
            """;

    private OwnPlugin() {
    }

    /** The jar, with more entries if a test wants them. */
    static Path jar(Path folder, Map<String, byte[]> more) throws IOException {
        Path source = Files.writeString(Files.createDirectories(folder.resolve("src")).resolve("FileTarget.java"), SOURCE);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "--release", "17", "-proc:none", "-cp", HostProcess.JAR,
                "-d", classes.toString(), source.toString()));
        Path jar = folder.resolve("plugin-filebox.jar");
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file);
                var compiled = Files.walk(classes)) {
            for (Path path : compiled.filter(Files::isRegularFile).toList()) {
                entry(out, classes.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
            }
            entry(out, "META-INF/services/dev.keyturn.api.RotationTarget", NAME.getBytes(StandardCharsets.UTF_8));
            entry(out, "META-INF/keyturn/" + NAME + ".properties", "version=1.0\nspi=1.0\n".getBytes(StandardCharsets.UTF_8));
            entry(out, "META-INF/LICENSE", "Acme's own".getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, byte[]> one : more.entrySet()) {
                entry(out, one.getKey(), one.getValue());
            }
        }
        return jar;
    }

    private static void entry(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }

    /** One rotation of a secret whose target is a file, by the command that is given. */
    static void assertRotates(Path folder, String... command) throws Exception {
        Path box = Files.writeString(folder.resolve("box"), "old-value");
        try (LocalSecretManager manager = LocalSecretManager.builder().start()) {
            String secretId = manager.createSecret(Scene.JSON.createObjectNode().put("path", box.toString()).put("password", "old-value").toString(),
                    "password");
            ObjectNode arguments = Scene.JSON.createObjectNode().put("secretId", secretId).put("jobToken", manager.trigger(secretId))
                    .put("accessKey", manager.accessKey()).put("secretKey", manager.secretKey())
                    .put("endpoint", manager.endpoint().toString()).put("targetType", "filebox");
            Path file = Files.writeString(folder.resolve("arguments.json"), arguments.toString());
            Ran ran = Ran.run(folder, Map.of(), java.util.stream.Stream.concat(java.util.Arrays.stream(command),
                    java.util.stream.Stream.of("rotate", "--arguments", file.toString())).toList());
            assertEquals(0, ran.exitCode(), ran.output());
            assertEquals(Scene.JSON.readTree(manager.chain(secretId).active()).path("password").stringValue(), Files.readString(box));
        }
    }
}
