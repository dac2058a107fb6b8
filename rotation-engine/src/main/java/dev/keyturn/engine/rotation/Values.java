package dev.keyturn.engine.rotation;

import dev.keyturn.api.Credential;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The credentials of the account that a rotation changes, and where in the chain each stands. */
final class Values {

    private static final Map<Value, String> ORDINARY = Map.of(Value.PENDING, "pending", Value.CURRENT, "active", Value.FORMER, "previous");
    private static final Map<Value, String> TURNS = Map.of(Value.PENDING, "pending", Value.CURRENT, "previous", Value.FORMER, "second account's");
    private static final Map<Value, String> FIRST_TURN = Map.of(Value.PENDING, "pending", Value.CURRENT, "second account's", Value.FORMER, "former");

    private final Credential current;
    private final @Nullable Credential former;
    private final boolean found;
    private final Map<Value, String> words;
    private @Nullable Credential pending;

    private Values(Credential current, @Nullable Credential former, @Nullable Credential found, Map<Value, String> words) {
        this.current = current;
        this.former = former;
        this.pending = found;
        this.found = found != null;
        this.words = words;
    }

    /** One account, whose value is exchanged. */
    static Values ofOne(Credential active, @Nullable Credential previous, @Nullable Credential found) {
        return new Values(active, previous, found, ORDINARY);
    }

    /** The idle one of two accounts, as previous tells it. */
    static Values ofIdle(Credential previous, @Nullable Credential second, @Nullable Credential found) {
        return new Values(previous, second, found, TURNS);
    }

    /** The idle one of two accounts, as the arguments tell it: the chain does not know it yet. Its password may be missing. */
    static Values ofSecond(Credential second, @Nullable Credential found) {
        return new Values(second, null, found, FIRST_TURN);
    }

    /** The same values on one of several nodes. */
    Values at(RotationRequest.Node node) {
        return new Values(Accounts.at(current, node), former == null ? null : Accounts.at(former, node),
                pending == null ? null : Accounts.at(pending, node), words);
    }

    /** The account's fields, with the current password if there is one. */
    Credential current() {
        return current;
    }

    /** The credential with a value; null if there is no such value. */
    @Nullable Credential get(Value value) {
        return switch (value) {
            case FORMER -> former;
            case CURRENT -> current.find(Credential.PASSWORD).isEmpty() ? null : current;
            case PENDING -> pending;
        };
    }

    Credential requirePending() {
        if (pending == null) {
            throw new IllegalStateException("no pending value");
        }
        return pending;
    }

    /** The value that is to be the account's; it stands in the chain by now. */
    void pending(String value) {
        pending = current.with(Credential.PASSWORD, value);
    }

    /** Whether there was a pending value before this run. */
    boolean found() {
        return found;
    }

    /** What people call it. */
    String word(Value value) {
        return words.getOrDefault(value, "");
    }

    /** The stage of the chain that it stands in; empty for one that only the arguments tell. */
    Optional<Stage> stage(Value value) {
        String word = word(value);
        for (Stage stage : Stage.values()) {
            if (stage.label().equals(word)) {
                return Optional.of(stage);
            }
        }
        return Optional.empty();
    }
}
