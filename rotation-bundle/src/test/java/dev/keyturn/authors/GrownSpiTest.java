package dev.keyturn.authors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.RotationTarget;
import dev.keyturn.engine.plugin.PluginLoader;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A plugin that was compiled against this SPI works, unchanged, with one that has grown in every way that VERSIONING.md allows. The plugin is the
 * template; the engine's loader finds it, and a caller that knows the grown SPI rotates with it.
 */
class GrownSpiTest {

    private static final Path API = Tree.ROOT.resolve("rotation-api/src/main/java");

    /** What these types may have in a later version, at their ends. A kind comes on top. */
    private static final Map<String, String> GROWTH = Map.of(
            "RotationTarget", "    /** New. @return so */\n    default String grownTarget() { return \"target\"; }\n}\n",
            "TargetSession", "    /** New. @return so */\n    default String grownSession() { return \"session\"; }\n}\n",
            "Change", "    /** New. @return so */\n    public String grownChange() { return \"change\"; }\n}\n");

    private static final String CALLER = """
            import dev.keyturn.api.*;
            import dev.keyturn.engine.plugin.*;
            import java.util.Map;
            public class Caller implements java.util.concurrent.Callable<String> {
                private final Map<String, String> fields;
                public Caller(Map<String, String> fields) { this.fields = fields; }
                @Override
                public String call() throws Exception {
                    Plugins found = PluginLoader.load(Caller.class.getClassLoader());
                    if (!found.problems().isEmpty()) { return found.problems().toString(); }
                    RotationTarget target = found.find("acme").target();
                    TargetContext context = TargetContext.of(10_000, 10_000, TlsSettings.off(), Map.of());
                    Credential old = Credential.of(fields);
                    Credential next = old.with(Credential.PASSWORD, "the-second-token");
                    Change change = Change.of(old, next);
                    String grown = target.grownTarget() + " " + change.grownChange();
                    try (TargetSession session = target.open(old, context)) {
                        session.survey(old);
                        session.change(change);
                        grown += " " + session.grownSession();
                    }
                    target.open(next, context).close();
                    try {
                        target.open(old, context).close();
                        return "the old value still works";
                    } catch (TargetException e) {
                        return grown + " " + e.kind() + " " + TargetException.Kind.valueOf("GROWN_KIND");
                    }
                }
            }
            """;

    @TempDir
    Path temp;

    private static final List<Path> NULLNESS = List.of(Compiler.home(NullMarked.class));

    /** The template's classes and resources, compiled against the SPI as it is. */
    private Path plugin() throws Exception {
        Path plugin = temp.resolve("plugin");
        Map<String, String> sources = Compiler.sources(Tree.TEMPLATE.resolve("src/main/java"));
        assertEquals(List.of(), Compiler.compile(sources, List.of(Compiler.home(RotationTarget.class), NULLNESS.get(0)), plugin));
        Path resources = Tree.TEMPLATE.resolve("src/main/resources");
        for (Path file : Tree.files(resources)) {
            Path to = plugin.resolve(resources.relativize(file).toString());
            Files.createDirectories(to.getParent());
            Files.writeString(to, Tree.read(file).replace("${project.version}", "0.1.0").replace("${keyturn.spi}", PluginLoader.engine().getProperty("spi")));
        }
        return plugin;
    }

    private Path grownSpi() throws Exception {
        Map<String, String> sources = new TreeMap<>(Compiler.sources(API));
        GROWTH.forEach((type, more) -> sources.computeIfPresent(key(type), (name, text) -> text.substring(0, text.lastIndexOf('}')) + more));
        sources.computeIfPresent(key("TargetException"),
                (name, text) -> text.replaceFirst("(?m)^        UNKNOWN$", "        UNKNOWN,\n        /** New. */\n        GROWN_KIND"));
        Path grown = temp.resolve("grown");
        assertEquals(List.of(), Compiler.compile(sources, NULLNESS, grown));
        return grown;
    }

    private static String key(String type) {
        return Path.of("dev/keyturn/api", type + ".java").toString();
    }

    @Test
    void aPluginForThisSpiRotatesBesideAGrownOne() throws Exception {
        Path plugin = plugin();
        Path grown = grownSpi();
        Path engine = Compiler.home(PluginLoader.class);
        Path caller = temp.resolve("caller");
        assertEquals(List.of(), Compiler.compile(Map.of("Caller.java", CALLER), List.of(grown, engine, NULLNESS.get(0)), caller));
        Path service = temp.resolve("service");
        Map<String, String> sources = Compiler.sources(Tree.TEMPLATE.resolve("src/test/java"));
        sources.keySet().removeIf(name -> !name.endsWith("AcmeService.java"));
        assertEquals(List.of(), Compiler.compile(sources, List.of(plugin), service));

        URL[] classPath = {url(grown), url(engine), url(plugin), url(caller), url(service), url(NULLNESS.get(0))};
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Class<?> type = loader.loadClass("com.example.acme.AcmeService");
            var start = type.getDeclaredMethod("start", String.class);
            start.setAccessible(true);
            try (AutoCloseable running = (AutoCloseable) start.invoke(null, "")) {
                put(running);
                Map<String, String> fields = Map.of("host", "127.0.0.1", "port", port(running), "user", "app", "password", "the-first-token");
                Callable<?> call = (Callable<?>) loader.loadClass("Caller").getConstructor(Map.class).newInstance(fields);
                assertEquals("target change session REJECTED GROWN_KIND", call.call());
            }
        }
        assertTrue(Files.exists(plugin.resolve("com/example/acme/AcmeTarget.class")), "not compiled again");
    }

    private static URL url(Path place) throws Exception {
        return place.toUri().toURL();
    }

    private static void put(Object service) throws Exception {
        var put = service.getClass().getDeclaredMethod("put", String.class, String.class, String.class);
        put.setAccessible(true);
        put.invoke(service, "app", "the-first-token", "writer");
    }

    private static String port(Object service) throws Exception {
        var port = service.getClass().getDeclaredMethod("port");
        port.setAccessible(true);
        return port.invoke(service).toString();
    }
}
