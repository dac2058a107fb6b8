package dev.keyturn.bundle;

import dev.keyturn.testkit.Chain;
import dev.keyturn.testkit.LocalSecretManager;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.node.ObjectNode;

/** An account on a target and its secret, for runs in another JVM. */
final class OneAccount implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    final EveryTarget target;
    final LocalSecretManager manager = LocalSecretManager.builder().start();
    final String user = "host" + NUMBER.incrementAndGet();
    final String password = "Old-Pass-" + user + "-1!";
    String secretId;

    OneAccount(EveryTarget target) {
        target.started();
        this.target = target;
        target.create(user, password);
        secretId = secret(target.port(), password);
    }

    String secret(int port, String active) {
        ObjectNode document = Scene.JSON.createObjectNode().put("cdbHost", target.host()).put("cdbPort", port).put("cdbUser", user).put(Scene.KEY, active);
        secretId = manager.createSecret(new Chain(null, document.toString(), null), Scene.KEY);
        return secretId;
    }

    /** Of a new job. */
    ObjectNode arguments() {
        ObjectNode arguments = Scene.JSON.createObjectNode().put("secretId", secretId).put("jobToken", manager.trigger(secretId))
                .put("accessKey", manager.accessKey()).put("secretKey", manager.secretKey())
                .put("endpoint", manager.endpoint().toString()).put("targetType", target.type());
        ObjectNode options = arguments.putObject("options");
        if (target.ca().isEmpty()) {
            options.put("tls", "off");
        } else {
            options.put("ca", target.ca());
        }
        return arguments;
    }

    String activePassword() {
        return Scene.password(manager.chain(secretId).active());
    }

    boolean activeWorks() {
        return target.accepts(user, activePassword());
    }

    @Override
    public void close() {
        manager.close();
    }
}
