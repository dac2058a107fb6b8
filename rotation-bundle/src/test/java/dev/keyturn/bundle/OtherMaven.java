package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Maven outside of this build, offline. Its local repository has links to everything in this build's, and the artifacts that were
 * just built: so nothing is downloaded, and nothing is installed where others would find it.
 */
public final class OtherMaven {

    public static final Path MODULES = Path.of("").toAbsolutePath().getParent();
    private static final String VERSION = System.getProperty("keyturn.version");
    private static final List<String> ARTIFACTS = List.of("rotation-api", "rotation-engine", "rotation-testkit", "plugin-mysql", "plugin-mssql",
            "plugin-postgresql", "plugin-redis");

    private final Path repository;

    public OtherMaven() throws IOException {
        repository = Files.createDirectories(Path.of("target", "other-repository").toAbsolutePath());
        Path real = Path.of(System.getProperty("keyturn.repository"));
        links(real, repository, List.of("dev", "com"));
        links(real.resolve("dev"), repository.resolve("dev"), List.of("keyturn"));
        links(real.resolve("com"), repository.resolve("com"), List.of("acme"));
        put("dev/keyturn", "keyturn", VERSION, ".pom", MODULES.resolve("pom.xml"));
        for (String artifact : ARTIFACTS) {
            put("dev/keyturn", artifact, VERSION, ".pom", MODULES.resolve(artifact).resolve("pom.xml"));
            for (String kind : List.of(".jar", "-tests.jar")) {
                Path jar = MODULES.resolve(artifact).resolve("target").resolve(artifact + "-" + VERSION + kind);
                if (kind.equals(".jar") || Files.exists(jar)) {
                    put("dev/keyturn", artifact, VERSION, kind, jar);
                }
            }
        }
    }

    private static void links(Path from, Path to, List<String> except) throws IOException {
        Files.createDirectories(to);
        if (!Files.isDirectory(from)) {
            return;
        }
        try (var children = Files.newDirectoryStream(from)) {
            for (Path child : children) {
                Path link = to.resolve(child.getFileName());
                if (!except.contains(child.getFileName().toString()) && !Files.exists(link)) {
                    Files.createSymbolicLink(link, child);
                }
            }
        }
    }

    /** As an installation would. */
    void put(String group, String artifact, String version, String kind, Path file) throws IOException {
        Path folder = Files.createDirectories(repository.resolve(group).resolve(artifact).resolve(version));
        Files.copy(file, folder.resolve(artifact + "-" + version + kind), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Runs Maven in the folder. */
    public Ran run(Path folder, String... arguments) throws IOException, InterruptedException {
        String program = File.separatorChar == '\\' ? "mvn.cmd" : "mvn";
        Path maven = Path.of(System.getProperty("keyturn.maven"), "bin", program);
        assertTrue(Files.isExecutable(maven), "the Maven that runs this build: " + maven);
        List<String> command = new ArrayList<>(List.of(maven.toString(), "-B", "-o", "-q", "-Dmaven.repo.local=" + repository));
        command.addAll(List.of(arguments));
        return Ran.run(folder, Map.of("JAVA_HOME", Jdk.running().home().toString()), command);
    }
}
