package dev.keyturn.authors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** THIRD-PARTY.md lists what the bundle contains: no library that is not listed, and none listed that is not there. */
class ThirdPartyIT {

    private static final List<List<String>> LIBRARIES = Markdown.of(Tree.ROOT.resolve("THIRD-PARTY.md")).rows().stream()
            .filter(row -> row.size() == 4 && row.get(0).contains(":")).toList();

    @Test
    void everyPackageIsListed() throws Exception {
        Set<String> listed = new TreeSet<>();
        LIBRARIES.forEach(row -> Stream.of(row.get(1).split(", ")).forEach(listed::add));
        Set<String> found = new TreeSet<>();
        Set<String> unlisted = new TreeSet<>();
        try (JarFile jar = new JarFile(Path.of(System.getProperty("keyturn.jar")).toFile())) {
            jar.stream().map(JarEntry::getName).filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
                    .map(name -> name.replace('/', '.')).filter(name -> !name.startsWith("dev.keyturn."))
                    .forEach(name -> listed.stream().filter(prefix -> name.startsWith(prefix + ".")).findFirst()
                            .ifPresentOrElse(found::add, () -> unlisted.add(name)));
        }
        assertEquals(Set.of(), unlisted);
        // A bundle that was built with fewer plugins has fewer libraries.
        if (found.containsAll(Set.of("com.mysql", "mssql", "org.postgresql", "redis"))) {
            assertEquals(listed, found);
        }
    }

    @Test
    void everyVersionIsAPropertyOrComesThroughAnother() throws Exception {
        assertTrue(LIBRARIES.size() >= 9, LIBRARIES.toString());
        for (List<String> row : LIBRARIES) {
            assertTrue(row.get(2).startsWith("through ") || !Tree.text(Tree.pom(""), "properties", row.get(2)).isEmpty(), row.toString());
            assertTrue(Stream.of("Apache-2.0", "MIT", "BSD-2-Clause", "GPL-2.0").anyMatch(row.get(3)::contains), row.toString());
        }
    }
}
