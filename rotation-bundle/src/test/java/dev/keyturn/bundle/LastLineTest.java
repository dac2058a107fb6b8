package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.Step;
import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.engine.rotation.Progress;
import dev.keyturn.plugin.mssql.TdsStandIn;
import dev.keyturn.plugin.postgresql.PostgresqlServer;
import dev.keyturn.plugin.redis.RedisServer;
import dev.keyturn.testkit.Behaviour;
import dev.keyturn.testkit.Chain;
import dev.keyturn.testkit.Fault;
import dev.keyturn.testkit.LocalSecretManager;
import dev.keyturn.testkit.Operation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whoever is woken reads the last line of the log. Failures staged on real servers (SQL Server: the stand-in): that line alone says which
 * secret and job, where it stopped, what became of the job, what was found and what to do. target/last-lines.txt keeps them for people to judge.
 */
class LastLineTest {

    private static final Pattern VERDICT =
            Pattern.compile(": (KT-\\d+) at ([a-z-]+), (?:job ([a-z-]+)|nothing was sent)[^:]*: (.+)\\. Fix: (.+?)(?:, \\d+ ms in all)?$");
    private static final Map<Failure, String> LINES = new EnumMap<>(Failure.class);

    /** Code, step, what became of the job, what the line must say that it found; and how it is staged. */
    private enum Failure {
        WRONG_ACTIVE_PASSWORD("KT-501", "preflight", "failed", "cdbPassword: no value .* localhost:\\d+ .*\\[active].*wrong password",
                () -> scene(Behaviour.standard(), scene -> {
                    scene.active.put(Scene.KEY, "not-the-password");
                    return scene.secret(null, null).arguments();
                })),
        HOST_UNREACHABLE("KT-513", "preflight", "failed", "localhost:\\d+.*connection (was )?refused", () -> scene(Behaviour.standard(), scene -> {
            scene.active.put("cdbPort", closedPort());
            return scene.secret(null, null).arguments();
        })),
        UNTRUSTED_CERTIFICATE("KT-517", "preflight", "failed", "fingerprint ([0-9A-F]{2}:){31}[0-9A-F]{2}", () -> scene(Behaviour.standard(), scene -> {
            ObjectNode arguments = scene.arguments();
            arguments.putObject("options").put("tls", "verify");
            return arguments;
        })),
        READ_ONLY_NODE("KT-516", "preflight", "failed", "localhost:\\d+.*standby", () -> {
            try (PostgresqlServer standby = PostgresqlServer.startStandby(); Told told = new Told()) {
                return told.run(told.arguments("postgresql", "localhost", standby.port(), standby.adminUser(), standby.adminPassword()));
            }
        }),
        MISSING_RIGHT("KT-515", "preflight", "failed", "127.0.0.1:\\d+.*may not look at users \\(Redis NOPERM\\)", () -> {
            try (RedisServer server = RedisServer.start(); Told told = new Told()) {
                server.createUser("poor", "Old-Pass-poor-1!", "~*", "+@all", "-acl");
                return told.run(told.arguments("redis", server.host(), server.port(), "poor", "Old-Pass-poor-1!"));
            }
        }),
        VALUE_REFUSED("KT-514", "change", "failed", "127.0.0.1:\\d+.*not complex enough", () -> {
            try (TdsStandIn server = TdsStandIn.start(); Told told = new Told()) {
                server.createLogin("weak", "Old-Pass-weak-1!");
                server.refuseStatements("ALTER", 15118);
                ObjectNode arguments = told.arguments("mssql", server.host(), server.port(), "weak", "Old-Pass-weak-1!");
                arguments.putObject("options").put("ca", server.ca());
                return told.run(arguments);
            }
        }),
        LOCKED_ACCOUNT("KT-512", "preflight", "failed", "localhost:\\d+.*NOLOGIN", () -> scene(Behaviour.standard(), scene -> {
            Scene.SERVER.execute("ALTER ROLE " + scene.user + " NOLOGIN");
            return scene.arguments();
        })),
        START_REFUSED("KT-301", "start", "not-started", "did not start .*HTTP 401.*key or signature not accepted",
                () -> scene(Behaviour.standard(), scene -> scene.arguments().put("secretKey", "Another-Secret-Key-1"))),
        PENDING_NOT_STORED("KT-303", "pending", "failed", "did not confirm the pending value: HTTP 422", () -> scene(Behaviour.standard(), scene -> {
            scene.manager.on(Operation.UPDATE_PENDING).beforeEffect(Fault.status(422));
            return scene.arguments();
        })),
        COMPLETE_REFUSED("KT-304", "complete", "failed", "refused to complete.*HTTP 403", () -> {
            Assumptions.assumeTrue(EveryTarget.MYSQL.available(), "not tried: mysql has no server for this platform");
            try (OneAccount account = new OneAccount(EveryTarget.MYSQL)) {
                account.manager.on(Operation.COMPLETE).beforeEffect(Fault.status(403));
                return lastLine(account.manager, account.arguments(), Progress.NONE);
            }
        }),
        COMPLETE_UNKNOWN("KT-305", "complete", "unknown", "new value works.*not known",
                () -> scene(Behaviour.standard().with(Behaviour.Switch.VALUES_READABLE, false), scene -> {
                    scene.manager.on(Operation.COMPLETE).nth(1).afterEffect(Fault.close());
                    return scene.arguments();
                })),
        PLUGIN_NOT_IN_BUNDLE("KT-201", "arguments", "", "\"oracle\".*postgresql",
                () -> scene(Behaviour.standard(), scene -> scene.arguments().put("targetType", "oracle"))),
        MISSING_FIELD("KT-402", "preflight", "failed", "\"host\".*cdbHost", () -> scene(Behaviour.standard(), scene -> {
            scene.active.remove("cdbHost");
            return scene.secret(null, null).arguments();
        })),
        TARGET_DIES_AFTER_THE_CHANGE("KT-601", "test", "left-open", "after KT-513 .*127.0.0.1:\\d+.*could not be put back", () -> {
            try (RedisServer server = RedisServer.start(); Told told = new Told()) {
                server.createUser("orphan", "Old-Pass-orphan-1!");
                ObjectNode arguments = told.arguments("redis", server.host(), server.port(), "orphan", "Old-Pass-orphan-1!");
                return lastLine(told.manager, arguments.put("timeoutMillis", 6_000), new Progress() {
                    @Override
                    public void step(Step step, String outcome, long millis) {
                        if (step == Step.CHANGE) {
                            server.stop();
                        }
                    }

                    @Override
                    public void note(String line) {
                    }
                });
            }
        }),
        DEADLINE_TOO_SHORT("KT-502", "preflight", "failed", "too little time.*\\d+ ms",
                () -> scene(Behaviour.standard(), scene -> scene.arguments().put("timeoutMillis", 1_000)));

        final String code;
        final String step;
        final String job;
        final Pattern found;
        final Stage stage;

        Failure(String code, String step, String job, String found, Stage stage) {
            this.code = code;
            this.step = step;
            this.job = job;
            this.found = Pattern.compile(found);
            this.stage = stage;
        }
    }

    /** Lets the failure happen. Answers with the log's last line. */
    private interface Stage {
        String lastLine() throws IOException;
    }

    /** A Secret Manager with one secret, for a server of the failure's own. */
    private static final class Told implements AutoCloseable {
        final LocalSecretManager manager = LocalSecretManager.builder().start();

        ObjectNode arguments(String type, String host, int port, String user, String password) {
            String secret = Scene.JSON.createObjectNode().put("cdbHost", host).put("cdbPort", port).put("cdbUser", user).put(Scene.KEY, password).toString();
            String secretId = manager.createSecret(new Chain(null, secret, null), Scene.KEY);
            ObjectNode arguments = Scene.JSON.createObjectNode().put("secretId", secretId).put("jobToken", manager.trigger(secretId))
                    .put("accessKey", manager.accessKey()).put("secretKey", manager.secretKey())
                    .put("endpoint", manager.endpoint().toString()).put("targetType", type);
            arguments.putObject("options").put("tls", "off");
            return arguments;
        }

        String run(ObjectNode arguments) {
            return lastLine(manager, arguments, Progress.NONE);
        }

        @Override
        public void close() {
            manager.close();
        }
    }

    private static String scene(Behaviour behaviour, Function<Scene, ObjectNode> stage) {
        try (Scene scene = new Scene(behaviour)) {
            return lastLine(scene.manager, stage.apply(scene), Progress.NONE);
        }
    }

    /** Runs the job, and looks for its secrets and its label in the last line of the log. */
    private static String lastLine(LocalSecretManager manager, ObjectNode arguments, Progress progress) {
        List<String> lines = new ArrayList<>();
        Logger log = Logger.getLogger("dev.keyturn");
        // Every record passes a filter, and this one keeps what it sees.
        log.setFilter(entry -> lines.add(entry.getLevel() + " " + entry.getLoggerName() + ": " + entry.getMessage()));
        try {
            ActionRun.run(arguments.toString(), true, Map.of(), progress);
        } finally {
            log.setFilter(null);
        }
        String secretId = arguments.path("secretId").stringValue();
        String jobToken = arguments.path("jobToken").stringValue();
        String line = lines.get(lines.size() - 1);
        assertTrue(line.startsWith(Level.SEVERE + " dev.keyturn: "), line);
        assertTrue(line.contains("secret " + secretId), line);
        // Arguments that are no good are no job yet.
        assertTrue(line.contains(", job " + jobToken.substring(0, 8) + ": ") || line.contains("nothing was sent"), line);
        Chain chain = manager.chain(secretId);
        Stream<String> values = Stream.of(chain.previous(), chain.active(), chain.pending()).filter(stage -> stage != null).map(Scene::password);
        Stream.concat(values, Stream.of(manager.secretKey(), arguments.path("secretKey").stringValue(), manager.accessKey(), jobToken))
                .forEach(secret -> assertFalse(line.contains(secret), "a secret is in the line"));
        return line;
    }

    private static int closedPort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLastLineSaysItAll(Failure failure) throws IOException {
        String line = failure.stage.lastLine();
        LINES.put(failure, line);
        Matcher verdict = VERDICT.matcher(line);
        assertTrue(verdict.find(), line);
        assertEquals(failure.code, verdict.group(1), line);
        assertEquals(failure.step, verdict.group(2), line);
        assertEquals(failure.job, verdict.group(3) == null ? "" : verdict.group(3), line);
        assertTrue(failure.found.matcher(verdict.group(4)).find(), line);
        assertTrue(verdict.group(5).split(" ").length >= 4, "what to do is a sentence: " + line);
        assertEquals(1, line.lines().count(), line);
        // The page that the line sends its reader to has the code, its cause and a remedy.
        List<String> row = Files.readString(Path.of("../docs/errors.md")).lines().filter(each -> each.startsWith("| " + failure.code + " |"))
                .flatMap(each -> Arrays.stream(each.split(" \\| "))).map(String::strip).toList();
        assertEquals(4, row.size(), failure.code + " in docs/errors.md: " + row);
        assertTrue(row.stream().noneMatch(String::isBlank), row.toString());
    }

    @AfterAll
    static void keep() throws IOException {
        Files.write(Path.of("target", "last-lines.txt"),
                LINES.entrySet().stream().flatMap(each -> Stream.of(each.getKey().name(), each.getValue(), "")).toList());
    }
}
