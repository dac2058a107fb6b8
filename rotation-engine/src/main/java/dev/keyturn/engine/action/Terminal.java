package dev.keyturn.engine.action;

import dev.keyturn.engine.Step;
import dev.keyturn.engine.rotation.Progress;
import dev.keyturn.engine.secretmanager.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a command writes: documents on standard output, lines for people on standard error.
 *
 * @param out standard output, as it was before drivers were kept off it
 * @param err standard error
 * @param colours whether lines on standard error are coloured
 */
record Terminal(PrintStream out, PrintStream err, boolean colours) implements Progress {

    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    static Terminal of(PrintStream out, PrintStream err) {
        return new Terminal(out, err, Ansi.AUTO.enabled() && errorIsTerminal());
    }

    /** Java tells it of standard output only, and Linux of each; elsewhere lines have no colours. */
    private static boolean errorIsTerminal() {
        try {
            Path device = Files.readSymbolicLink(STANDARD_ERROR);
            return device.startsWith("/dev/pts") || device.toString().startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    public void step(Step step, String outcome, long millis) {
        err.println(coloured("green", String.format("%-9s", step.label())) + String.format(" %6d ms  ", millis) + outcome);
    }

    @Override
    public void note(String line) {
        err.println("  " + (line.startsWith("warning: ") ? coloured("yellow", "warning:") + line.substring(8)
                : line.matches("KT-[0-9]{3}.*") ? coloured("red,bold", line.substring(0, 6)) + line.substring(6) : line));
    }

    private String coloured(String colour, String word) {
        return colours ? Ansi.ON.string("@|" + colour + " " + word + "|@") : word;
    }

    void document(ObjectNode document) {
        out.println(Json.pretty(document));
        out.flush();
    }

    void line(String line) {
        out.println(line);
    }
}
