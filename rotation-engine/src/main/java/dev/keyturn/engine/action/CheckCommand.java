package dev.keyturn.engine.action;

import dev.keyturn.engine.rotation.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks whether a rotation would succeed. */
@Command(name = "check", description = {"Asks whether a rotation would succeed now, and changes nothing.",
        "It logs in as a rotation would, with no more refused logins, and asks the target whether a change can be made. While it runs it holds "
                + "the account's lock: a rotation at the same moment would end with KT-519.",
        "Prints what it found as one JSON document."}, mixinStandardHelpOptions = true,
        versionProvider = Shell.Version.class, exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing speaks against a rotation", "1:a rotation would not succeed, or it could not be found out; the document says why",
            "2:arguments or bundle wrong; nobody was asked"},
        footer = {"", "Without --chain, Secret Manager is asked (Get Secret Value), which the key must be allowed to.",
            "Keys may come from the environment: NCLOUD_ACCESS_KEY and NCLOUD_SECRET_KEY.", "The arguments are listed in docs/parameters.md; a jobToken is not needed."})
final class CheckCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--arguments", required = true, paramLabel = "FILE", description = "file with the arguments of the rotation, a JSON object; - reads standard input")
    private String arguments = "";

    @Option(names = "--chain", paramLabel = "FILE", description = "file with the secret, so that Secret Manager is not asked: the data of start or Get Secret Value, "
            + "or a bare secret, taken as active; - reads standard input")
    private @Nullable String chain;

    @Option(names = "--rotating-key", paramLabel = "KEY", description = "a key of the bare secret that rotates; may be repeated")
    private List<String> rotatingKeys = new ArrayList<>();

    @Option(names = "--quiet", description = "no lines on standard error")
    private boolean quiet;

    CheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Input first = new Input("--arguments", arguments);
        Input second = chain == null ? null : new Input("--chain", chain);
        if (first.isStandardInput() && second != null && second.isStandardInput()) {
            throw new ParameterException(spec.commandLine(), "--arguments and --chain cannot both be standard input");
        }
        List<String> warnings = Stream.of(first.exposed(), second == null ? Optional.<String>empty() : second.exposed())
                .flatMap(Optional::stream).toList();
        CheckRun.Ended ended = CheckRun.run(first.read(System.in, terminal.err()), second == null ? null : second.read(System.in, terminal.err()),
                rotatingKeys, System.getenv(), warnings, quiet ? Progress.NONE : terminal);
        terminal.document(ended.document());
        return ended.exitCode();
    }
}
