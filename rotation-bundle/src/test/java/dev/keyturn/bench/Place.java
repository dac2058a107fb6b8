package dev.keyturn.bench;

import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.engine.rotation.Progress;
import dev.keyturn.testkit.Chain;
import dev.keyturn.testkit.LocalSecretManager;
import dev.keyturn.testkit.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import tools.jackson.databind.node.ObjectNode;

/** An account on a target, its secret, and a {@link Line} to each. */
final class Place implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Path FOLDER = Path.of("target", "bench").toAbsolutePath();
    // Kept in a field, because the setting is forgotten with the logger.
    private static final Logger LOG = Logger.getLogger("dev.keyturn");

    static {
        LOG.setUseParentHandlers(false);
    }

    final Way way;
    final LocalSecretManager manager = LocalSecretManager.builder().start();
    final Line toManager = new Line(manager.endpoint().getPort());
    final Line toTarget;
    private final String user = "bench" + NUMBER.incrementAndGet();
    private final String secretId;
    private volatile long completed;

    Place(Way way) throws IOException, GeneralSecurityException {
        this.way = way;
        way.target.started();
        toTarget = new Line(way.target.port());
        String password = "Old-Pass-" + user + "-1";
        way.target.create(user, password);
        secretId = manager.createSecret(new Chain(null, BareCalls.JSON.createObjectNode().put("cdbHost", way.target.host())
                .put("cdbPort", toTarget.port()).put("cdbUser", user).put(BareCalls.KEY, password).toString(), null), BareCalls.KEY);
        manager.afterEffect(call -> {
            if (call.operation() == Operation.COMPLETE) {
                completed = System.nanoTime();
            }
        });
        trust(way);
    }

    /** Drivers read authorities from files, each in its own way. */
    private static void trust(Way way) throws IOException, GeneralSecurityException {
        String pem = way.target.ca();
        Files.createDirectories(FOLDER);
        if (pem.isEmpty()) {
            return;
        }
        Files.writeString(FOLDER.resolve(way.target.type() + ".pem"), pem);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
        try (OutputStream out = Files.newOutputStream(FOLDER.resolve(way.target.type() + ".p12"))) {
            store.store(out, Way.STORE_PASSWORD.toCharArray());
        }
    }

    /** What is measured. */
    interface Work {
        void run() throws Exception;
    }

    /**
     * What was seen of one run.
     *
     * @param millis until it returned
     * @param chain milliseconds until complete was answered
     * @param refused milliseconds from the change to complete: where an account has one password, active is refused so long
     * @param toManager what crossed, by connection
     * @param toTarget what crossed, by connection
     */
    record Run(double millis, double chain, double refused, List<Line.Crossed> toManager, List<Line.Crossed> toTarget) {

        int trips() {
            return trips(toManager) + trips(toTarget);
        }

        static int trips(List<Line.Crossed> connections) {
            return connections.stream().mapToInt(Line.Crossed::trips).sum();
        }
    }

    /**
     * Runs once over lines on which a round trip takes that long.
     *
     * @param delay milliseconds
     */
    Run run(long delay, Work work) throws Exception {
        toManager.begin(delay);
        toTarget.begin(delay);
        long since = System.nanoTime();
        work.run();
        double millis = millis(System.nanoTime() - since);
        List<Line.Crossed> target = toTarget.crossed();
        // The last connection is the proof's, which may have been opened before the change; the one before it made the change.
        List<Long> answers = target.get(target.size() - 2).answers().stream().filter(answer -> answer < completed).toList();
        return new Run(millis, millis(completed - since) + delay / 2.0, millis(completed - answers.get(answers.size() - 1)),
                toManager.crossed(), target);
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    /** Of a new job, for the action. */
    ObjectNode arguments() {
        ObjectNode arguments = job().put("targetType", way.target.type());
        ObjectNode options = arguments.putObject("options");
        if (way.target.ca().isEmpty()) {
            options.put("tls", "off");
        } else {
            options.put("ca", way.target.ca());
        }
        return arguments;
    }

    /** Of a new job, for bare calls. */
    ObjectNode bareArguments() {
        return job().put("driver", way.driver).put("address", way.address(toTarget.port(), FOLDER)).put("statement", way.statement);
    }

    private ObjectNode job() {
        return BareCalls.JSON.createObjectNode().put("secretId", secretId).put("jobToken", manager.trigger(secretId))
                .put("accessKey", manager.accessKey()).put("secretKey", manager.secretKey())
                .put("endpoint", "http://127.0.0.1:" + toManager.port());
    }

    /** Rotates once, in this JVM. */
    void rotate(ObjectNode arguments) {
        ActionRun.Ended ended = ActionRun.run(arguments.toString(), true, Map.of(), Progress.NONE);
        if (ended.exitCode() != 0) {
            throw new IllegalStateException(way + ": " + ended.document());
        }
    }

    long refusedLogins() {
        return way.target.refusedLogins(user);
    }

    @Override
    public void close() {
        toManager.close();
        toTarget.close();
        manager.close();
    }
}
