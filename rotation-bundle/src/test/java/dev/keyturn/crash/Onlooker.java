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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Looks at one secret and its accounts from outside: at the chain, and at what logins of its own say. */
final class Onlooker {

    static final String KEY = "cdbPassword";
    static final String USER_KEY = "cdbUser";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long PATIENCE_SECONDS = 30;

    private final Server server;
    private final int port;
    private final LocalSecretManager manager;
    private final List<String> users;
    private final Optional<Login> second;
    private final Set<Login> everStored = new LinkedHashSet<>();
    private final Set<Login> dropped = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String pendingAtFail;
    private String secretId = "";

    /**
     * Watches from now on.
     *
     * @param users the accounts: one, or two that take turns
     * @param second what the arguments say of the second one, if they do
     */
    Onlooker(Server server, int port, LocalSecretManager manager, List<String> users, Optional<Login> second) {
        this.server = server;
        this.port = port;
        this.manager = manager;
        this.users = users;
        this.second = second;
        second.ifPresent(everStored::add);
        manager.beforeEffect(call -> pendingAtFail = call.operation() == Operation.FAIL ? chain().pending() : null);
        manager.afterEffect(call -> {
            if (call.operation() == Operation.FAIL && call.effect()) {
                noteDropped(pendingAtFail);
            }
        });
    }

    /** Makes the secret. With two accounts the user rotates too. */
    String secret(Chain chain) {
        secretId = users.size() == 1 ? manager.createSecret(chain, KEY) : manager.createSecret(chain, USER_KEY, KEY);
        return secretId;
    }

    String document(Login login) {
        return JSON.createObjectNode().put("cdbHost", server.host()).put("cdbPort", port).put(USER_KEY, login.user())
                .put(KEY, login.password()).put("owner", "somebody else's field").toString();
    }

    private Chain chain() {
        return manager.chain(secretId);
    }

    private static Optional<Login> login(@Nullable String document) {
        if (document == null) {
            return Optional.empty();
        }
        JsonNode tree = JSON.readTree(document);
        return Optional.of(new Login(tree.path(USER_KEY).asString(""), tree.path(KEY).asString("")));
    }

    /** What a client of the secret reads. */
    Login active() {
        return login(chain().active()).orElseThrow();
    }

    boolean activeWorks() {
        return server.accepts(active());
    }

    // ---- R2 -------------------------------------------------------------------------------------------------------------

    /** A change that lands between two questions is no loss, so it asks twice. */
    void someValueWorks(String after) {
        collect();
        for (String user : users) {
            if (!works(user, chain()) && !works(user, chain())) {
                throw new Lost(after + "no value of the chain works" + (users.size() == 1 ? "" : " for the account " + user));
            }
        }
    }

    /** Whether every account would still have a value that works if pending were dropped. */
    boolean canDoWithoutPending() {
        Chain chain = chain();
        Chain rest = new Chain(chain.previous(), chain.active(), null);
        return users.stream().allMatch(user -> works(user, rest));
    }

    /** The second account's password in the arguments counts until the chain has one of that account that a job completed with. */
    private boolean works(String user, Chain chain) {
        Optional<Login> given = second.filter(login -> Stream.of(chain.active(), chain.previous())
                .noneMatch(document -> login(document).filter(other -> other.user().equals(login.user())).isPresent()));
        return Stream.concat(Stream.of(chain.active(), chain.pending(), chain.previous()).flatMap(document -> login(document).stream()), given.stream())
                .filter(login -> login.user().equals(user)).anyMatch(server::accepts);
    }

    private void collect() {
        Chain chain = chain();
        Stream.of(chain.previous(), chain.active(), chain.pending()).forEach(document -> login(document).ifPresent(everStored::add));
        manager.calls().stream().filter(call -> call.operation() == Operation.UPDATE_PENDING && call.effect()).map(CallRecord::body)
                .forEach(body -> login(JSON.readTree(body).path("value").asString("{}")).ifPresent(everStored::add));
    }

    // ---- What the platform drops ----------------------------------------------------------------------------------------

    /** What a person does at the console. */
    void cancel() {
        String pending = chain().pending();
        manager.cancel(secretId);
        noteDropped(pending);
    }

    private void noteDropped(@Nullable String pending) {
        if (chain().pending() == null) {
            login(pending).ifPresent(dropped::add);
        }
    }

    // ---- The end --------------------------------------------------------------------------------------------------------

    /**
     * The end of a case.
     *
     * @param before the chain before the last run
     * @param mayOverlap whether the value that was active may work beside the new one
     * @param mayLeave whether what the platform has dropped may go on working too
     * @param reported what the last run said of the value that was active, if it said anything
     * @return how many values work that the platform has dropped
     */
    int onlyTheNewValueWorks(Chain before, boolean mayOverlap, boolean mayLeave, Optional<Boolean> reported) {
        Chain chain = chain();
        Login old = login(before.active()).orElseThrow();
        Login active = active();
        boolean turns = users.size() == 2;
        Broken.unless(chain.pending() == null, "a pending value is left");
        Broken.unless(Objects.equals(chain.previous(), before.active()), "previous is not what was active");
        Broken.unless(!active.password().equals(old.password()), "active is the old value");
        Broken.unless(users.contains(active.user()) && turns != active.user().equals(old.user()), "it was the turn of the other account");
        Broken.unless(Objects.equals(chain.active(), document(active)), "another field was changed");
        Broken.unless(server.accepts(active), "active does not work");
        boolean oldWorks = server.accepts(old);
        Broken.unless(turns || mayOverlap || !oldWorks, "the old value works");
        Broken.unless(!turns || oldWorks, "previous, which is the idle account's value now, does not work");
        // A run that goes on from another's pending value says that it does not know: nothing is reported then.
        Broken.unless(reported.orElse(oldWorks) == oldWorks, "overlap " + reported + " was reported, and the old value "
                + (oldWorks ? "works" : "does not work"));
        everStored.removeAll(List.of(active, old));
        List<Login> left = everStored.stream().filter(server::accepts).toList();
        Broken.unless(left.isEmpty() || mayLeave && dropped.containsAll(left), "a value works that is neither active nor the one before");
        for (String user : users) {
            long passwords = server.passwords(user);
            Broken.unless(passwords == (turns || !oldWorks ? 1 : 2) + left.size(), "the account " + user + " has " + passwords + " passwords, and "
                    + (turns || !oldWorks ? 1 : 2) + " and " + left.size() + " dropped ones are accounted for");
        }
        Broken.unless(server.locks() == 0, "a lock is left on the server");
        return left.size();
    }

    boolean noSessions() {
        return users.stream().allMatch(user -> server.sessions(user) == 0);
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
