package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What is in the jar that is uploaded, and that it runs the way the platform's runtime loads it. */
class BundleIT {

    private static final Path JAR = Path.of(System.getProperty("keyturn.jar"));

    @Test
    void holdsServicesAndNoLeftoversOfSingleJars() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> names = jar.stream().map(JarEntry::getName).toList();
            assertTrue(names.stream().noneMatch(name -> name.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)") || name.endsWith("module-info.class")));
            List<String> plugins = new String(jar.getInputStream(jar.getEntry("META-INF/services/dev.keyturn.api.RotationTarget")).readAllBytes(),
                    StandardCharsets.UTF_8).lines().sorted().toList();
            assertEquals(List.of("dev.keyturn.plugin.mssql.MssqlTarget", "dev.keyturn.plugin.mysql.MysqlTarget",
                    "dev.keyturn.plugin.postgresql.PostgresqlTarget", "dev.keyturn.plugin.redis.RedisTarget"), plugins);
            plugins.forEach(plugin -> assertTrue(names.contains("META-INF/keyturn/" + plugin + ".properties"), plugin));
            assertTrue(names.stream().noneMatch(name -> name.startsWith("com/google/gson/") || name.startsWith("org/junit/")), "the runtime brings Gson");
            assertEquals("dev.keyturn.engine.action.Shell", jar.getManifest().getMainAttributes().getValue("Main-Class"));
            assertEquals("true", jar.getManifest().getMainAttributes().getValue("Multi-Release"));
        }
        assertTrue(Files.size(JAR) < 12_000_000, "far below the 38 MB that the platform takes: " + Files.size(JAR));
    }

    @Test
    void rotatesInAClassLoaderOfItsOwn_withTheRuntimesGson() throws Exception {
        ClassLoader gsonOnly = new ClassLoader(ClassLoader.getPlatformClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                if (name.startsWith("com.google.gson.")) {
                    return JsonObject.class.getClassLoader().loadClass(name);
                }
                throw new ClassNotFoundException(name);
            }
        };
        try (Scene scene = new Scene(); URLClassLoader action = new URLClassLoader(new URL[] {JAR.toUri().toURL()}, gsonOnly)) {
            JsonObject arguments = JsonParser.parseString(scene.arguments().toString()).getAsJsonObject();
            // The context class loader stays the test's: it knows nothing of the jar.
            JsonObject result = (JsonObject) action.loadClass("dev.keyturn.engine.action.RotationAction")
                    .getMethod("main", JsonObject.class).invoke(null, arguments);
            assertTrue(result.get("done").getAsBoolean(), result.toString());
            assertTrue(scene.activeWorks());
        }
    }
}
