package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What target/keyturn.cdx.json says of the jar beside it is true, complete and free of whoever built it. */
class SbomIT {

    private static final Path JAR = Path.of(HostProcess.JAR);
    private static final Path SBOM = JAR.resolveSibling("keyturn.cdx.json");
    private static final Set<String> ALLOWED = Set.of("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "EPL-1.0", "EPL-2.0");
    /** Not for any other: the exception is what lets the rest of the bundle keep its licences. */
    private static final Map<String, String> ALLOWED_FOR_ONE =
            Map.of("com.mysql:mysql-connector-j", "The GNU General Public License, v2 with Universal FOSS Exception, v1.0");

    /** What the SBOM says of one library. */
    private record Component(String group, String name, String version, String purl, Map<String, String> hashes, List<String> licences) {

        static Component of(JsonNode node) {
            Map<String, String> hashes = new TreeMap<>();
            node.path("hashes").forEach(hash -> hashes.put(hash.path("alg").stringValue(), hash.path("content").stringValue()));
            List<String> licences = node.path("licenses").values().stream().map(entry -> entry.path("license"))
                    .map(licence -> licence.path("id").stringValue(licence.path("name").stringValue(""))).toList();
            return new Component(node.path("group").stringValue(), node.path("name").stringValue(), node.path("version").stringValue(),
                    node.path("purl").stringValue(), hashes, licences);
        }

        String label() {
            return group + ":" + name;
        }

        /** The jar that the bundle was made from: a module's, or the local repository's. */
        Path jar() {
            String file = name + "-" + version + ".jar";
            return group.equals("dev.keyturn") ? OtherMaven.MODULES.resolve(name).resolve("target").resolve(file)
                    : Path.of(System.getProperty("keyturn.repository")).resolve(group.replace('.', '/')).resolve(name).resolve(version).resolve(file);
        }
    }

    @BeforeAll
    static void isThere() {
        boolean offline = System.getProperty("keyturn.offline").equals("offline true");
        if (offline) {
            System.out.println("not tried: the SBOM, which its plugin does not make when Maven is told to be offline (-o)");
        }
        Assumptions.assumeFalse(offline);
    }

    private static List<Component> components() throws IOException {
        return JsonMapper.shared().readTree(Files.readString(SBOM)).path("components").values().stream().map(Component::of).toList();
    }

    private static Map<String, Long> classes(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            Map<String, Long> classes = new TreeMap<>();
            jar.stream().filter(entry -> entry.getName().endsWith(".class") && !entry.getName().endsWith("module-info.class"))
                    .forEach((JarEntry entry) -> classes.put(entry.getName(), entry.getCrc()));
            return classes;
        }
    }

    /** Each class of the bundle is a component's, byte for byte, and each component has one there. */
    @Test
    void theComponentsAreWhatIsInTheJar() throws Exception {
        Map<String, Long> left = classes(JAR);
        Set<String> absent = new TreeSet<>();
        for (Component component : components()) {
            assertTrue(Files.exists(component.jar()), component.label());
            Map<String, Long> own = classes(component.jar());
            if (!left.entrySet().removeIf(entry -> entry.getValue().equals(own.get(entry.getKey())))) {
                absent.add(component.label());
            }
            assertEquals(sha256(component.jar()), component.hashes().get("SHA-256"), component.label());
        }
        assertEquals(Set.of(), absent, "listed, and not in the bundle");
        assertEquals(Set.of(), left.keySet(), "in the bundle, and no component's");
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void eachHasAnAddressAndALicenceThatIsAllowed() throws Exception {
        assertTrue(components().size() >= 5, "they were read");
        for (Component component : components()) {
            assertEquals("pkg:maven/" + component.group() + "/" + component.name() + "@" + component.version() + "?type=jar", component.purl());
            assertFalse(component.licences().isEmpty(), component.label() + " has no licence");
            for (String licence : component.licences()) {
                assertTrue(ALLOWED.contains(licence) || licence.equals(ALLOWED_FOR_ONE.get(component.label())), component.label() + ": " + licence);
            }
        }
    }

    /** THIRD-PARTY.md is what people read. It lists all that the largest bundle has. */
    @Test
    void thePageForPeopleListsTheSameLibraries() throws Exception {
        Set<String> listed = new TreeSet<>(Files.readString(OtherMaven.MODULES.resolve("THIRD-PARTY.md")).lines()
                .filter(line -> line.startsWith("| `")).map(line -> line.split(" \\| ")[0])
                .flatMap(cell -> Stream.of(cell.substring(2).replace("`", "").split(", "))).toList());
        Set<String> found = new TreeSet<>(components().stream().filter(each -> !each.group().equals("dev.keyturn")).map(Component::label).toList());
        if (BundleIT.chosen().size() == EveryTarget.values().length) {
            assertEquals(listed, found);
        } else {
            assertTrue(listed.containsAll(found), found + " in " + listed);
        }
    }

    /** Neither a folder nor a machine, no time, and no number by chance. */
    @Test
    void nothingInItTellsWhoBuiltItOrWhen() throws Exception {
        String text = Files.readString(SBOM);
        Stream.of(OtherMaven.MODULES.toString(), System.getProperty("user.home"), System.getProperty("keyturn.repository"), "file:",
                InetAddress.getLocalHost().getHostName())
                // A shorter one would be found in ordinary words.
                .filter(trace -> trace.length() > 4).forEach(trace -> assertFalse(text.contains(trace), trace));
        JsonNode sbom = JsonMapper.shared().readTree(text);
        assertTrue(sbom.path("metadata").path("timestamp").isMissingNode(), "a time");
        // Version 3: made from the content.
        assertTrue(sbom.path("serialNumber").stringValue().matches("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"), "its number");
    }
}
