package dev.keyturn.engine.rotation;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.secretmanager.SecretChain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Which accounts a secret's rotating keys stand for: one for each key that is a password, on each node. Nothing is sent. */
final class Accounts {

    private final Job job;
    private final SecretChain chain;
    private final Set<String> userKeys;
    private final List<Account> accounts = new ArrayList<>();
    private int limitMillis;

    private Accounts(Job job, SecretChain chain) {
        this.job = job;
        this.chain = chain;
        this.userKeys = userKeys(job.request, chain);
    }

    static List<Account> of(Job job, SecretChain chain) throws Failure {
        return new Accounts(job, chain).all();
    }

    /** The rotating keys that hold no password but a user: there, two accounts take turns. */
    static Set<String> userKeys(RotationRequest request, SecretChain chain) {
        Set<String> users = new HashSet<>();
        for (String key : chain.rotatingKeys()) {
            fields(request, key).filter(SecretFields::rotatesUser).ifPresent(fields -> users.add(key));
        }
        for (String key : chain.rotatingKeys()) {
            if (!users.contains(key)) {
                fields(request, key).flatMap(fields -> fields.mappedUser()).filter(chain.rotatingKeys()::contains).ifPresent(users::add);
            }
        }
        return users;
    }

    private static Optional<SecretFields> fields(RotationRequest request, String key) {
        return Optional.ofNullable(request.targets().get(key)).or(request::common).map(target -> fields(target, key));
    }

    private static SecretFields fields(RotationRequest.Target target, String key) {
        return new SecretFields(target.plugin().target().schema(), target.fields(), key);
    }

    private List<Account> all() throws Failure {
        if (chain.rotatingKeys().isEmpty()) {
            throw new Failure(ErrorCode.NO_ROTATING_KEY, Step.PREFLIGHT, "the secret names no rotation target");
        }
        List<String> passwords = chain.rotatingKeys().stream().filter(key -> !userKeys.contains(key)).toList();
        int calls = 3;
        for (String key : passwords) {
            // Login, survey, change and test for each; with turns, login and survey of the active account too.
            calls += Math.max(1, target(key).nodes().size()) * (userKeys.isEmpty() ? 4 : 6);
        }
        // And three calls to Secret Manager: all of them fit, even if each is slow.
        limitMillis = (int) job.deadline.forwardShare(calls);
        if (limitMillis < 100) {
            throw new Failure(ErrorCode.DEADLINE, Step.PREFLIGHT, "too little time is left for a rotation: " + limitMillis
                    + " ms for each of " + calls + " calls, and 100 ms is the least (timeoutMillis is " + job.request.timeoutMillis() + ")");
        }
        Map<String, String> users = new HashMap<>();
        for (String key : passwords) {
            add(key, users);
        }
        for (String key : userKeys) {
            if (!users.containsKey(key)) {
                throw new Failure(ErrorCode.KEY_CANNOT_ROTATE, Step.PREFLIGHT, "the secret rotates the key \"" + key
                        + "\", which is an account's user, and no rotating key is that account's password",
                        "choose the password's key as a rotation target too, or only that one");
            }
        }
        return List.copyOf(accounts);
    }

    private void add(String key, Map<String, String> users) throws Failure {
        RotationRequest.Target target = target(key);
        SecretFields fields = fields(target, key);
        fields.checkRotatingKey(chain.active());
        Credential active = fields.credential(chain.active());
        Optional<String> userKey = fields.userKey(chain.active()).filter(userKeys::contains);
        Turn turn = userKey.isPresent() ? turn(target, key, userKey.get(), active) : null;
        // Only the rotating value of another stage is used: its other fields may name another host, which gets no password of ours.
        Values values = turn != null ? turn.values() : Values.ofOne(active, other(active, chain.previous(), key), other(active, chain.pending(), key));
        List<RotationRequest.Node> nodes = target.nodes();
        for (int i = 0; i < Math.max(1, nodes.size()); i++) {
            RotationRequest.Node node = nodes.isEmpty() ? null : nodes.get(i);
            String label = nodes.size() > 1 ? key + "@" + node : key;
            ActiveAccount inUse = turn == null ? null
                    : new ActiveAccount(job, target, turn.userKey(), label, at(active, node), limitMillis, turn.pendingOfActive());
            Account account = new Account(job, target, label, key, node == null ? values : values.at(node), inUse, limitMillis);
            checkDistinct(account);
            checkAddress(account, active);
            accounts.add(account);
            String user = turn == null ? "" : account.user();
            if (turn != null && !user.equals(users.computeIfAbsent(turn.userKey(), anyKey -> user))) {
                throw new Failure(ErrorCode.KEY_CANNOT_ROTATE, Step.PREFLIGHT, "the key \"" + turn.userKey() + "\" is the user of several accounts, whose other"
                        + " accounts are " + user + " and " + users.get(turn.userKey()), "give them the same second account, or user keys of their own");
            }
        }
    }

    private Turn turn(RotationRequest.Target target, String key, String userKey, Credential active) throws Failure {
        if (job.request.generator() == RotationRequest.Generator.AUTO) {
            throw new Failure(ErrorCode.KEY_CANNOT_ROTATE, Step.PREFLIGHT, "the secret rotates the user \"" + userKey
                    + "\", and with \"generator\": \"auto\" Secret Manager would make up a user", "use \"generator\": \"local\" where two accounts take turns");
        }
        return Turn.of(chain, key, userKey, active, target.secondAccount());
    }

    private void checkDistinct(Account account) throws Failure {
        for (Account earlier : accounts) {
            if (earlier.sameAccount(account)) {
                throw new Failure(ErrorCode.KEY_CANNOT_ROTATE, Step.PREFLIGHT, "\"" + earlier.label + "\" and \"" + account.label
                        + "\" are the same account (" + account.place() + "), which has only one password",
                        "give each rotating key its own \"fields\" in the argument \"targets\"");
            }
        }
    }

    private static void checkAddress(Account account, Credential active) throws Failure {
        try {
            if (active.find(Credential.HOST).isPresent()) {
                active.host();
            }
            if (active.find(Credential.PORT).isPresent()) {
                active.port();
            }
        } catch (TargetException e) {
            throw Failure.of(Step.PREFLIGHT, account.label, e);
        }
    }

    private static @Nullable Credential other(Credential active, Optional<ObjectNode> stage, String key) {
        return stage.flatMap(document -> SecretFields.text(document, key))
                .map(value -> active.with(Credential.PASSWORD, value))
                .filter(credential -> !credential.sameLogin(active))
                .orElse(null);
    }

    static Credential at(Credential credential, RotationRequest.@Nullable Node node) {
        return node == null ? credential
                : credential.with(Credential.HOST, node.host()).with(Credential.PORT, Integer.toString(node.port()));
    }

    private RotationRequest.Target target(String key) throws Failure {
        RotationRequest.Target named = job.request.targets().get(key);
        if (named != null) {
            return named;
        }
        return job.request.common().orElseThrow(() -> new Failure(ErrorCode.WHICH_PLUGIN, Step.PREFLIGHT,
                "the secret rotates the key \"" + key + "\", and neither targetType nor targets says what it belongs to"));
    }
}
