package dev.keyturn.bundle;

import dev.keyturn.engine.Step;
import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.engine.rotation.Progress;
import dev.keyturn.plugin.postgresql.PostgresqlServer;
import dev.keyturn.testkit.Chain;
import dev.keyturn.testkit.LocalSecretManager;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The main job on an embedded default: one rotation, with a real PostgreSQL and a local Secret Manager, told step by step. */
final class Demo {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String KEY = "cdbPassword";
    private static final String USER = "app";
    private static final String OLD = "the-password-of-yesterday";

    // Which value is which, so that the chain can be shown without showing values.
    private final Map<String, String> names = new TreeMap<>(Map.of(OLD, "old password"));

    private Demo() {
    }

    /**
     * Runs it.
     *
     * @param args none
     */
    public static void main(String[] args) {
        // What the action logs is told below, line by line.
        Logger log = Logger.getLogger("dev.keyturn");
        log.setUseParentHandlers(false);
        say("Keyturn rotates one secret. Starting a real PostgreSQL and a local Secret Manager ...");
        try (PostgresqlServer server = PostgresqlServer.start();
                LocalSecretManager manager = LocalSecretManager.builder().start()) {
            System.exit(new Demo().run(server, manager) ? 0 : 1);
        }
    }

    private boolean run(PostgresqlServer server, LocalSecretManager manager) {
        server.createRole(USER, OLD);
        ObjectNode secret = JSON.createObjectNode().put("cdbHost", "localhost").put("cdbPort", server.port()).put("cdbUser", USER)
                .put("cdbDatabase", server.database()).put(KEY, OLD);
        String secretId = manager.createSecret(secret.toString(), KEY);
        say("  PostgreSQL " + server.query("SHOW server_version").get(0) + " on localhost:" + server.port() + ", account \"" + USER + "\"");
        say("  Secret Manager on " + manager.endpoint() + ", secret " + secretId + " rotates the key \"" + KEY + "\"");
        say("");
        show("Before", manager.chain(secretId), server);

        say("The secret is due: the platform triggers the action with a job token. What the action does:");
        ObjectNode arguments = JSON.createObjectNode().put("secretId", secretId).put("jobToken", manager.trigger(secretId))
                .put("accessKey", manager.accessKey()).put("secretKey", manager.secretKey()).put("endpoint", manager.endpoint().toString())
                .put("targetType", "postgresql");
        arguments.putObject("options").put("ca", server.caPem());
        ActionRun.Ended ended = ActionRun.run(arguments.toString(), true, Map.of(), new Progress() {
            @Override
            public void step(Step step, String outcome, long millis) {
                System.out.printf("  %-9s %5d ms  %s%n", step.label(), millis, outcome);
            }

            @Override
            public void note(String line) {
                say("            " + line);
            }
        });
        say("");
        long accepted = server.acceptedLogins(USER) - 1;
        long refused = server.refusedLogins(USER);

        Chain after = manager.chain(secretId);
        names.put(JSON.readTree(after.active()).path(KEY).stringValue(""), ended.exitCode() == 0 ? "new password" : "old password");
        show("After", after, server);
        say("What others saw:");
        say("  Secret Manager was called: " + manager.calls().stream().map(call -> call.method() + " " + call.path().replaceAll(".*/", "/"))
                .collect(Collectors.joining(", ")));
        say("  PostgreSQL counted the action's logins: " + accepted + " accepted, " + refused + " refused");
        say("");
        say("The action's result:");
        say(ended.document().toPrettyString());
        return ended.exitCode() == 0;
    }

    private void show(String when, Chain chain, PostgresqlServer server) {
        say(when + ":");
        say("  the chain     previous: " + name(chain.previous()) + " | active: " + name(chain.active()) + " | pending: " + name(chain.pending()));
        names.forEach((password, name) -> say("  a login with  the " + name + " (" + "*".repeat(password.length()) + "): "
                + server.login(USER, password).name().toLowerCase(java.util.Locale.ROOT)));
        say("");
    }

    private String name(String document) {
        return document == null ? "none" : names.getOrDefault(JSON.readTree(document).path(KEY).stringValue(""), "unknown");
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
