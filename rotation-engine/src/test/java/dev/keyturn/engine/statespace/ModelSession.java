package dev.keyturn.engine.statespace;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import org.jspecify.annotations.Nullable;

/** A login of the account's own, or of the administrator where the account is null. */
final class ModelSession implements TargetSession {

    private final Caller caller;
    private final World world;
    private final @Nullable Account own;
    private final String host;
    private final int statementMillis;
    private boolean closed;

    ModelSession(Caller caller, @Nullable Account own, String host, int statementMillis) {
        this.caller = caller;
        this.world = caller.world;
        this.own = own;
        this.host = host;
        this.statementMillis = statementMillis;
    }

    @Override
    public Survey survey(Credential credential) throws TargetException {
        Account account = world.account(host, credential.user());
        Fault fault = caller.arrive(Call.SURVEY, " " + account.label());
        ModelTarget.strike(caller, fault);
        if (world.config.lock() && !world.server.lock(account, this)) {
            world.say("  -> the lock is held");
            throw new TargetException(Kind.CONFLICT, "another session holds the lock");
        }
        return world.config.server() == Config.Server.OVERLAPS ? Survey.empty().withOverlap() : Survey.empty();
    }

    @Override
    public void change(Change change) throws TargetException {
        Account account = world.account(host, change.to().user());
        String to = change.to().password();
        String from = change.from().isPresent() ? change.from().get().password() : null;
        Fault fault = caller.arrive(Call.CHANGE, " " + account.label() + " from " + world.named(from) + " to " + world.named(to));
        caller.searching = false;
        if (!to.equals(from)) {
            caller.lastChange.put(account, world.tick());
        }
        ModelTarget.strike(caller, fault);
        if (own != null && own != account) {
            throw new TargetException(Kind.FORBIDDEN, "no right to change another account");
        }
        switch (fault.when()) {
            case LATE, CRASH_LATE -> world.server.setLater(this, fault.lands(), account, change);
            default -> {
                Kind answer = world.server.set(caller, account, change);
                if (answer != null && fault == Fault.NONE) {
                    world.say("  -> " + answer);
                    throw new TargetException(answer, "not what it was changed from");
                }
            }
        }
        switch (fault.when()) {
            case CRASH_AFTER, CRASH_LATE -> throw caller.crash();
            case AFTER, LATE -> {
                if (fault.answer() == Fault.Answer.BUG) {
                    throw new IllegalArgumentException("a plugin's mistake");
                }
                throw fault.exception();
            }
            default -> {
            }
        }
    }

    @Override
    public void close() {
        Fault fault = caller.arrive(Call.CLOSE, "");
        closed = true;
        world.server.closed(this);
        if (fault.when() == Fault.When.AFTER) {
            throw new IllegalArgumentException("a plugin's mistake");
        }
    }

    /** The client is gone, and the server will notice. */
    void abandon() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    Caller caller() {
        return caller;
    }

    int statementMillis() {
        return statementMillis;
    }
}
