package dev.keyturn.engine.plugin;

import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetSchema;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.ServiceLoader.Provider;
import java.util.Spliterator;

/** The only loop that touches {@link ServiceLoader}. It always ends, and one broken plugin takes no other with it (R11). */
public final class PluginLoader {

    // A class path that is broken beyond this is not worth a longer list; and a loop must end.
    private static final int MAX_PROBLEMS = 50;

    private final List<Plugin> plugins = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final String engineSpi = engine().getProperty("spi", "0.0");

    private PluginLoader() {
    }

    /**
     * Finds every plugin that a class loader can see. Never the context class loader by itself: the platform's runtimes do not
     * set it everywhere.
     *
     * @param loader where to look
     * @return what was found, and what was found broken
     */
    public static Plugins load(ClassLoader loader) {
        PluginLoader found = new PluginLoader();
        found.search(ServiceLoader.load(RotationTarget.class, loader).stream().spliterator());
        return new Plugins(List.copyOf(found.plugins), List.copyOf(found.problems));
    }

    /**
     * The engine's own version and the SPI version that it offers.
     *
     * @return {@code version} and {@code spi}
     */
    public static Properties engine() {
        Properties properties = new Properties();
        try (InputStream in = PluginLoader.class.getResourceAsStream("/META-INF/keyturn/engine.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            properties.clear();
        }
        return properties;
    }

    private void search(Spliterator<Provider<RotationTarget>> providers) {
        while (problems.size() < MAX_PROBLEMS) {
            try {
                if (!providers.tryAdvance(this::take)) {
                    return;
                }
            } catch (ServiceConfigurationError | LinkageError e) {
                problems.add(describe(e));
            }
        }
        problems.add("and more");
    }

    private void take(Provider<RotationTarget> provider) {
        Class<?> type = provider.type();
        String place = PluginResource.place(type);
        PluginResource resource = PluginResource.of(type);
        if (resource.newerThan(engineSpi)) {
            problems.add(place + " " + resource.version() + " was built for SPI " + resource.spi() + ", this engine offers " + engineSpi
                    + ": use a newer engine or an older plugin");
        } else if (resource.missing(type).isPresent()) {
            problems.add(place + " needs the missing class " + resource.missing(type).get() + ": add its jar");
        } else {
            instantiate(provider, resource, place);
        }
    }

    private void instantiate(Provider<RotationTarget> provider, PluginResource resource, String place) {
        try {
            RotationTarget target = provider.get();
            String type = target.type();
            TargetSchema schema = target.schema();
            if (type == null || !type.matches("[a-z][a-z0-9-]{0,39}")) {
                problems.add(place + " has a type that is none: it must be lower-case letters, digits and hyphens");
            } else if (schema == null || target.passwordRules() == null) {
                problems.add(place + " of type " + type + " has no schema or no password rules");
            } else {
                plugins.add(new Plugin(target, type, resource.version(), place));
            }
        } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
            problems.add(place + ": " + describe(e));
        }
    }

    /** The JVM's own words; what a plugin's constructor said is its cause, and stays out. */
    private static String describe(Throwable e) {
        if (e instanceof NoClassDefFoundError) {
            return "a plugin needs the missing class " + e.getMessage() + ": add its jar";
        }
        if (e instanceof ServiceConfigurationError && e.getCause() instanceof LinkageError cause) {
            return e.getMessage() + (cause instanceof NoClassDefFoundError
                    ? " (needs the missing class " + cause.getMessage() + ": add its jar)" : " (" + cause.getClass().getSimpleName() + ")");
        }
        return e instanceof ServiceConfigurationError ? String.valueOf(e.getMessage()) : e.getClass().getSimpleName();
    }
}
