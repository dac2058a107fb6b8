package dev.keyturn.engine.statespace;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException.Kind;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The servers that hold the accounts: what is really so. */
final class ModelServer {

    private final World world;
    private final Map<Account, Set<String>> live = new LinkedHashMap<>();
    private final Map<Account, ModelSession> locks = new HashMap<>();
    /** Changes that were sent and have neither happened nor been given up. */
    private final Map<Account, Map<ModelSession, String>> underWay = new HashMap<>();

    ModelServer(World world) {
        this.world = world;
    }

    void begin(Account account, @Nullable String value) {
        live.put(account, value == null ? new LinkedHashSet<>() : new LinkedHashSet<>(Set.of(value)));
    }

    Set<String> live(Account account) {
        return live.get(account);
    }

    boolean accepts(Account account, String value) {
        return live.get(account).contains(value);
    }

    /** Whether a change to this value may still come into effect. */
    boolean maySoonAccept(Account account, String value) {
        return underWay.getOrDefault(account, Map.of()).containsValue(value);
    }

    boolean maySoonAccept(Account account) {
        return !underWay.getOrDefault(account, Map.of()).isEmpty();
    }

    /** Changes the account; null if it did. */
    @Nullable Kind set(Caller caller, Account account, Change change) {
        String from = change.from().map(ModelServer::value).orElse(null);
        String to = value(change.to());
        if (change.finishes()) {
            // Some servers have room for two, and cannot be asked which the other is: then all but the one that works goes.
            change.retired().ifPresent(old -> Set.copyOf(live.get(account)).stream().filter(value -> !value.equals(to))
                    .forEach(value -> retire(caller, account, value)));
            return null;
        }
        if (world.config.server() == Config.Server.COMPARES && from != null && !accepts(account, from)) {
            return Kind.CONFLICT;
        }
        world.oracle.beforeSet(caller, account, to);
        Set<String> values = live.get(account);
        boolean keeps = change.keepFrom() && from != null && values.contains(from) && world.config.server() == Config.Server.OVERLAPS;
        values.clear();
        if (keeps) {
            values.add(from);
        }
        values.add(to);
        world.say("  " + account.label() + " accepts " + world.named(values));
        world.oracle.instant(caller.name + " changed " + account.label());
        return null;
    }

    private void retire(Caller caller, Account account, String value) {
        if (live.get(account).remove(value)) {
            world.say("  " + account.label() + " accepts " + world.named(live.get(account)));
            world.oracle.instant(caller.name + " retired " + world.named(value));
        }
    }

    /** As {@link #set}, when it gets there. The session lives on at the server until then, and so does its lock. */
    void setLater(ModelSession session, int lands, Account account, Change change) {
        underWay.computeIfAbsent(account, any -> new HashMap<>()).put(session, value(change.to()));
        world.clock.later(session.statementMillis(), lands, () -> {
            world.say("  (lands late, of " + session.caller().name + ")");
            underWay.get(account).remove(session);
            if (!change.finishes()) {
                session.caller().lastChange.put(account, world.tick());
            }
            set(session.caller(), account, change);
            if (session.isClosed()) {
                unlock(session);
            }
        });
    }

    private static String value(Credential credential) {
        return credential.find(Credential.PASSWORD).orElseThrow();
    }

    boolean lock(Account account, ModelSession session) {
        ModelSession holder = locks.putIfAbsent(account, session);
        return holder == null || holder == session;
    }

    void closed(ModelSession session) {
        if (underWay.values().stream().noneMatch(changes -> changes.containsKey(session))) {
            unlock(session);
        }
    }

    /** All sessions of a run that is no more. */
    void gone(Caller caller) {
        locks.values().stream().filter(session -> session.caller() == caller).toList().forEach(session -> {
            session.abandon();
            closed(session);
        });
    }

    private void unlock(ModelSession session) {
        locks.values().removeIf(holder -> holder == session);
    }
}
