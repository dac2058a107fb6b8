package dev.keyturn.engine.rotation;

import dev.keyturn.engine.plugin.PluginLoader;
import java.security.CodeSource;

/** What the runtime is made of, in a line: the platform does not publish it, and a log of a live run answers it. */
final class Environment {

    private Environment() {
    }

    static String describe() {
        ClassLoader own = Environment.class.getClassLoader();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return "keyturn " + PluginLoader.engine().getProperty("version", "?") + ", Java " + System.getProperty("java.version")
                + ", Gson " + gson(own) + ", class loader " + name(own) + (own == context ? ", also the context's" : ", context's " + name(context));
    }

    private static String name(ClassLoader loader) {
        return loader == null ? "none" : loader.getClass().getSimpleName();
    }

    /** By name: only the action's own signature may need Gson. */
    private static String gson(ClassLoader loader) {
        try {
            Class<?> gson = Class.forName("com.google.gson.Gson", false, loader);
            CodeSource source = gson.getProtectionDomain().getCodeSource();
            String version = gson.getPackage().getImplementationVersion();
            String path = source == null || source.getLocation() == null ? "" : source.getLocation().getPath();
            return version != null ? version : path.isEmpty() ? "of unknown version" : "in " + path.substring(path.lastIndexOf('/') + 1);
        } catch (ClassNotFoundException | LinkageError e) {
            return "absent";
        }
    }
}
