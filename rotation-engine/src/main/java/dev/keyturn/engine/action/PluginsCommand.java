package dev.keyturn.engine.action;

import dev.keyturn.api.TargetSchema;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Redactor;
import dev.keyturn.engine.plugin.Plugin;
import dev.keyturn.engine.plugin.PluginLoader;
import dev.keyturn.engine.plugin.Plugins;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Lists what is in the bundle. Asks nobody but the class path. */
@Command(name = "plugins", description = {"Lists the plugins of this bundle.",
    "Of each: type, version, class and jar, the fields of a secret that it reads, its options. And every plugin that was found broken, with the remedy."},
        mixinStandardHelpOptions = true, versionProvider = Shell.Version.class,
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:all can be used", "2:there is none, one is broken, or two have one type"})
final class PluginsCommand implements Callable<Integer> {

    private final Terminal terminal;

    PluginsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Plugins found = PluginLoader.load(PluginsCommand.class.getClassLoader());
        // A plugin's words: a control character in them must not reach a terminal.
        Redactor words = new Redactor();
        found.usable().stream().flatMap(plugin -> describe(plugin).stream()).map(words::clean).forEach(terminal::line);
        if (!found.usable().isEmpty()) {
            terminal.line("Every plugin also has the options tls, ca and nodes: docs/parameters.md.");
        }
        List<String> problems = problems(found);
        problems.stream().map(words::clean).forEach(terminal::line);
        return problems.isEmpty() ? 0 : 2;
    }

    private static List<String> describe(Plugin plugin) {
        TargetSchema schema = plugin.target().schema();
        List<String> lines = new ArrayList<>();
        lines.add(plugin.toString());
        for (TargetSchema.Field field : schema.fields()) {
            List<String> aliases = field.names().subList(1, field.names().size());
            lines.add("  field   " + field.name() + (aliases.isEmpty() ? "" : ", also " + String.join(", ", aliases)) + ": "
                    + (field.isRequired() ? "required" : field.defaultValue().map(value -> "if missing, " + value).orElse("may be missing")));
        }
        schema.options().forEach((name, meaning) -> lines.add("  option  " + name + ": " + meaning));
        lines.add("");
        return lines;
    }

    private static List<String> problems(Plugins found) {
        List<String> lines = new ArrayList<>();
        for (String problem : found.problems()) {
            lines.add("broken: " + problem);
            lines.add("  fix: " + ErrorCode.BROKEN_PLUGIN.fix() + ", or leave it out");
        }
        Map<String, List<Plugin>> byType = found.usable().stream().collect(Collectors.groupingBy(Plugin::type));
        byType.forEach((type, same) -> {
            if (same.size() > 1) {
                lines.add("broken: the type " + type + " is offered " + same.size() + " times: " + same);
                lines.add("  fix: " + ErrorCode.TWO_PLUGINS.fix());
            }
        });
        if (found.usable().isEmpty() && lines.isEmpty()) {
            lines.add("there is no plugin");
            lines.add("  fix: " + ErrorCode.NO_PLUGIN.fix());
        }
        return lines;
    }
}
