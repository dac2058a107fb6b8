package dev.keyturn.engine.plugin;

import dev.keyturn.api.RotationTarget;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.security.CodeSource;
import java.util.Optional;
import java.util.Properties;

/**
 * What a plugin says of itself in {@code META-INF/keyturn/<provider class>.properties}: its version, the SPI version it was
 * built for, and a class that it cannot do without. A resource named after the class, because a manifest does not survive
 * shading, and readable before any code of the plugin runs.
 *
 * @param version the plugin's version, or {@code ?}
 * @param spi the SPI version, or {@code ?}
 * @param needs the binary name of a class, maybe none
 */
record PluginResource(String version, String spi, Optional<String> needs) {

    static PluginResource of(Class<?> provider) {
        Properties properties = new Properties();
        ClassLoader loader = loader(provider);
        try (InputStream in = loader.getResourceAsStream("META-INF/keyturn/" + provider.getName() + ".properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException | IllegalArgumentException e) {
            // As good as none: a plugin need not have it.
            properties.clear();
        }
        return new PluginResource(properties.getProperty("version", "?"), properties.getProperty("spi", "?"),
                Optional.ofNullable(properties.getProperty("needs")).map(String::strip).filter(name -> !name.isEmpty()));
    }

    /** Whether the plugin may call what this engine's SPI lacks. */
    boolean newerThan(String engineSpi) {
        return number(spi) > number(engineSpi);
    }

    private static int number(String spi) {
        return spi.matches("[0-9]{1,4}\\.[0-9]{1,4}")
                ? Integer.parseInt(spi.substring(0, spi.indexOf('.'))) * 10_000 + Integer.parseInt(spi.substring(spi.indexOf('.') + 1))
                : 0;
    }

    /** The class that is needed and not there. Looks for the file; loads nothing. */
    Optional<String> missing(Class<?> provider) {
        return needs.filter(name -> loader(provider).getResource(name.replace('.', '/') + ".class") == null);
    }

    /** Class and jar, for messages. */
    static String place(Class<?> provider) {
        CodeSource source = provider.getProtectionDomain().getCodeSource();
        URL url = source == null ? null : source.getLocation();
        if (url == null) {
            return provider.getName();
        }
        String path = url.getPath().replaceAll("/+$", "");
        return provider.getName() + " in " + path.substring(path.lastIndexOf('/') + 1);
    }

    private static ClassLoader loader(Class<?> provider) {
        ClassLoader loader = provider.getClassLoader();
        return loader == null ? RotationTarget.class.getClassLoader() : loader;
    }
}
