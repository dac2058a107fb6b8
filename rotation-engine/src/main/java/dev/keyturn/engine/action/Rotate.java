package dev.keyturn.engine.action;

import dev.keyturn.engine.rotation.Progress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Rotates. */
@Command(name = "rotate", description = "Runs one rotation job. Prints the result as one JSON document.", mixinStandardHelpOptions = true,
        versionProvider = Shell.Version.class, exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:completed", "1:not completed; the result says why and what to do", "2:arguments or bundle wrong; nothing was sent"},
        footer = {"", "Keys may come from the environment: NCLOUD_ACCESS_KEY and NCLOUD_SECRET_KEY.", "The arguments are listed in docs/parameters.md."})
final class Rotate implements Callable<Integer> {

    private final Terminal terminal;

    @Option(names = "--arguments", required = true, paramLabel = "FILE", description = "file with the arguments, a JSON object; - reads standard input")
    private String arguments = "";

    @Option(names = "--quiet", description = "no progress on standard error")
    private boolean quiet;

    Rotate(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String text = new Input("--arguments", arguments).read(System.in, terminal.err());
        ActionRun.Ended ended = ActionRun.run(text, true, System.getenv(), quiet ? Progress.NONE : terminal);
        terminal.document(ended.document());
        return ended.exitCode();
    }
}
