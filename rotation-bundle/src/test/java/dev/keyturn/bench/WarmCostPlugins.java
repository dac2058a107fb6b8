package dev.keyturn.bench;

import dev.keyturn.engine.plugin.PluginLoader;
import dev.keyturn.engine.plugin.Plugins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Finding the plugins, by how many there are. Public, with public fields and methods, for the code that JMH makes. */
@State(Scope.Thread)
public class WarmCostPlugins {

    /** How many plugins the class path has, each in a jar of its own. */
    @Param({"1", "5", "20"})
    public int plugins;

    private PluginJars jars = PluginJars.NONE;
    private ClassLoader warm = ClassLoader.getPlatformClassLoader();

    /** Makes the jars. */
    @Setup
    public void make() throws IOException {
        Path folder = Files.createTempDirectory("keyturn-plugins");
        jars = PluginJars.make(folder, plugins);
        warm = jars.loader();
    }

    /** Deletes them. */
    @TearDown
    public void delete() throws IOException {
        jars.delete();
    }

    /** What each activation of a container that was used before pays. */
    @Benchmark
    public Plugins again() {
        return all(PluginLoader.load(warm));
    }

    /** What the first one pays: jars are opened and classes loaded. */
    @Benchmark
    public Plugins first() throws IOException {
        try (PluginJars.Isolated fresh = jars.loader()) {
            return all(PluginLoader.load(fresh));
        }
    }

    private Plugins all(Plugins found) {
        if (found.usable().size() != plugins || !found.problems().isEmpty()) {
            throw new IllegalStateException("found " + found);
        }
        return found;
    }
}
