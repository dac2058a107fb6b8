package dev.keyturn.authors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** The template stays what an outsider would copy: it leans on nothing, and says of itself what is true. */
class TemplateTest {

    private static final Pattern MARK = Pattern.compile("TODO\\b ?(\\d*)");

    private final Document pom = pom("plugin-template");
    private final Document root = pom("");
    private final Markdown readme = Markdown.of(Tree.TEMPLATE.resolve("README.md"));

    private static Document pom(String module) {
        try {
            return Tree.pom(module);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void itStandsOnItsOwn_andIsBuiltWithTheRest() {
        assertEquals("", Tree.text(pom, "parent"));
        assertTrue(Tree.children(Tree.children(root.getDocumentElement(), "modules").findFirst().orElseThrow(), "module")
                .anyMatch(module -> module.getTextContent().equals("plugin-template")), "a module of the root pom");
    }

    @Test
    void itsVersionsAreOurs() {
        assertEquals(Tree.text(root, "version"), Tree.text(pom, "properties", "keyturn.version"));
        for (String property : List.of("keyturn.spi", "maven.compiler.release", "project.build.sourceEncoding", "project.build.outputTimestamp")) {
            assertEquals(Tree.text(root, "properties", property), Tree.text(pom, "properties", property), property);
        }
    }

    @Test
    void itPinsMavensPlugins_asWeDo() {
        Set<String> ours = plugins(Tree.read(Tree.ROOT.resolve("pom.xml")));
        Set<String> its = plugins(Tree.read(Tree.TEMPLATE.resolve("pom.xml")));
        assertTrue(ours.containsAll(its), its + " of " + ours);
        for (String bound : List.of("clean", "resources", "compiler", "surefire", "jar", "install", "deploy", "site")) {
            assertTrue(its.stream().anyMatch(plugin -> plugin.startsWith("maven-" + bound + "-plugin ")), bound);
        }
    }

    private static Set<String> plugins(String pom) {
        return Pattern.compile("<artifactId>(maven-[a-z]+-plugin)</artifactId>\\s*<version>([^<]+)</version>").matcher(pom).results()
                .map(found -> found.group(1) + " " + found.group(2)).collect(Collectors.toSet());
    }

    @Test
    void itsServiceFileNamesItsClass_andItsResourceIsNamedAfterIt() {
        String name = Tree.read(Tree.TEMPLATE.resolve("src/main/resources/META-INF/services/dev.keyturn.api.RotationTarget")).strip();
        Path source = Tree.TEMPLATE.resolve("src/main/java").resolve(name.replace('.', '/') + ".java");
        assertTrue(Tree.read(source).contains("public final class " + source.getFileName().toString().replace(".java", "") + " implements RotationTarget"));
        String resource = Tree.read(Tree.TEMPLATE.resolve("src/main/resources/META-INF/keyturn/" + name + ".properties"));
        assertTrue(resource.contains("version=${project.version}") && resource.contains("spi=${keyturn.spi}"), resource);
    }

    /** "TODO n" in the README's table and in the file that the table says, each once, and no other anywhere. */
    @Test
    void itsMarksAreTheOnesThatAreListed() {
        Set<String> listed = new TreeSet<>();
        readme.rows().stream().filter(row -> row.get(0).startsWith("TODO ")).forEach(row -> assertTrue(listed.add(row.get(0) + " in " + row.get(1))));
        Set<String> found = new TreeSet<>();
        Tree.files(Tree.TEMPLATE).stream().filter(file -> !file.equals(readme.file())).forEach(file -> MARK.matcher(Tree.read(file)).results()
                .forEach(mark -> assertTrue(found.add("TODO " + mark.group(1) + " in " + file.getFileName()), "once: " + mark.group())));
        assertEquals(listed, found);
        assertEquals(6, listed.size());
    }

    @Test
    void itsReadmeNamesItsJar() {
        String jar = Tree.text(pom, "artifactId") + "-" + Tree.text(pom, "version") + ".jar";
        assertTrue(readme.text().contains("target/" + jar), jar);
    }

    /** Somebody who copies it should not have to know our rooms: the SPI and the kit are all. */
    @Test
    void itUsesTheSpiAndTheKitOnly() {
        Pattern ours = Pattern.compile("dev\\.keyturn\\.(?!api\\.|testkit\\.contract\\.)[a-z.]+");
        Tree.files(Tree.TEMPLATE.resolve("src")).stream().filter(file -> file.toString().endsWith(".java"))
                .forEach(file -> assertFalse(ours.matcher(Tree.read(file)).find(), file.toString()));
        assertTrue(Files.isDirectory(Tree.TEMPLATE.resolve("src/test")));
    }
}
