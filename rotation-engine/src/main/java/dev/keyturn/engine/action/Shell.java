package dev.keyturn.engine.action;

import dev.keyturn.engine.Step;
import dev.keyturn.engine.plugin.PluginLoader;
import dev.keyturn.engine.rotation.Progress;
import dev.keyturn.engine.secretmanager.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The same run from a shell: {@code java -jar keyturn.jar rotate --arguments FILE}. */
@Command(name = "keyturn", description = "Rotates a secret that NAVER Cloud Secret Manager keeps.", mixinStandardHelpOptions = true,
        versionProvider = Shell.Version.class, subcommands = Shell.Rotate.class, synopsisSubcommandLabel = "COMMAND")
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
        return new CommandLine(new Shell()).execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Rotates. */
    @Command(name = "rotate", description = "Runs one rotation job. Prints the result as one JSON document.", mixinStandardHelpOptions = true,
            versionProvider = Version.class, exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:completed", "1:not completed; the result says why and what to do", "2:arguments or bundle wrong; nothing was sent"},
            footer = {"", "Keys may come from the environment: NCLOUD_ACCESS_KEY and NCLOUD_SECRET_KEY.", "The arguments are listed in docs/parameters.md."})
    static final class Rotate implements Callable<Integer> {

        @Option(names = "--arguments", required = true, paramLabel = "FILE", description = "file with the arguments, a JSON object; - reads standard input")
        private String arguments = "";

        @Option(names = "--quiet", description = "no progress on standard error")
        private boolean quiet;

        /** Made by picocli. */
        Rotate() {
        }

        @Override
        public Integer call() {
            // The lines below are the log, for a person; a second copy of each would only be in the way.
            Logger log = Logger.getLogger("dev.keyturn");
            log.setUseParentHandlers(false);
            PrintStream out = System.out;
            // Whatever a driver prints must not end up in the document.
            System.setOut(System.err);
            try {
                ActionRun.Ended ended = ActionRun.run(read(), true, System.getenv(), quiet ? Progress.NONE : new Lines(System.err));
                out.println(Json.pretty(ended.document()));
                out.flush();
                return ended.exitCode();
            } finally {
                System.setOut(out);
            }
        }

        /** A file that cannot be read is like one that holds nothing: the error names the argument. */
        private String read() {
            try {
                return arguments.equals("-") ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8) : Files.readString(Path.of(arguments));
            } catch (IOException | RuntimeException e) {
                System.err.println("keyturn: the file of --arguments cannot be read (" + e.getClass().getSimpleName() + ")");
                return "";
            }
        }
    }

    /** A line a step. */
    private record Lines(PrintStream err) implements Progress {

        @Override
        public void step(Step step, String outcome, long millis) {
            err.printf("%-9s %6d ms  %s%n", step.label(), millis, outcome);
        }

        @Override
        public void note(String line) {
            err.println("  " + line);
        }
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
