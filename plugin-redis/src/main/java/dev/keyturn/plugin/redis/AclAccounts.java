package dev.keyturn.plugin.redis;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.plugin.redis.Wire.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * The access list of Redis 6 and later: a user has any number of passwords, held as hashes, and hashes are all that is sent.
 *
 * <p>{@code ACL SETUSER} creates the users that it does not find. So a user is looked up before, unless the survey has just seen it and the
 * command compares: removing a hash that is not there is an error, and then nothing of the command is done.
 */
final class AclAccounts implements Accounts {

    // The administrator first: acl|setuser lets its holder change every user, itself included.
    private static final String GRANTS = "give an administrator in \"admin\"; or grant +acl|setuser and +acl|getuser, with which the account"
            + " can change every user";

    private final Wire wire;
    private final String session;
    private AclUser own = AclUser.NOBODY;
    /** The user that was surveyed, until that is used once. */
    private @Nullable AclUser surveyed;

    AclAccounts(Wire wire, String session) {
        this.wire = wire;
        this.session = session;
    }

    /** A user, if there is such a user. */
    private Optional<AclUser> find(String name) throws TargetException {
        Answer answer = wire.ask(Command.ACL, "GETUSER", name);
        if (answer.refusal() != null) {
            TargetException error = answer.refusal().error("the session may not look at users");
            throw error.kind() == Kind.FORBIDDEN ? new TargetException(error.kind(), error.getMessage(), GRANTS) : error;
        }
        return answer.value() instanceof List<?> reply ? Optional.of(AclUser.of(name, reply)) : Optional.empty();
    }

    private AclUser usable(String name) throws TargetException {
        AclUser user = find(name).orElseThrow(() -> new TargetException(Kind.MISCONFIGURED,
                "the server has no user of the name in the secret", "correct the field \"user\"; nothing was created"));
        user.needsPassword();
        if (user.flags().contains("off")) {
            throw new TargetException(Kind.LOCKED, "the user is switched off (flag off)");
        }
        return user;
    }

    @Override
    public Survey survey(Credential account) throws TargetException {
        AclUser user = usable(account.user());
        own = account.user().equals(session) ? user : find(session).orElse(own);
        if (!may("acl|setuser")) {
            throw new TargetException(Kind.FORBIDDEN, "the session may not change users (ACL SETUSER)",
                    GRANTS);
        }
        surveyed = user;
        String hash = AclUser.hash(account.password());
        Survey survey = Survey.empty().withOverlap().withRights(user.rights());
        // One more may well be the secret's previous value, which only the engine knows.
        long others = user.hashes().stream().filter(other -> !other.equals(hash)).count();
        return others < 2 ? survey : survey.withWarning("beside the active value the user has " + others
                + " passwords; at most one of them is the secret's previous one, and the others stay, as nobody here made them");
    }

    @Override
    public boolean may(String right) {
        return own.may(right);
    }

    @Override
    public Optional<Step> change(Change change) throws TargetException {
        String name = change.to().user();
        AclUser seen = surveyed;
        surveyed = null;
        AclUser user = seen != null && seen.name().equals(name) && change.from().isPresent() && !change.finishes() ? seen : usable(name);
        String to = AclUser.hash(change.to().password());
        boolean there = user.hashes().contains(to);
        if (change.finishes() && !there) {
            throw new TargetException(Kind.CONFLICT, "the value that was to be saved is none of the user's any more");
        }
        List<String> arguments = new ArrayList<>(List.of("SETUSER", name));
        List<String> undo = new ArrayList<>(arguments);
        if (change.from().isPresent()) {
            // Removing what is not there is an error, and an error undoes the whole command: this compares before it sets.
            String from = AclUser.hash(change.from().get().password());
            arguments.add("!" + from);
            (change.keepFrom() ? arguments : undo).add("#" + from);
        }
        arguments.add("#" + to);
        if (!there) {
            undo.add("!" + to);
        }
        String old = change.retired().isPresent() ? AclUser.hash(change.retired().get().password()) : "";
        boolean retires = user.hashes().contains(old);
        if (retires) {
            arguments.add("!" + old);
            undo.add("#" + old);
        }
        return change.finishes() && !retires ? Optional.empty()
                : Optional.of(new Step(Command.ACL, arguments, undo.size() > 2 ? undo : List.of()));
    }
}
