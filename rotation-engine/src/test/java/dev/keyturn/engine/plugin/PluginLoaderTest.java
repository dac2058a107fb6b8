package dev.keyturn.engine.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R11: each plugin here is compiled for the test and stands on a class path of its own, as a jar would. */
class PluginLoaderTest {

    private static final String GOOD = """
            public class %s implements dev.keyturn.api.RotationTarget {
                %s
                public String type() { return %s; }
                public dev.keyturn.api.TargetSchema schema() { return dev.keyturn.api.TargetSchema.of(
                    dev.keyturn.api.TargetSchema.Field.required("password")); }
                public dev.keyturn.api.PasswordRules passwordRules() { return dev.keyturn.api.PasswordRules.standard(); }
                public dev.keyturn.api.TargetSession open(dev.keyturn.api.Credential c, dev.keyturn.api.TargetContext x) { return null; }
            }
            """;

    @TempDir
    Path temp;

    private final List<URL> classPath = new ArrayList<>();

    /** A folder with a class, its entry as a service, and maybe its resource. */
    private Path jar(String name, String source, Map<String, String> resource) throws IOException {
        Path folder = Files.createDirectories(temp.resolve(name + ".jar"));
        if (!source.isEmpty()) {
            Path file = Files.writeString(Files.createDirectories(temp.resolve("src-" + name)).resolve(name + ".java"), source);
            String cp = System.getProperty("java.class.path") + java.io.File.pathSeparator + folder;
            assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-cp", cp, "-d", folder.toString(), file.toString()));
        }
        service(folder, name);
        if (!resource.isEmpty()) {
            Path properties = Files.createDirectories(folder.resolve("META-INF/keyturn")).resolve(name + ".properties");
            Files.write(properties, resource.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList());
        }
        classPath.add(folder.toUri().toURL());
        return folder;
    }

    private static void service(Path folder, String text) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("META-INF/services")).resolve("dev.keyturn.api.RotationTarget"), text + "\n");
    }

    private static String good(String name, String type) {
        return GOOD.formatted(name, "", type);
    }

    private Plugins load() throws IOException {
        try (URLClassLoader loader = new URLClassLoader(classPath.toArray(URL[]::new), getClass().getClassLoader())) {
            return PluginLoader.load(loader);
        }
    }

    private void assertOnlyGoodSurvives(String problem) throws Exception {
        jar("ZGood", good("ZGood", "\"zgood\""), Map.of());
        Plugins plugins = load();
        assertEquals(List.of("zgood"), plugins.usable().stream().map(Plugin::type).toList(), plugins.toString());
        assertEquals(1, plugins.problems().size(), plugins.toString());
        assertTrue(plugins.problems().get(0).contains(problem), plugins.problems().get(0));
    }

    @Test
    void aPluginIsFoundWithItsVersionAndItsJar() throws Exception {
        jar("Good", good("Good", "\"good\""), Map.of("version", "1.2", "spi", "1.0"));
        Plugin plugin = load().find("good");
        assertEquals("1.2", plugin.version());
        assertTrue(plugin.place().contains("Good in Good.jar"), plugin.place());
    }

    @Test
    void aMissingClassTakesNoOtherPluginWithIt() throws Exception {
        jar("Absent", "", Map.of());
        assertOnlyGoodSurvives("Absent");
    }

    @Test
    void aClassThatIsNoPlugin() throws Exception {
        jar("Other", "public class Other {}", Map.of());
        assertOnlyGoodSurvives("Other");
    }

    @Test
    void aConstructorThatThrows_withoutItsWords() throws Exception {
        jar("Throws", GOOD.formatted("Throws", "public Throws() { throw new IllegalStateException(\"secret words\"); }", "\"throws\""), Map.of());
        assertOnlyGoodSurvives("Throws");
        assertTrue(load().problems().stream().noneMatch(problem -> problem.contains("secret words")));
    }

    @Test
    void aStaticInitialiserThatThrows() throws Exception {
        jar("Static", GOOD.formatted("Static", "static final int X = Integer.parseInt(\"x\");", "\"static\""), Map.of());
        assertOnlyGoodSurvives("Static");
    }

    @Test
    void aSuperclassThatIsMissing() throws Exception {
        Path folder = jar("Sub", good("Base", "\"sub\"") .replace("public class", "class") + "public class Sub extends Base {}", Map.of());
        Files.delete(folder.resolve("Base.class"));
        assertOnlyGoodSurvives("Base");
    }

    @Test
    void aServiceFileThatCannotBeRead() throws Exception {
        service(jar("Syntax", good("Syntax", "\"syntax\""), Map.of()), "not a class name !");
        assertOnlyGoodSurvives("dev.keyturn.api.RotationTarget");
    }

    @Test
    void noPublicConstructor() throws Exception {
        jar("Hidden", GOOD.formatted("Hidden", "private Hidden() {}", "\"hidden\""), Map.of());
        assertOnlyGoodSurvives("Hidden");
    }

    @Test
    void blankNullAndImproperTypes() throws Exception {
        jar("Blank", good("Blank", "\" \""), Map.of());
        jar("Null", good("Null", "null"), Map.of());
        jar("Upper", good("Upper", "\"MySQL\""), Map.of());
        Plugins plugins = load();
        assertEquals(List.of(), plugins.usable());
        assertEquals(3, plugins.problems().size());
    }

    @Test
    void aPluginForANewerSpiIsRefusedBeforeItsCodeRuns() throws Exception {
        jar("Newer", GOOD.formatted("Newer", "static { System.setProperty(\"newer.ran\", \"yes\"); }", "\"newer\""),
                Map.of("version", "9.9", "spi", "99.0"));
        assertOnlyGoodSurvives("built for SPI 99.0");
        assertEquals(null, System.getProperty("newer.ran"));
    }

    @Test
    void aMissingDriverIsNamedBeforeAnythingIsSent() throws Exception {
        jar("NoDriver", good("NoDriver", "\"nodriver\""), Map.of("needs", "com.acme.Driver"));
        Plugins plugins = load();
        Failure failure = assertThrows(Failure.class, () -> plugins.find("nodriver"));
        assertEquals(ErrorCode.BROKEN_PLUGIN, failure.code());
        assertTrue(failure.text().contains("NoDriver") && failure.text().contains("com.acme.Driver"), failure.text());
    }

    @Test
    void twoOfOneTypeAreNamedWithTheirJars_andOthersGoOn() throws Exception {
        jar("First", good("First", "\"twice\""), Map.of());
        jar("Second", good("Second", "\"twice\""), Map.of());
        jar("Third", good("Third", "\"third\""), Map.of());
        Plugins plugins = load();
        Failure failure = assertThrows(Failure.class, () -> plugins.find("twice"));
        assertEquals(ErrorCode.TWO_PLUGINS, failure.code());
        assertTrue(failure.text().contains("First.jar") && failure.text().contains("Second.jar"), failure.text());
        assertEquals("third", plugins.find("third").type());
    }

    @Test
    void withoutATypeTheOnlyPluginIsMeant_andSeveralAreListed() throws Exception {
        jar("One", good("One", "\"one\""), Map.of());
        assertEquals("one", load().find(null).type());
        jar("Two", good("Two", "\"two\""), Map.of());
        Failure failure = assertThrows(Failure.class, () -> load().find(null));
        assertEquals(ErrorCode.WHICH_PLUGIN, failure.code());
        assertTrue(failure.text().contains("one ") && failure.text().contains("two "), failure.text());
    }

    @Test
    void noneAtAll() throws Exception {
        assertEquals(ErrorCode.NO_PLUGIN, assertThrows(Failure.class, () -> load().find(null)).code());
        Failure failure = assertThrows(Failure.class, () -> load().find("mysql"));
        assertTrue(failure.fix().contains("dev.keyturn:plugin-mysql"), failure.fix());
    }
}
