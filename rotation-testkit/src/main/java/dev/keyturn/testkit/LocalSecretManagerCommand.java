package dev.keyturn.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The {@link LocalSecretManager} from the command line.
 *
 * <p>Standard output gets one line of JSON with {@code endpoint}, {@code accessKey}, {@code secretKey}, {@code secretId}
 * and {@code jobToken}, and another one with a new {@code jobToken} for each line {@code trigger} on standard input.
 * Standard error gets one line for each call that has ended, without its body. It runs until standard input ends, or the
 * process is killed.
 */
@Command(name = "local-secret-manager", sortOptions = false,
        description = "Serves NAVER Cloud Secret Manager's rotation-job contract on 127.0.0.1, for tests.",
        footer = {"", "The file of --secret: {\"active\": {...}, \"previous\": {...}, \"pending\": {...},",
            "\"rotatingKeys\": [\"password\"]}; previous and pending may be left out.",
            "The keys are new ones, unless NCLOUD_ACCESS_KEY and NCLOUD_SECRET_KEY are set.",
            "A line \"trigger\" on standard input issues another job. Ends when standard input does."})
public final class LocalSecretManagerCommand implements Callable<Integer> {

    private static final String ACCESS_KEY = "NCLOUD_ACCESS_KEY";
    private static final String SECRET_KEY = "NCLOUD_SECRET_KEY";

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--secret", required = true, paramLabel = "FILE",
            description = "The secret to serve; - reads it from standard input, and then runs until killed.")
    private String secret = "";

    @Option(names = "--port", paramLabel = "N", description = "The port; a free one by default.")
    private int port;

    @Option(names = "--prefix", paramLabel = "PATH", description = "A path before all others, such as /secretmanager.")
    private String prefix = "";

    @Option(names = "--behaviour", paramLabel = "NAME=VALUE",
            description = "What to do where the documentation is silent, such as pending-kept-at-fail=false. Repeatable.")
    private Map<String, String> behaviour = new LinkedHashMap<>();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this text.")
    private boolean help;

    LocalSecretManagerCommand(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    /**
     * Runs it.
     *
     * @param args the arguments; {@code --help} explains them
     */
    public static void main(String[] args) {
        System.exit(commandLine(System.in, System.out, System.err, System.getenv()).execute(args));
    }

    static CommandLine commandLine(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
        return new CommandLine(new LocalSecretManagerCommand(in, out, err, environment));
    }

    /** Runs until standard input ends. Called by picocli. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        LocalSecretManagerBuilder builder;
        SecretFile file;
        try {
            builder = configured();
            file = SecretFile.parse(secretText());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        try (LocalSecretManager manager = builder.start()) {
            manager.ended(call -> err.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + call));
            String secretId = manager.createSecret(file.chain(), file.rotatingKeys().toArray(String[]::new));
            announce(manager, secretId);
            serve(manager, secretId);
        } catch (UncheckedIOException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return CommandLine.ExitCode.OK;
    }

    private LocalSecretManagerBuilder configured() {
        Behaviour chosen = Behaviour.standard();
        for (Map.Entry<String, String> one : behaviour.entrySet()) {
            chosen = chosen.with(one.getKey(), one.getValue());
        }
        LocalSecretManagerBuilder builder = LocalSecretManager.builder().port(port).prefix(prefix).behaviour(chosen);
        String accessKey = environment.get(ACCESS_KEY);
        String secretKey = environment.get(SECRET_KEY);
        if ((accessKey == null) != (secretKey == null)) {
            throw new IllegalArgumentException("set both of " + ACCESS_KEY + " and " + SECRET_KEY + ", or neither");
        }
        return accessKey == null || secretKey == null ? builder : builder.keys(accessKey, secretKey);
    }

    private String secretText() throws IOException {
        if (secret.equals("-")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Path path = Path.of(secret);
        if (!Files.isReadable(path)) {
            throw new IllegalArgumentException("cannot read the file of --secret: " + secret);
        }
        return Files.readString(path);
    }

    private void announce(LocalSecretManager manager, String secretId) {
        out.println(Json.text(Json.object().put("endpoint", manager.endpoint().toString())
                .put("accessKey", manager.accessKey()).put("secretKey", manager.secretKey())
                .put("secretId", secretId).put("jobToken", manager.trigger(secretId))));
        out.flush();
    }

    private void serve(LocalSecretManager manager, String secretId) throws IOException, InterruptedException {
        if (secret.equals("-")) {
            new CountDownLatch(1).await();
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.strip().equals("trigger")) {
                announce(manager, secretId);
            }
        }
    }
}
