package dev.keyturn.crash;

import dev.keyturn.testkit.CallRecord;
import dev.keyturn.testkit.Chain;
import dev.keyturn.testkit.LocalSecretManager;
import dev.keyturn.testkit.Operation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Looks at one account and its secret from outside: at the chain, and at what logins of its own say. */
final class Onlooker {

    static final String KEY = "cdbPassword";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long PATIENCE_SECONDS = 30;

    private final Server server;
    private final int port;
    private final String user;
    private final LocalSecretManager manager;
    private final Set<String> everStored = new LinkedHashSet<>();
    private String secretId = "";

    Onlooker(Server server, int port, String user, LocalSecretManager manager) {
        this.server = server;
        this.port = port;
        this.user = user;
        this.manager = manager;
    }

    /** Makes the secret. */
    String secret(Chain chain) {
        secretId = manager.createSecret(chain, KEY);
        return secretId;
    }

    String document(String value) {
        return JSON.createObjectNode().put("cdbHost", server.host()).put("cdbPort", port).put("cdbUser", user)
                .put(KEY, value).put("owner", "somebody else's field").toString();
    }

    private static String value(@Nullable String document) {
        return document == null ? "" : JSON.readTree(document).path(KEY).asString("");
    }

    /** Whether the value in a stage logs in. */
    boolean works(@Nullable String document) {
        return document != null && server.accepts(user, value(document));
    }

    /** R2. A change that lands between two questions is no loss, so it asks twice. */
    void someValueWorks(String after) {
        collect();
        for (int i = 0; i < 2; i++) {
            Chain chain = manager.chain(secretId);
            if (works(chain.active()) || works(chain.pending()) || works(chain.previous())) {
                return;
            }
        }
        throw new Lost(after + "no value of the chain works");
    }

    private void collect() {
        Chain chain = manager.chain(secretId);
        for (String document : new String[] {chain.previous(), chain.active(), chain.pending()}) {
            everStored.add(value(document));
        }
        manager.calls().stream().filter(call -> call.operation() == Operation.UPDATE_PENDING && call.effect()).map(CallRecord::body)
                .forEach(body -> everStored.add(value(JSON.readTree(body).path("value").asString(""))));
        everStored.remove("");
    }

    /**
     * The end of a case.
     *
     * @param before the chain before the last run
     * @param mayOverlap whether the old value may work beside the new one
     * @param reported what the last run said of that, if it said anything
     */
    void onlyTheNewValueWorks(Chain before, boolean mayOverlap, Optional<Boolean> reported) {
        Chain chain = manager.chain(secretId);
        String old = value(before.active());
        String active = value(chain.active());
        Broken.unless(chain.pending() == null, "a pending value is left");
        Broken.unless(Objects.equals(chain.previous(), before.active()), "previous is not what was active");
        Broken.unless(!active.equals(old), "active is the old value");
        Broken.unless(Objects.equals(chain.active(), document(active)), "another field was changed");
        Broken.unless(server.accepts(user, active), "active does not work");
        boolean oldWorks = server.accepts(user, old);
        Broken.unless(mayOverlap || !oldWorks, "the old value works");
        // A run that goes on from another's pending value says that it does not know: nothing is reported then.
        Broken.unless(reported.orElse(oldWorks) == oldWorks, "overlap " + reported + " was reported, and the old value "
                + (oldWorks ? "works" : "does not work"));
        everStored.removeAll(List.of(active, old));
        for (String value : everStored) {
            Broken.unless(!server.accepts(user, value), "a value works that is neither active nor the one before");
        }
        until(() -> server.sessions(user) == 0, "sessions are left on the server");
        long passwords = server.passwords(user);
        Broken.unless(passwords == (oldWorks ? 2 : 1), "the account has " + passwords + " passwords");
        Broken.unless(server.locks() == 0, "a lock is left on the server");
    }

    /** Polls: neither a server nor the system tells when a killed client has been noticed. */
    static void until(BooleanSupplier condition, String otherwise) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            Broken.unless(System.nanoTime() < end, otherwise);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    /** No value of the chain works. */
    static final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Lost(String message) {
            super(message);
        }
    }
}
