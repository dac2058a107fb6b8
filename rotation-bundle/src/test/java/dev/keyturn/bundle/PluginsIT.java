package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the finished jar tells of its plugins, whole and broken. */
class PluginsIT {

    private static final String JAR = System.getProperty("keyturn.jar");

    @TempDir
    Path temp;

    private record Ran(int exitCode, String out, String err) {
    }

    /** Whether the jar was built with a plugin: a bundle is what somebody chose. */
    static boolean holds(EveryTarget target) {
        try (JarFile jar = new JarFile(JAR)) {
            return jar.stream().anyMatch(entry -> entry.getName().startsWith("dev/keyturn/plugin/" + target.type() + "/"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Ran plugins(String classPath) throws IOException, InterruptedException {
        Path out = temp.resolve("out");
        Path err = temp.resolve("err");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath,
                "dev.keyturn.engine.action.Shell", "plugins").redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the process ended");
        return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void r11_allPluginsOfTheBundle_withFieldsAndOptions() throws Exception {
        Ran ran = plugins(JAR);
        assertEquals(0, ran.exitCode(), ran.out());
        assertEquals("", ran.err());
        for (EveryTarget target : EveryTarget.values()) {
            String line = target.type() + " [0-9][^ ]* \\(dev\\.keyturn\\.plugin\\..* in .*keyturn\\.jar\\)";
            assertEquals(holds(target), ran.out().lines().anyMatch(any -> any.matches(line)), ran.out());
        }
        assertEquals(holds(EveryTarget.POSTGRESQL), ran.out().contains("field   port, also cdbPort: if missing, 5432"), ran.out());
        assertEquals(holds(EveryTarget.REDIS), ran.out().contains("option  persistence: "), ran.out());
        assertFalse(ran.out().contains("broken"), ran.out());
    }

    @Test
    void r11_aBrokenOneIsNamedWithTheRemedy_andTheOthersAreThere() throws Exception {
        Path services = Files.createDirectories(temp.resolve("broken/META-INF/services"));
        Files.writeString(services.resolve("dev.keyturn.api.RotationTarget"), "com.example.NotThere\n");
        Ran ran = plugins(JAR + File.pathSeparator + temp.resolve("broken"));
        assertEquals(2, ran.exitCode(), ran.out());
        assertTrue(ran.out().lines().anyMatch(line -> line.startsWith("broken: ") && line.contains("com.example.NotThere")), ran.out());
        assertTrue(ran.out().contains("  fix: "), ran.out());
        assertEquals(holds(EveryTarget.POSTGRESQL), ran.out().contains("postgresql "), ran.out());
    }

    @Test
    void r11_aBundleWithoutItsDriver() throws Exception {
        Assumptions.assumeTrue(holds(EveryTarget.POSTGRESQL), "postgresql is in this bundle");
        Path half = temp.resolve("half.jar");
        try (var in = new java.util.zip.ZipInputStream(Files.newInputStream(Path.of(JAR)));
                var out = new java.util.zip.ZipOutputStream(Files.newOutputStream(half))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (!entry.getName().startsWith("org/postgresql/")) {
                    out.putNextEntry(new java.util.zip.ZipEntry(entry.getName()));
                    in.transferTo(out);
                }
            }
        }
        Ran ran = plugins(half.toString());
        assertEquals(2, ran.exitCode(), ran.out());
        assertTrue(ran.out().lines().anyMatch(line -> line.startsWith("broken: ") && line.contains("PostgresqlTarget") && line.contains("half.jar")
                && line.contains("org.postgresql.Driver")), ran.out());
    }
}
