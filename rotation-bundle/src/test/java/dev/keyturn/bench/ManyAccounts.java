package dev.keyturn.bench;

import dev.keyturn.plugin.postgresql.PostgresqlServer;
import dev.keyturn.testkit.JobState;
import dev.keyturn.testkit.LocalSecretManager;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Many accounts on one real PostgreSQL, and for each a secret in one local Secret Manager. */
final class ManyAccounts implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String KEY = "cdbPassword";

    /** An account and its secret. */
    record One(String user, String secretId) {
    }

    private final PostgresqlServer server = PostgresqlServer.start();
    private final LocalSecretManager manager = LocalSecretManager.builder().start();
    private final List<One> all = new ArrayList<>();
    private final Map<String, String> lastTokens = new HashMap<>();

    ManyAccounts(int count) {
        List<String> roles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String user = "app" + i;
            String password = "Old-password-of-" + user;
            roles.add("CREATE ROLE " + PostgresqlServer.quoted(user) + " LOGIN PASSWORD '" + password + "'");
            ObjectNode secret = JSON.createObjectNode().put("cdbHost", server.host()).put("cdbPort", server.port()).put("cdbUser", user)
                    .put("cdbDatabase", server.database()).put(KEY, password);
            all.add(new One(user, manager.createSecret(secret.toString(), KEY)));
        }
        server.execute(roles.toArray(String[]::new));
    }

    List<One> all() {
        return all;
    }

    URI endpoint() {
        return manager.endpoint();
    }

    /** Triggers a job, as the platform does when a secret is due: the action's arguments, on one line. */
    String due(One account, URI endpoint) {
        String token = manager.trigger(account.secretId());
        lastTokens.put(account.secretId(), token);
        ObjectNode arguments = JSON.createObjectNode().put("secretId", account.secretId()).put("jobToken", token)
                .put("accessKey", manager.accessKey()).put("secretKey", manager.secretKey()).put("endpoint", endpoint.toString())
                .put("targetType", "postgresql");
        arguments.putObject("options").put("ca", server.caPem());
        return arguments.toString();
    }

    /** Where the job stands that the secret was due with last. */
    JobState lastJob(String secretId) {
        return manager.job(Objects.requireNonNull(lastTokens.get(secretId)));
    }

    /** For how many accounts what the chain calls active logs in, here and now: by logins of this class's own. */
    long working() {
        return all.parallelStream().filter(one -> accepts(one, manager.chain(one.secretId()).active())).count();
    }

    private boolean accepts(One account, String document) {
        return document != null && server.login(account.user(), JSON.readTree(document).path(KEY).stringValue()) == PostgresqlServer.Login.ACCEPTED;
    }

    /** Processor time that the server has used so far, its ended sessions included; -1 where the system does not tell. */
    long serverCpuMillis() {
        try {
            String pid = Files.readAllLines(Path.of(server.query("SHOW data_directory").get(0), "postmaster.pid")).get(0);
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            // After the name in parentheses; own and children's time, in ticks of 10 ms.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return IntStream.of(11, 12, 13, 14).mapToLong(i -> Long.parseLong(fields[i])).sum() * 10;
        } catch (IOException | RuntimeException e) {
            return -1;
        }
    }

    @Override
    public void close() {
        manager.close();
        server.close();
    }
}
