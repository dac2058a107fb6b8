package dev.keyturn.authors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.RotationTarget;
import dev.keyturn.authors.Markdown.Block;
import dev.keyturn.engine.action.Shell;
import dev.keyturn.testkit.contract.RotationTargetContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.SAXException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What the pages show to be copied is right: Java compiles, JSON and XML parse, commands name what there is, links lead somewhere. */
class SnippetsTest {

    private static final Path GUIDE = Tree.ROOT.resolve("docs/writing-a-plugin.md");
    private static final Pattern TYPE = Pattern.compile("(?m)^(?:public )?(?:final |abstract )*(?:class|interface|record|enum) (\\w+)");

    /** What the guide's Java takes for granted: the driver of a target that does not exist, and its server. */
    private static final Map<String, String> STAND_INS = Map.of("Door.java", """
            package org.doors;
            class Door {
                static final class Refusal extends Exception {
                    private static final long serialVersionUID = 1L;
                    int code() { return 0; }
                }
                void connect(String host, int port, int millis) throws java.io.IOException { }
                void login(String user, String code, int millis) throws Refusal, java.io.IOException { }
                void setCode(String user, String code, int millis) throws Refusal, java.io.IOException { }
                void close() { }
            }
            """, "DoorServer.java", """
            package org.doors;
            interface DoorServer {
                static DoorServer shared() { throw new UnsupportedOperationException(); }
                dev.keyturn.api.Credential createAccount();
                void remove(dev.keyturn.api.Credential account);
                boolean accepts(String user, String code);
            }
            """);
    private static final String PREFACE = """
            package org.doors;
            import dev.keyturn.api.*;
            import dev.keyturn.testkit.contract.*;
            import java.io.IOException;
            """;

    @TempDir
    Path temp;

    /** Every page that is there to be read, decisions included. */
    private static List<Markdown> pages() {
        return Tree.files(Tree.ROOT).stream().filter(file -> file.toString().endsWith(".md")).map(Markdown::of).toList();
    }

    private static List<Block> blocks(String language) {
        return pages().stream().flatMap(page -> page.blocks(language).stream()).toList();
    }

    @Test
    void javaCompiles() throws Exception {
        Map<String, String> sources = new TreeMap<>(STAND_INS);
        for (Block block : blocks("java")) {
            Matcher type = TYPE.matcher(block.text());
            assertTrue(type.find(), block.place() + ": a block of Java is a whole type, or it cannot be compiled");
            sources.put(type.group(1) + ".java", (block.text().startsWith("package ") ? "" : PREFACE) + block.text());
        }
        assertTrue(sources.keySet().containsAll(Set.of("DoorTarget.java", "DoorSession.java", "DoorContractTest.java")), sources.keySet().toString());
        List<Path> classPath = Stream.of(RotationTarget.class, RotationTargetContract.class, org.jspecify.annotations.NullMarked.class, Test.class,
                org.junit.jupiter.api.parallel.Isolated.class, org.apiguardian.api.API.class, org.junit.platform.commons.annotation.Testable.class)
                .map(Compiler::home).distinct().toList();
        assertEquals(List.of(), Compiler.compile(sources, classPath, temp));
    }

    @Test
    void jsonParses() {
        List<String> wrong = new ArrayList<>();
        for (Block block : blocks("json")) {
            try {
                // Several documents in one block are several blocks for the reader.
                JsonMapper.shared().readerFor(Object.class).readValues(block.text()).readAll();
            } catch (JacksonException e) {
                wrong.add(block.place() + ": " + e.getOriginalMessage());
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(blocks("json").size() >= 4, "there are some");
    }

    @Test
    void xmlParses() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Block block : blocks("xml")) {
            try {
                // An excerpt of a pom may have several elements side by side.
                Tree.xml(block.text().startsWith("<?xml") ? block.text() : "<excerpt>" + block.text() + "</excerpt>");
            } catch (SAXException e) {
                wrong.add(block.place() + ": " + e.getMessage());
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(blocks("xml").size() >= 1, "there is one");
    }

    @Test
    void theGuidesXmlNamesWhatTheBomHas() throws Exception {
        String bom = Tree.read(Tree.ROOT.resolve("pom.xml"));
        for (Block block : Markdown.of(GUIDE).blocks("xml")) {
            Matcher artifact = Pattern.compile("<artifactId>(rotation-[a-z]+)</artifactId>").matcher(block.text());
            assertTrue(artifact.results().peek(found -> assertTrue(bom.contains(found.group()), found.group())).count() >= 1, block.place());
        }
    }

    /** Commands are not run here: they build everything, or serve until they are stopped. What they name must exist. */
    @Test
    void commandsNameWhatThereIs() {
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Markdown page : pages()) {
            Stream<String> fenced = page.blocks("bash").stream().flatMap(block -> block.text().lines());
            Stream<String> inline = Pattern.compile("`(java [^`]+|mvn [^`]+)`").matcher(page.text()).results().map(found -> found.group(1));
            for (String line : Stream.concat(fenced, inline).toList()) {
                String command = line.replaceFirst(" +#.*", "");
                boolean right = command.startsWith("mvn ") ? maven(command) : !command.startsWith("java ") || java(command);
                seen += command.matches("(mvn|java) .*") ? 1 : 0;
                if (!right) {
                    wrong.add(Tree.ROOT.relativize(page.file()) + ": " + command);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(seen >= 8, "commands were found: " + seen);
    }

    private static boolean maven(String command) {
        String poms = Tree.files(Tree.ROOT).stream().filter(file -> file.endsWith("pom.xml")).map(Tree::read).collect(Collectors.joining());
        return all(command, "-P([a-z0-9-]+)", profile -> poms.contains("<id>" + profile + "</id>"))
                && all(command, "-pl ([a-z-]+)", module -> poms.contains("<module>" + module + "</module>"))
                && command.matches(".* (test|package|verify|install)( .*)?");
    }

    /** Its class is ours; its subcommand and its options stand in sources of the same package. */
    private static boolean java(String command) {
        String main = Pattern.compile(" (dev\\.keyturn\\.\\S+)").matcher(command).results().map(found -> found.group(1)).findFirst()
                .orElse(Shell.class.getName());
        Path inPackage = Path.of(main.replace('.', '/') + ".java");
        List<Path> sources = Tree.files(Tree.ROOT).stream().filter(file -> file.endsWith(inPackage)).map(Path::getParent).flatMap(folder ->
                Tree.files(folder).stream()).toList();
        String text = sources.stream().map(Tree::read).collect(Collectors.joining());
        return !sources.isEmpty()
                && all(command, "(\\S*target/keyturn\\.jar)", "rotation-bundle/target/keyturn.jar"::equals)
                && all(command, "(?:keyturn\\.jar|Shell) ([a-z]+)", subcommand -> text.contains("@Command(name = \"" + subcommand + "\""))
                && all(command, " (--[a-z-]+)", option -> text.contains("\"" + option + "\""));
    }

    private static boolean all(String command, String pattern, Predicate<String> right) {
        return Pattern.compile(pattern).matcher(command).results().map(found -> found.group(1)).allMatch(right);
    }

    @Test
    void linksLeadSomewhere() {
        List<String> dead = pages().stream().flatMap(page -> page.links().filter(link -> !Files.exists(page.file().resolveSibling(link)))
                .map(link -> Tree.ROOT.relativize(page.file()) + ": " + link)).toList();
        assertEquals(List.of(), dead);
    }
}
