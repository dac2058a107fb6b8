package dev.keyturn.testkit.contract;

import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetSchema;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.regex.Pattern;

/** Whether an engine that has never heard of the plugin finds it, and what it then says of itself. */
final class Discovery {

    private static final String SERVICE_FILE = "META-INF/services/" + RotationTarget.class.getName();
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    private final RotationTarget target;
    private final String className;

    Discovery(RotationTarget target) {
        this.target = target;
        this.className = target.getClass().getName();
    }

    static List<Path> testClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).filter(entry -> !entry.isEmpty())
                .map(Path::of).toList();
    }

    /** In a class loader of its own, as in a bundle: nothing of the test's own loader is seen. */
    void isFound(List<Path> classPath) throws Exception {
        try (URLClassLoader isolated = new URLClassLoader(urls(classPath), ClassLoader.getPlatformClassLoader())) {
            List<String> files = new ArrayList<>();
            for (URL file : Collections.list(isolated.getResources(SERVICE_FILE))) {
                List<String> providers = providers(file);
                if (providers.contains(className)) {
                    files.add(file.toString());
                    if (providers.size() != 1) {
                        throw Rule.DISCOVERABLE.broken("the service file " + file + " names " + providers);
                    }
                }
            }
            if (files.size() != 1) {
                throw Rule.DISCOVERABLE.broken(className + " is named by " + files.size() + " service files " + files);
            }
            load(isolated);
            properties(isolated);
        }
    }

    private void load(ClassLoader isolated) throws ClassNotFoundException {
        Class<?> spi = Class.forName(RotationTarget.class.getName(), false, isolated);
        try {
            long made = ServiceLoader.load(spi, isolated).stream()
                    .filter(provider -> provider.type().getName().equals(className))
                    .filter(provider -> provider.get() != null).count();
            if (made != 1) {
                throw Rule.DISCOVERABLE.broken("ServiceLoader made " + made + " instances");
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            throw Rule.DISCOVERABLE.broken("in a class loader of its own: " + e
                    + (e.getCause() == null ? "" : ", caused by " + e.getCause()));
        }
    }

    private void properties(ClassLoader isolated) throws IOException {
        String name = "META-INF/keyturn/" + className + ".properties";
        Properties properties = new Properties();
        try (InputStream in = isolated.getResourceAsStream(name)) {
            if (in == null) {
                System.out.println("Keyturn contract kit: warning: there is no " + name + " (lines version= and spi=), so an engine that"
                        + " is too old for the plugin cannot say so");
                return;
            }
            properties.load(in);
        }
        for (String key : List.of("version", "spi")) {
            String value = properties.getProperty(key, "");
            if (value.isBlank() || value.contains("${")) {
                throw Rule.DISCOVERABLE.broken(name + " has no value for \"" + key + "\"");
            }
        }
    }

    void describesItself() {
        String type = target.type();
        if (type == null || !TYPE.matcher(type).matches()) {
            throw Rule.DESCRIPTION.broken("type() is " + (type == null ? "null" : Text.visible(type))
                    + "; lower-case letters, digits and hyphens, beginning with a letter, at most 40");
        }
        TargetSchema schema = target.schema();
        PasswordRules rules = target.passwordRules();
        if (schema == null || rules == null) {
            throw Rule.DESCRIPTION.broken((schema == null ? "schema()" : "passwordRules()") + " is null");
        }
        if (schema.field(Credential.PASSWORD).isEmpty()) {
            throw Rule.DESCRIPTION.broken("the schema has no field \"" + Credential.PASSWORD + "\"");
        }
        same("type()", type, target.type());
        same("schema()", describe(schema), describe(target.schema()));
        same("passwordRules()", rules.toString(), String.valueOf(target.passwordRules()));
    }

    private static String describe(TargetSchema schema) {
        return schema.fields() + " " + schema.options();
    }

    private static void same(String what, String first, String second) {
        if (!first.equals(second)) {
            throw Rule.DESCRIPTION.broken(what + " was " + first + " and then " + second);
        }
    }

    private static List<String> providers(URL file) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(file.openStream(), StandardCharsets.UTF_8))) {
            return lines.lines().map(line -> line.replaceFirst("#.*", "").strip()).filter(line -> !line.isEmpty()).toList();
        }
    }

    private static URL[] urls(List<Path> classPath) throws MalformedURLException {
        URL[] urls = new URL[classPath.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = classPath.get(i).toUri().toURL();
        }
        return urls;
    }
}
