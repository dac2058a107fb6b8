package dev.keyturn.bench;

import dev.keyturn.api.RotationTarget;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Plugins in jars of their own, compiled on the spot, and class loaders that see nothing but them and the API. */
record PluginJars(Path folder, List<Path> jars) {

    static final PluginJars NONE = new PluginJars(Path.of(""), List.of());

    private static final String SOURCE = """
            package bench.plugins;

            import dev.keyturn.api.*;

            public final class NAME implements RotationTarget {
                public String type() { return "TYPE"; }
                public TargetSchema schema() { return TargetSchema.of(TargetSchema.Field.required(Credential.PASSWORD)); }
                public PasswordRules passwordRules() { return PasswordRules.standard(); }
                public TargetSession open(Credential credential, TargetContext context) throws TargetException {
                    throw new TargetException(TargetException.Kind.UNREACHABLE, "only to be found");
                }
            }
            """;

    static PluginJars make(Path folder, int count) throws IOException {
        List<String> compile = new ArrayList<>(List.of("--release", "17", "-proc:none", "-cp", System.getProperty("java.class.path"), "-d", folder.toString()));
        for (int i = 0; i < count; i++) {
            Path source = folder.resolve("Target" + i + ".java");
            compile.add(Files.writeString(source, SOURCE.replace("NAME", "Target" + i).replace("TYPE", "type-" + i)).toString());
        }
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, compile.toArray(String[]::new)) != 0) {
            throw new IllegalStateException("the plugins do not compile");
        }
        List<Path> jars = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            jars.add(jar(folder, "Target" + i));
        }
        return new PluginJars(folder, jars);
    }

    private static Path jar(Path folder, String name) throws IOException {
        Path jar = folder.resolve(name + ".jar");
        String file = "bench/plugins/" + name + ".class";
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(out)) {
            entry(entries, file, Files.readAllBytes(folder.resolve(file)));
            entry(entries, "META-INF/services/" + RotationTarget.class.getName(), text("bench.plugins." + name));
            entry(entries, "META-INF/keyturn/bench.plugins." + name + ".properties", text("version=1.0\nspi=1.0\n"));
        }
        return jar;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void entry(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }

    Isolated loader() {
        return new Isolated(jars.stream().map(PluginJars::url).toArray(URL[]::new));
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }

    /** The jars and the API. The class path of the tests holds other plugins, and far more jars than an action. */
    static final class Isolated extends URLClassLoader {

        Isolated(URL... jars) {
            super(jars, new ClassLoader(ClassLoader.getPlatformClassLoader()) {
                @Override
                protected Class<?> findClass(String name) throws ClassNotFoundException {
                    if (name.startsWith(RotationTarget.class.getPackageName() + ".")) {
                        return RotationTarget.class.getClassLoader().loadClass(name);
                    }
                    throw new ClassNotFoundException(name);
                }
            });
        }
    }
}
