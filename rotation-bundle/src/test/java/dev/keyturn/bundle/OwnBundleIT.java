package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/bundling.md, done: other selections of plugins, and bundles with a plugin that is not ours. */
class OwnBundleIT {

    private static final String SERVICES = "META-INF/services/dev.keyturn.api.RotationTarget";
    private static OtherMaven maven;

    @TempDir
    Path temp;

    @BeforeAll
    static void repository() throws IOException {
        maven = new OtherMaven();
    }

    /** What the documents call your bundle, with our plugin for files as yours. */
    private Ran buildTheDocumentsPom(Map<String, byte[]> moreInThePlugin) throws Exception {
        String page = Files.readString(OtherMaven.MODULES.resolve("docs").resolve("bundling.md"));
        String pom = page.substring(page.indexOf("<project"), page.indexOf("</project>")) + "</project>\n";
        Files.writeString(temp.resolve("pom.xml"), pom);
        Path plugin = Files.createDirectories(temp.resolve("plugin"));
        maven.put("com/acme", "plugin-filebox", "1.0", ".jar", OwnPlugin.jar(plugin, moreInThePlugin));
        maven.put("com/acme", "plugin-filebox", "1.0", ".pom", Files.writeString(plugin.resolve("pom.xml"), """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>com.acme</groupId>
                  <artifactId>plugin-filebox</artifactId>
                  <version>1.0</version>
                </project>
                """));
        return maven.run(temp, "package");
    }

    @Test
    void aBundleOfYourOwn_byTheDocumentsPom() throws Exception {
        Ran built = buildTheDocumentsPom(Map.of());
        assertEquals(0, built.exitCode(), built.output());
        Path jar = temp.resolve("target").resolve("acme-keyturn.jar");
        try (JarFile opened = new JarFile(jar.toFile())) {
            assertEquals(List.of("com.acme.filebox.FileTarget", "dev.keyturn.plugin.postgresql.PostgresqlTarget"),
                    BundleIT.lines(opened, SERVICES));
            List<String> names = opened.stream().map(JarEntry::getName).toList();
            assertTrue(names.contains("META-INF/keyturn/com.acme.filebox.FileTarget.properties"), "its version survives");
            for (String library : List.of("plugin-filebox-1.0-jar", "postgresql-.*-jar", "jackson-core-.*-jar")) {
                assertTrue(names.stream().anyMatch(name -> name.matches("META-INF/licenses/" + library + "/META-INF/LICENSE")), library);
            }
            BundleIT.assertNoLeftovers(opened);
        }
        assertTrue(Files.size(jar) <= 6_000_000, Files.size(jar) + " bytes");
        OwnPlugin.assertRotates(temp, Ran.JAVA, "-jar", jar.toString());
    }

    @Test
    void aClassThatTwoJarsHave_endsTheBuild() throws Exception {
        Ran built = buildTheDocumentsPom(Map.of("org/postgresql/Driver.class", "not it".getBytes(StandardCharsets.UTF_8)));
        assertNotEquals(0, built.exitCode());
        assertTrue(built.output().contains("org/postgresql/Driver.class") && built.output().contains("plugin-filebox"), built.output());
    }

    @Test
    void noBundle_thePluginBesideTheJar() throws Exception {
        Path plugin = OwnPlugin.jar(temp, Map.of());
        OwnPlugin.assertRotates(temp, Ran.JAVA, "-cp", HostProcess.JAR + File.pathSeparator + plugin, "dev.keyturn.engine.action.Shell");
    }

    /** This module in another folder: its parent comes from the repository. */
    private Path rebuild(String... profiles) throws Exception {
        Files.copy(OtherMaven.MODULES.resolve("LICENSE"), temp.resolve("LICENSE"));
        Path module = Files.createDirectories(temp.resolve("rotation-bundle"));
        Path here = Path.of("").toAbsolutePath();
        Files.copy(here.resolve("pom.xml"), module.resolve("pom.xml"));
        try (var sources = Files.walk(here.resolve("src").resolve("main"))) {
            for (Path source : sources.toList()) {
                Path copy = module.resolve(here.relativize(source).toString());
                if (Files.isDirectory(source)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(source, copy);
                }
            }
        }
        Ran built = maven.run(module, "-Dmaven.test.skip=true", "-P" + String.join(",", profiles), "package");
        assertEquals(0, built.exitCode(), built.output());
        return module.resolve("target").resolve("keyturn.jar");
    }

    @Test
    void builtAgainElsewhere_theSameBytes() throws Exception {
        Path again = rebuild(BundleIT.chosen().stream().map(EveryTarget::type).toArray(String[]::new));
        assertArrayEquals(Files.readAllBytes(Path.of(HostProcess.JAR)), Files.readAllBytes(again));
    }

    @Test
    void onePlugin_andNoMoreThanItNeeds() throws Exception {
        Path jar = rebuild("mysql");
        try (JarFile opened = new JarFile(jar.toFile())) {
            assertEquals(List.of("dev.keyturn.plugin.mysql.MysqlTarget"), BundleIT.lines(opened, SERVICES));
            assertEquals(List.of("com.mysql.cj.jdbc.Driver"), BundleIT.lines(opened, "META-INF/services/java.sql.Driver"));
            assertEquals(0, opened.stream().filter(entry -> entry.getName().matches(
                    "(org/postgresql|com/microsoft|microsoft|mssql|redis|org/slf4j|META-INF/licenses/(postgresql|mssql|jedis|slf4j)[^/]*)/.*")).count());
            assertTrue(opened.stream().anyMatch(entry -> entry.getName().matches("META-INF/licenses/mysql-connector-j-[^/]*/LICENSE")));
            BundleIT.assertNoLeftovers(opened);
        }
        assertTrue(Files.size(jar) <= BundleIT.MOST_BYTES_WITH_ONE, Files.size(jar) + " bytes");
    }
}
