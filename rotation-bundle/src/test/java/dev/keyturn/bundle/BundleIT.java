package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is in the jar that is uploaded. {@link HostIT} runs it. */
class BundleIT {

    static final long MOST_BYTES_WITH_ONE = 6_000_000;
    private static final long MOST_BYTES = 10_000_000;
    private static final Path JAR = Path.of(HostProcess.JAR);

    /** What is a plugin's alone: its own, its driver's, and their licences. */
    private static final Map<EveryTarget, String> OWN = Map.of(
            EveryTarget.MYSQL, "dev/keyturn/plugin/mysql/.*|com/mysql/.*|META-INF/licenses/mysql[^/]*/.*",
            EveryTarget.MSSQL, "dev/keyturn/plugin/mssql/.*|(com/)?microsoft/.*|mssql/.*|META-INF/licenses/mssql[^/]*/.*",
            EveryTarget.POSTGRESQL, "dev/keyturn/plugin/postgresql/.*|org/postgresql/.*|META-INF/licenses/postgresql[^/]*/.*",
            EveryTarget.REDIS, "dev/keyturn/plugin/redis/.*|redis/.*|org/slf4j/.*|META-INF/(licenses|versions/9/org)/(jedis|slf4j)[^/]*/.*");

    /** The plugins that this build was asked for. */
    static List<EveryTarget> chosen() {
        return Arrays.stream(EveryTarget.values()).filter(target -> System.getProperty("keyturn." + target.type()).equals("compile")).toList();
    }

    /** The targets whose plugin is in the jar and that have a server here. Says which are not tried. */
    static List<EveryTarget> targets() {
        return Arrays.stream(EveryTarget.values()).filter(target -> {
            boolean chosen = chosen().contains(target);
            if (!chosen || !target.available()) {
                System.out.println("not tried: " + target.type() + (chosen ? " has no server for this platform" : " is not in this bundle"));
            }
            return chosen && target.available();
        }).toList();
    }

    static List<String> lines(JarFile jar, String name) throws IOException {
        return text(jar, name).lines().sorted().toList();
    }

    private static String text(JarFile jar, String name) throws IOException {
        return new String(jar.getInputStream(jar.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
    }

    /** What held for a single jar and does not for all. */
    static void assertNoLeftovers(JarFile jar) {
        List<String> left = jar.stream().map(JarEntry::getName).filter(name -> name.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC|LIST)")
                || name.endsWith("module-info.class") || name.startsWith("META-INF/maven/") || name.matches("(META-INF/)?[^/]*(LICENSE|NOTICE)[^/]*")).toList();
        assertEquals(List.of(), left);
    }

    @Test
    void theChosenPlugins_theirVersionsAndDrivers_andNoLeftovers() throws Exception {
        if (!chosen().contains(EveryTarget.POSTGRESQL)) {
            System.out.println("not tried: ShellIT, because postgresql is not in this bundle");
        }
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> names = jar.stream().map(JarEntry::getName).toList();
            assertNoLeftovers(jar);
            List<String> plugins = lines(jar, "META-INF/services/dev.keyturn.api.RotationTarget");
            assertEquals(chosen().stream().map(EveryTarget::type).sorted().toList(),
                    plugins.stream().map(name -> name.replaceAll("dev\\.keyturn\\.plugin\\.(\\w+)\\..*", "$1")).toList());
            for (String resource : Stream.concat(plugins.stream(), Stream.of("engine")).toList()) {
                Properties version = new Properties();
                version.load(new StringReader(text(jar, "META-INF/keyturn/" + resource + ".properties")));
                assertEquals(System.getProperty("keyturn.version"), version.getProperty("version"), resource);
                assertTrue(version.getProperty("spi").matches("\\d+\\.\\d+"), resource);
            }
            long drivers = chosen().stream().filter(target -> target != EveryTarget.REDIS).count();
            assertEquals(drivers, drivers == 0 ? 0 : lines(jar, "META-INF/services/java.sql.Driver").size());
            assertTrue(names.stream().noneMatch(name -> name.matches("(com/google/gson|org/junit|dev/keyturn/testkit)/.*")), "Gson is the runtime's");
            assertEquals("dev.keyturn.engine.action.Shell", jar.getManifest().getMainAttributes().getValue("Main-Class"));
            assertEquals("true", jar.getManifest().getMainAttributes().getValue("Multi-Release"));
            assertTrue(names.stream().anyMatch(name -> name.startsWith("META-INF/versions/") && name.endsWith(".class")), "what the flag is for");
        }
    }

    /** Every top-level package belongs to a library that is known here, so a new library cannot come without its licence. */
    @Test
    void everyLibraryHasItsLicence() throws Exception {
        Map<String, String> folders = Map.ofEntries(Map.entry("dev/keyturn/", "keyturn"), Map.entry("tools/jackson/core/", "jackson-core-.*"),
                Map.entry("tools/jackson/databind/", "jackson-databind-.*"), Map.entry("com/fasterxml/jackson/annotation/", "jackson-annotations-.*"),
                Map.entry("picocli/", "picocli"), Map.entry("org/jspecify/", "jspecify"), Map.entry("com/mysql/", "mysql-connector-j-.*"),
                Map.entry("com/microsoft/sqlserver/", "mssql-jdbc"), Map.entry("mssql/", "mssql-jdbc"), Map.entry("microsoft/sql/", "mssql-jdbc"),
                Map.entry("org/postgresql/", "postgresql-.*"),
                Map.entry("redis/clients/jedis/", "jedis"), Map.entry("org/slf4j/", "slf4j-api-.*"));
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> names = jar.stream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName).toList();
            List<String> unknown = names.stream().filter(name -> name.endsWith(".class")).map(name -> name.replaceFirst("META-INF/versions/\\d+/", ""))
                    .filter(name -> folders.keySet().stream().noneMatch(name::startsWith)).toList();
            assertEquals(List.of(), unknown, "classes of a library that this test does not know");
            folders.forEach((prefix, folder) -> {
                if (names.stream().anyMatch(name -> name.startsWith(prefix))) {
                    assertTrue(names.stream().anyMatch(name -> name.matches("META-INF/licenses/" + folder + "/(META-INF/)?LICENSE(\\.txt)?")), folder);
                }
            });
            if (chosen().contains(EveryTarget.MYSQL)) {
                String licence = names.stream().filter(name -> name.matches("META-INF/licenses/mysql-connector-j-.*/LICENSE")).findFirst().orElseThrow();
                assertTrue(text(jar, licence).contains("Universal FOSS Exception"), licence);
            }
        }
    }

    /** The real thing for one selection is in {@link OwnBundleIT}; here each is reckoned from the whole. */
    @Test
    void isSmall_alsoWithOnePlugin() throws Exception {
        long whole = Files.size(JAR);
        assertTrue(whole <= MOST_BYTES, whole + " bytes");
        try (JarFile jar = new JarFile(JAR.toFile())) {
            for (EveryTarget kept : chosen()) {
                List<String> others = OWN.keySet().stream().filter(target -> target != kept).map(OWN::get).toList();
                long left = whole - jar.stream().filter(entry -> others.stream().anyMatch(entry.getName()::matches)).mapToLong(JarEntry::getCompressedSize).sum();
                System.out.println("size: with " + kept.type() + " alone at most " + left + " bytes; with " + chosen().size() + ": " + whole);
                assertTrue(left <= MOST_BYTES_WITH_ONE, kept.type() + " alone: " + left + " bytes");
            }
        }
    }
}
