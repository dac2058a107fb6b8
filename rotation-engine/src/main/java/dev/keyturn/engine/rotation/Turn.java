package dev.keyturn.engine.rotation;

import dev.keyturn.api.Credential;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.secretmanager.SecretChain;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is where two accounts take turns: the one that previous names, which clients do not use. Found out from the chain and
 * the arguments alone.
 *
 * @param userKey the rotating key that holds the user
 * @param values the idle account's
 * @param pendingOfActive whether pending holds a value of the active account's, other than active
 */
record Turn(String userKey, Values values, boolean pendingOfActive) {

    static Turn of(SecretChain chain, String key, String userKey, Credential active, Optional<RotationRequest.SecondAccount> second) throws Failure {
        Credential idle = chain.previous().map(previous -> login(active, SecretFields.text(previous, userKey), SecretFields.text(previous, key)))
                .filter(previous -> !sameUser(previous, active)).orElse(null);
        Credential given = second.map(account -> active.with(Credential.USER, account.user()).with(Credential.PASSWORD, account.password().orElse("")))
                .orElse(null);
        if (idle == null && (given == null || sameUser(given, active))) {
            throw new Failure(ErrorCode.NO_SECOND_ACCOUNT, Step.PREFLIGHT, "the secret rotates the user \"" + userKey + "\", so two accounts take turns, and "
                    + (given == null ? "neither the previous stage nor the argument \"secondAccount\" names the other one" : "\"secondAccount\" names the active one, "
                    + active.find(Credential.USER).orElse("")));
        }
        Credential turns = idle == null ? given : idle;
        Credential found = chain.pending().map(pending -> login(active, SecretFields.text(pending, userKey), SecretFields.text(pending, key))).orElse(null);
        boolean ofActive = found != null && sameUser(found, active);
        if (found != null && !ofActive && !sameUser(found, turns)) {
            throw new Failure(ErrorCode.PENDING_OF_ANOTHER, Step.PREFLIGHT, "the pending value that was found is of the account "
                    + found.find(Credential.USER).orElse("") + ", and it is the turn of " + turns.find(Credential.USER).orElse(""),
                    // Previous goes before the argument, so naming the account there would change nothing.
                    idle == null ? ErrorCode.PENDING_OF_ANOTHER.fix()
                    : "keep that account's pending value if anybody needs it, then remove it from the pending stage in Secret Manager and run the job again");
        }
        Credential pending = found == null || ofActive || found.sameLogin(turns) ? null : found;
        Credential spare = given != null && sameUser(given, turns) && given.find(Credential.PASSWORD).isPresent() && !given.sameLogin(turns) ? given : null;
        return new Turn(userKey, idle == null ? Values.ofSecond(turns, pending) : Values.ofIdle(turns, spare, pending),
                ofActive && found != null && !found.sameLogin(active));
    }

    private static @Nullable Credential login(Credential active, Optional<String> user, Optional<String> password) {
        return user.isEmpty() || password.isEmpty() ? null : active.with(Credential.USER, user.get()).with(Credential.PASSWORD, password.get());
    }

    private static boolean sameUser(Credential one, Credential other) {
        return one.find(Credential.USER).equals(other.find(Credential.USER));
    }
}
