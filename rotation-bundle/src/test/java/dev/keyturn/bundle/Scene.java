package dev.keyturn.bundle;

import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.engine.rotation.Progress;
import dev.keyturn.plugin.postgresql.PostgresqlServer;
import dev.keyturn.testkit.Behaviour;
import dev.keyturn.testkit.Chain;
import dev.keyturn.testkit.LocalSecretManager;
import dev.keyturn.testkit.Operation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A secret in a local Secret Manager and its account on a real PostgreSQL. One server for all tests of the JVM; a role, a
 * secret and a Secret Manager for each.
 */
final class Scene implements AutoCloseable {

    static final PostgresqlServer SERVER = PostgresqlServer.start();
    static final JsonMapper JSON = JsonMapper.shared();
    static final String KEY = "cdbPassword";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final LocalSecretManager manager;
    final String user = "app" + NUMBER.incrementAndGet();
    final String oldPassword = "Old-" + user + "-it's \"%{}\\";
    final ObjectNode active = JSON.createObjectNode();
    String secretId = "";

    Scene() {
        this(Behaviour.standard());
    }

    Scene(Behaviour behaviour) {
        manager = LocalSecretManager.builder().behaviour(behaviour).start();
        SERVER.createRole(user, oldPassword);
        active.put("cdbHost", "localhost");
        active.put("cdbPort", SERVER.port());
        active.put("cdbUser", user);
        active.put("cdbDatabase", SERVER.database());
        active.put(KEY, oldPassword);
        active.put("owner", "team \u00e9");
        active.put("ratio", new java.math.BigDecimal("1.10"));
        active.putObject("nested").put("on", true);
        secret(null, null);
    }

    /** A secret with this active document and, maybe, values in the other stages. */
    Scene secret(String previousPassword, String pendingPassword) {
        secretId = manager.createSecret(new Chain(withPassword(previousPassword), active.toString(), withPassword(pendingPassword)), KEY);
        return this;
    }

    String withPassword(String password) {
        return password == null ? null : active.deepCopy().put(KEY, password).toString();
    }

    /** The usual arguments of a new job. */
    ObjectNode arguments() {
        ObjectNode arguments = JSON.createObjectNode();
        arguments.put("secretId", secretId);
        arguments.put("jobToken", manager.trigger(secretId));
        arguments.put("accessKey", manager.accessKey());
        arguments.put("secretKey", manager.secretKey());
        arguments.put("endpoint", manager.endpoint().toString());
        arguments.put("targetType", "postgresql");
        arguments.putObject("options").put("ca", SERVER.caPem());
        return arguments;
    }

    ActionRun.Ended rotate() {
        return rotate(arguments());
    }

    static ActionRun.Ended rotate(ObjectNode arguments) {
        return ActionRun.run(arguments.toString(), true, Map.of(), Progress.NONE);
    }

    /** What the job's calls to Secret Manager were. */
    List<Operation> calls() {
        return manager.operations();
    }

    String activePassword() {
        return password(manager.chain(secretId).active());
    }

    static String password(String document) {
        return document == null ? null : JSON.readTree(document).path(KEY).stringValue();
    }

    boolean accepts(String password) {
        return SERVER.login(user, password) == PostgresqlServer.Login.ACCEPTED;
    }

    /** Whether applications work: what the chain calls active logs in. */
    boolean activeWorks() {
        return accepts(activePassword());
    }

    @Override
    public void close() {
        manager.close();
    }
}
