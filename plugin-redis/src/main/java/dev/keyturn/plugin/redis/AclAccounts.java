package dev.keyturn.plugin.redis;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.plugin.redis.Wire.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * The access list of Redis 6 and later: a user has any number of passwords, held as hashes, and hashes are all that is sent.
 *
 * <p>A user is looked up just before it is changed, because {@code ACL SETUSER} creates the ones that it does not find, what takes
 * a change back depends on what was there, and a connection that has died meanwhile is found dead before anything is in doubt.
 */
final class AclAccounts implements Accounts {

    // The administrator first: acl|setuser lets its holder change every user, itself included.
    private static final String GRANTS = "give an administrator in \"admin\"; or grant +acl|setuser and +acl|getuser, with which the account"
            + " can change every user";

    private final Wire wire;
    private final String session;
    /** Hashes in use now: the one that logged in, and the one of the account that was surveyed. */
    private final Set<String> active = new HashSet<>();
    private @Nullable Surveyed surveyed;
    private AclUser own = new AclUser(List.of(), List.of(), List.of(), Set.of());

    /**
     * What the last survey saw, until it is used once.
     *
     * @param name of the user
     * @param active the hash that works
     * @param hashes all of them
     */
    private record Surveyed(String name, String active, List<String> hashes) {

        /** Shows no hashes. */
        @Override
        public String toString() {
            return "Surveyed[passwords=" + hashes.size() + "]";
        }
    }

    AclAccounts(Wire wire, Credential session) throws TargetException {
        this.wire = wire;
        this.session = session.user();
        this.active.add(AclUser.hash(session.password()));
    }

    /** A user, if there is such a user. */
    private Optional<AclUser> find(String name) throws TargetException {
        Answer answer = wire.ask(Command.ACL, "GETUSER", name);
        if (answer.refusal() != null) {
            TargetException error = answer.refusal().error("the session may not look at users");
            throw error.kind() == Kind.FORBIDDEN ? new TargetException(error.kind(), error.getMessage(), GRANTS) : error;
        }
        return answer.value() instanceof List<?> reply ? Optional.of(AclUser.of(reply)) : Optional.empty();
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
        String hash = AclUser.hash(account.password());
        active.add(hash);
        surveyed = new Surveyed(account.user(), hash, user.hashes());
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
        surveyed = null;
        String name = change.to().user();
        AclUser user = usable(name);
        String to = AclUser.hash(change.to().password());
        boolean there = user.hashes().contains(to);
        if (change.finishes()) {
            if (!there) {
                throw new TargetException(Kind.CONFLICT, "the value that was to be saved is none of the user's any more");
            }
            return Optional.empty();
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
        return Optional.of(new Step(Command.ACL, arguments, undo.size() > 2 ? undo : List.of()));
    }

    @Override
    public Optional<Step> retire(Credential old) throws TargetException {
        String name = old.user();
        String hash = AclUser.hash(old.password());
        Surveyed seen = surveyed;
        surveyed = null;
        if (seen != null && seen.name().equals(name)) {
            return retire(hash, seen);
        }
        AclUser user = usable(name);
        if (active.contains(hash) || !user.hashes().contains(hash)) {
            return Optional.empty();
        }
        if (user.hashes().size() == 1) {
            throw new TargetException(Kind.CONFLICT, "the old value is the only one that the user has");
        }
        return Optional.of(new Step(Command.ACL, List.of("SETUSER", name, "!" + hash), List.of("SETUSER", name, "#" + hash)));
    }

    /**
     * Without asking again. If the value was not there, that is all: whoever adds it after this moment is beyond us at any moment.
     * If it was, the command takes it away only if it still is, and if the active value still is, too.
     */
    private Optional<Step> retire(String hash, Surveyed seen) {
        if (active.contains(hash) || !seen.hashes().contains(hash)) {
            return Optional.empty();
        }
        return Optional.of(new Step(Command.ACL, List.of("SETUSER", seen.name(), "!" + seen.active(), "#" + seen.active(), "!" + hash),
                List.of("SETUSER", seen.name(), "#" + hash)));
    }
}
