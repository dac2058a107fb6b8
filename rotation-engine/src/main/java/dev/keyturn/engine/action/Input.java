package dev.keyturn.engine.action;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * A text that an option names: a file, or standard input.
 *
 * @param option the option
 * @param name the file's name, or {@code -}
 */
record Input(String option, String name) {

    boolean isStandardInput() {
        return name.equals("-");
    }

    /** The text. One that cannot be read is like one that holds nothing: the error that follows names the option. */
    String read(InputStream in, PrintStream err) {
        try {
            return isStandardInput() ? new String(in.readAllBytes(), StandardCharsets.UTF_8) : Files.readString(Path.of(name));
        } catch (IOException | RuntimeException e) {
            err.println("keyturn: the file of " + option + " cannot be read (" + e.getClass().getSimpleName() + ")");
            return "";
        }
    }

    /** A warning if others than its owner may read the file, where the file system tells. */
    Optional<String> exposed() {
        if (isStandardInput()) {
            return Optional.empty();
        }
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(Path.of(name));
            return permissions.contains(PosixFilePermission.GROUP_READ) || permissions.contains(PosixFilePermission.OTHERS_READ)
                    ? Optional.of("others than its owner may read the file of " + option + " (" + PosixFilePermissions.toString(permissions)
                            + "): make it rw-------")
                    : Optional.empty();
        } catch (IOException | RuntimeException e) {
            // Not there, which is told elsewhere, or a file system without such permissions.
            return Optional.empty();
        }
    }
}
