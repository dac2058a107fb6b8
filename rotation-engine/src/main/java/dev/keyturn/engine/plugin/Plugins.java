package dev.keyturn.engine.plugin;

import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The plugins of this class path.
 *
 * @param usable the plugins that can be used, types maybe twice
 * @param problems what was found and cannot be used: class, jar, reason, remedy
 */
public record Plugins(List<Plugin> usable, List<String> problems) {

    private static final Map<String, String> KNOWN = Map.of(
            "mysql", "plugin-mysql", "mssql", "plugin-mssql", "postgresql", "plugin-postgresql", "redis", "plugin-redis");

    /**
     * The plugin of a type.
     *
     * @param type the wanted type; null for the only one there is
     * @return the plugin
     * @throws Failure if there is none, or more than one, or it is broken
     */
    public Plugin find(@Nullable String type) throws Failure {
        if (type == null) {
            return only();
        }
        if (type.toLowerCase(Locale.ROOT).startsWith("mongo")) {
            throw new Failure(ErrorCode.UNSUPPORTED_TARGET, Step.ARGUMENTS,
                    "targetType \"" + type + "\": the platform's guide says that Cloud DB for MongoDB has no query to change a password");
        }
        List<Plugin> matches = usable.stream().filter(plugin -> plugin.type().equals(type)).toList();
        if (matches.size() == 1) {
            return matches.get(0);
        }
        if (matches.size() > 1) {
            throw new Failure(ErrorCode.TWO_PLUGINS, Step.ARGUMENTS,
                    "targetType \"" + type + "\" is offered by " + list(matches) + "; which one is meant cannot be told");
        }
        Optional<String> artifact = Optional.ofNullable(KNOWN.get(type)).map(name -> "dev.keyturn:" + name);
        boolean broken = problems.stream().anyMatch(problem -> problem.toLowerCase(Locale.ROOT).contains(type));
        throw new Failure(broken ? ErrorCode.BROKEN_PLUGIN : ErrorCode.NO_PLUGIN, Step.ARGUMENTS,
                (broken ? "the plugin" : "no plugin") + " for targetType \"" + type + "\"" + (broken ? " cannot be used; found: " : "; found: ")
                        + list(usable) + broken(),
                broken ? null : artifact.map(name -> "add " + name + " to the bundle, or correct targetType").orElse(null));
    }

    private Plugin only() throws Failure {
        if (usable.size() == 1) {
            return usable.get(0);
        }
        if (usable.isEmpty()) {
            throw new Failure(problems.isEmpty() ? ErrorCode.NO_PLUGIN : ErrorCode.BROKEN_PLUGIN, Step.ARGUMENTS,
                    "there is no plugin that can be used" + broken(), problems.isEmpty() ? "add a plugin's jar to the bundle" : null);
        }
        if (usable.stream().map(Plugin::type).distinct().count() == 1) {
            return find(usable.get(0).type());
        }
        throw new Failure(ErrorCode.WHICH_PLUGIN, Step.ARGUMENTS, "several plugins are there and targetType is missing; found: " + list(usable));
    }

    private String broken() {
        return problems.isEmpty() ? "" : "; not usable: " + String.join("; ", problems);
    }

    private static String list(List<Plugin> plugins) {
        return plugins.isEmpty() ? "none" : plugins.stream().map(Plugin::toString).collect(Collectors.joining(", "));
    }
}
