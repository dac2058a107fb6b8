package dev.keyturn.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A JDK that the finished jar is tried on: the running one, and others in the same folder or in {@code -Dkeyturn.jdks}.
 *
 * @param version 17, 21, 25
 * @param home its folder
 */
public record Jdk(int version, Path home) {

    private static final List<Integer> WANTED = List.of(17, 21, 25);

    public static Jdk running() {
        return new Jdk(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
    }

    /** One of each version. Says which are missing. */
    static List<Jdk> all() throws IOException {
        Jdk running = running();
        Map<Integer, Jdk> found = new TreeMap<>();
        List<Path> homes = new ArrayList<>();
        for (String named : System.getProperty("keyturn.jdks", "").split(java.io.File.pathSeparator)) {
            if (!named.isEmpty()) {
                homes.add(Path.of(named));
            }
        }
        try (var beside = Files.newDirectoryStream(running.home().getParent())) {
            beside.forEach(homes::add);
        }
        for (Path home : homes) {
            int version = version(home);
            if (WANTED.contains(version)) {
                found.putIfAbsent(version, new Jdk(version, home));
            }
        }
        found.put(running.version(), running);
        WANTED.stream().filter(version -> !found.containsKey(version)).forEach(version -> System.out.println("not tried: JDK " + version
                + ", which is not beside " + running.home() + "; -Dkeyturn.jdks=FOLDER names one"));
        return List.copyOf(found.values());
    }

    private static int version(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release) || !Files.isExecutable(home.resolve("bin").resolve("java"))) {
            return 0;
        }
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(release)) {
            properties.load(reader);
        }
        String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
        return Integer.parseInt(version.replaceAll("\\D.*", ""));
    }

    public Path java() {
        return home.resolve("bin").resolve("java");
    }

    /** The first JDK that has none at all is 24. */
    boolean hasSecurityManager() {
        return version < 24;
    }

    @Override
    public String toString() {
        return "JDK " + version;
    }
}
