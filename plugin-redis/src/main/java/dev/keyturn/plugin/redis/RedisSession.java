package dev.keyturn.plugin.redis;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.plugin.redis.Accounts.Step;
import dev.keyturn.plugin.redis.Wire.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * A login.
 *
 * <p>A change is two things here: the server's memory, which decides who may log in, and a file, from which the server
 * reads it again when it restarts. A change that cannot be saved is taken back, so that it either outlives a restart or was none.
 */
final class RedisSession implements TargetSession {

    static final String DEFAULT_USER = "default";
    static final String PERSISTENCE = "persistence";
    /** What a survey asks beside the account: how users are saved, and whether other nodes have them too. */
    private static final List<CommandArguments> SURVEY = List.of(Wire.command(Command.CONFIG, "GET", "aclfile"),
            Wire.command(Command.INFO, "replication"), Wire.command(Command.CONFIG, "GET", "masteruser"));

    private final Wire wire;
    private final TargetContext context;
    private final boolean mustLast;
    private final String identity;
    private final Accounts accounts;
    private final Answer server;
    /** The account of which the survey's questions were asked with the login; empty where they were not. */
    private final String askedOf;
    private @Nullable Storage storage;

    private RedisSession(Wire wire, TargetContext context, boolean mustLast, String user, Accounts accounts, Answer server) {
        this.wire = wire;
        this.context = context;
        this.mustLast = mustLast;
        this.identity = user + "@" + server.line("run_id");
        this.accounts = accounts;
        this.server = server;
        this.askedOf = context.surveyFollows() ? user : "";
    }

    static RedisSession open(Credential credential, TargetContext context) throws TargetException {
        String user = credential.user();
        String password = credential.password();
        boolean mustLast = mustLast(context);
        Wire wire = Wire.connect(credential.host(), credential.port(), context.tls(), context.loginMillis());
        try {
            context.beforePassword();
            wire.within(context.loginMillis());
            // One round trip: what follows a login that is refused is refused, too.
            List<CommandArguments> questions = new ArrayList<>(List.of(
                    user.equals(DEFAULT_USER) ? Wire.command(Command.AUTH, password) : Wire.command(Command.AUTH, user, password),
                    Wire.command(Command.ACL, "WHOAMI"), Wire.command(Command.INFO, "server"), Wire.command(Command.ACL, "GETUSER", user)));
            if (context.surveyFollows()) {
                questions.addAll(SURVEY);
            }
            wire.ahead(questions);
            // In this short form the server says so when the default user needs no password.
            Answer login = user.equals(DEFAULT_USER) ? wire.ask(Command.AUTH, password) : wire.ask(Command.AUTH, user, password);
            if (login.refusal() != null) {
                throw login.refusal().error("the server refused the login");
            }
            Answer whoAmI = told(wire.ask(Command.ACL, "WHOAMI"));
            Answer server = told(wire.ask(Command.INFO, "server"));
            if (whoAmI.refusal() == null && !whoAmI.text().equals(user)) {
                throw new TargetException(Kind.NOT_PROVABLE, "the server took the login for another user's",
                        "connect to the server itself, not to a proxy");
            }
            boolean users = !whoAmI.unknownCommand() || !server.line("redis_version").matches("[0-5]\\..*");
            if (!whoAmI.unknownCommand()) {
                Answer own = told(wire.peek(Command.ACL, "GETUSER", user));
                if (own.value() instanceof List<?> reply) {
                    AclUser.of(user, reply).needsPassword();
                }
            }
            return new RedisSession(wire, context, mustLast, user, users ? new AclAccounts(wire, user) : new Requirepass(wire), server);
        } catch (TargetException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    private static boolean mustLast(TargetContext context) throws TargetException {
        return switch (context.option(PERSISTENCE).orElse("required")) {
            case "required" -> true;
            case "best-effort" -> false;
            default -> throw new TargetException(Kind.MISCONFIGURED, "options." + PERSISTENCE + " has a value that is unknown",
                    "write \"required\" or \"best-effort\"");
        };
    }

    /** Most users may not ask such things, which proves their login as well as an answer. A server that is busy proves nothing. */
    private static Answer told(Answer answer) throws TargetException {
        if (answer.refusal() != null && answer.refusal().kind() == Kind.UNREACHABLE) {
            throw answer.refusal().error("the server did not answer");
        }
        return answer;
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public Survey survey(Credential account) throws TargetException {
        if (askedOf.equals(account.user())) {
            wire.goOnWithin(context.statementMillis());
        } else {
            wire.within(context.statementMillis());
            List<CommandArguments> questions = new ArrayList<>(List.of(Wire.command(Command.ACL, "GETUSER", account.user())));
            questions.addAll(SURVEY);
            wire.ahead(questions);
        }
        Survey survey = accounts.survey(account);
        if (mustLast) {
            storage().check(accounts);
        } else if (storage() == Storage.NOWHERE) {
            survey = survey.withWarning("the server has no file to save its users in: a restart brings the old password back");
        }
        Answer replication = wire.ask(Command.INFO, "replication");
        boolean replica = replication.line("role").equals("slave");
        boolean cluster = server.line("redis_mode").equals("cluster");
        if (replica || cluster || !List.of("", "0").contains(replication.line("connected_slaves"))) {
            survey = survey.withWarning("this node " + (replica ? "is a replica" : cluster ? "is part of a cluster" : "has replicas")
                    + ": nodes do not copy users from one another, so all of them must stand in options.nodes");
        }
        Answer master = wire.ask(Command.CONFIG, "GET", "masteruser");
        if (account.user().equals(replica && master.setting().isEmpty() ? DEFAULT_USER : master.setting())) {
            survey = survey.withWarning("this node logs in to its master as this user: after the rotation set its masterauth,"
                    + " or its next reconnection fails");
        }
        return survey;
    }

    private Storage storage() throws TargetException {
        if (storage == null) {
            storage = Storage.of(wire, server);
        }
        return storage;
    }

    @Override
    public void change(Change change) throws TargetException {
        wire.within(context.replyMillis());
        try {
            tryChange(change);
        } catch (TargetException e) {
            if (e.kind() != Kind.CONFLICT || change.retired().isEmpty()) {
                throw e;
            }
            // Maybe it is the value to retire that is not there any more, which the survey saw. This time it is asked for.
            tryChange(change);
        }
    }

    private void tryChange(Change change) throws TargetException {
        Optional<Step> step = accounts.change(change);
        Storage file = storage();
        if (mustLast) {
            file.check();
        }
        if (step.isPresent()) {
            carryOut(step.get(), file);
            return;
        }
        Answer saved = sent(() -> file.save(wire));
        if (saved.refusal() != null && mustLast) {
            throw saved.refusal().error("the new value works, and could not be saved");
        }
    }

    private void carryOut(Step step, Storage file) throws TargetException {
        CommandArguments command = Wire.command(step.command(), step.arguments().toArray(String[]::new));
        if (file.command().isPresent()) {
            // One round trip. Where the change is refused, the users are saved as they are, which is what a rotation does to them anyway.
            List<CommandArguments> both = List.of(command, file.command().get());
            sent(() -> {
                wire.ahead(both);
                return true;
            });
        }
        Answer done = sent(() -> wire.ask(step.command(), step.arguments().toArray(String[]::new)));
        if (done.refusal() != null) {
            if (!done.refusal().definite()) {
                throw done.refusal().error(Kind.UNKNOWN, "it is not known whether the change was made");
            }
            throw done.refusal().error("the server refused the change");
        }
        Answer saved = sent(() -> file.save(wire));
        if (saved.refusal() == null || !mustLast) {
            return;
        }
        // A half answer, such as a proxy's, may hide a file that was written: then memory stays as the file may be.
        if (!saved.refusal().definite() || !step.undo().isEmpty()
                && sent(() -> wire.ask(step.command(), step.undo().toArray(String[]::new))).refusal() != null) {
            throw saved.refusal().error(Kind.UNKNOWN, "the change was made, may not be saved, and was not taken back");
        }
        throw saved.refusal().error("the change could not be saved, and was taken back");
    }

    private interface Call<T> {
        T run() throws TargetException;
    }

    /** From here on a missing answer tells nothing. */
    private static <T> T sent(Call<T> call) throws TargetException {
        try {
            return call.run();
        } catch (TargetException e) {
            throw new TargetException(Kind.UNKNOWN, "the change was sent, and then: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}
