package dev.keyturn.engine.action;

import dev.keyturn.engine.plugin.PluginLoader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The same jar from a shell: {@code java -jar keyturn.jar check --arguments FILE}. */
@Command(name = "keyturn", description = "Rotates a secret that NAVER Cloud Secret Manager keeps.", mixinStandardHelpOptions = true,
        versionProvider = Shell.Version.class, synopsisSubcommandLabel = "COMMAND", exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done, or nothing to complain of", "1:not done; the document on standard output says why and what to do",
            "2:misused, or the bundle is broken; nobody was asked and nothing was sent"},
        footer = {"", "Each command tells more: keyturn COMMAND --help"})
public final class Shell implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Made by {@link #main}. */
    Shell() {
    }

    /**
     * Runs a command and ends the process with its exit code.
     *
     * @param args the command line; never a secret
     */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        PrintStream out = System.out;
        Terminal terminal = Terminal.of(out, System.err);
        // The terminal's lines are the log, for a person; a second copy of each would only be in the way.
        Logger log = Logger.getLogger("dev.keyturn");
        log.setUseParentHandlers(false);
        // Whatever a driver prints must not end up in a document.
        System.setOut(System.err);
        try {
            return new CommandLine(new Shell())
                    .addSubcommand(new Rotate(terminal)).addSubcommand(new CheckCommand(terminal)).addSubcommand(new PluginsCommand(terminal))
                    .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(System.err, true))
                    .setExecutionExceptionHandler((e, command, parsed) -> {
                        // The class name alone: a message could hold a secret.
                        terminal.err().println("keyturn: a mistake in Keyturn: " + e.getClass().getName());
                        return 1;
                    })
                    .execute(args);
        } finally {
            System.setOut(out);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** The engine's version. */
    static final class Version implements IVersionProvider {

        /** Made by picocli. */
        Version() {
        }

        @Override
        public String[] getVersion() {
            return new String[] {"keyturn " + PluginLoader.engine().getProperty("version", "?")};
        }
    }
}
