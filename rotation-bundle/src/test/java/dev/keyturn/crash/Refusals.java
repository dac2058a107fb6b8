package dev.keyturn.crash;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many logins of each user a server has refused, by its log. The log grows all the time, so no byte of it is read twice. */
final class Refusals {

    private final Path log;
    private final Pattern refusal;
    private final Map<String, Long> counts = new HashMap<>();
    private long read;

    /**
     * Reads nothing yet.
     *
     * @param log the server's
     * @param refusal what a refusal looks like; its group 1 is the user
     */
    Refusals(Path log, Pattern refusal) {
        this.log = log;
        this.refusal = refusal;
    }

    long of(Collection<String> users) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] bytes = new byte[(int) (file.length() - read)];
            file.seek(read);
            file.readFully(bytes);
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] != '\n') {
                end--; // The rest of that line comes later.
            }
            read += end;
            Matcher matcher = refusal.matcher(new String(bytes, 0, end, StandardCharsets.ISO_8859_1));
            while (matcher.find()) {
                counts.merge(matcher.group(1), 1L, Long::sum);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return users.stream().mapToLong(user -> counts.getOrDefault(user, 0L)).sum();
    }
}
