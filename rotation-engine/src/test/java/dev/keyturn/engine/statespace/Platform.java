package dev.keyturn.engine.statespace;

import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.Reply;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The platform's side of the jobs of one secret. What its documentation does not say is a {@link Switch}: which way it goes is
 * chosen when it first matters, and stays so for the rest of the scenario.
 */
final class Platform {

    enum Stage { PREVIOUS, ACTIVE, PENDING }

    enum State { NEW, IN_PROGRESS, COMPLETED, FAILED, CANCELLED }

    /** Each is named for what is the harder way for the engine. */
    enum Switch { FAIL_DROPS_PENDING, CANCEL_DROPS_PENDING, START_ONLY_ONCE, COMPLETE_ONLY_ONCE, PUT_ONLY_ONCE, READ_FORBIDDEN }

    private final World world;
    private final Map<Stage, ObjectNode> chain = new EnumMap<>(Stage.class);
    private final Map<String, State> jobs = new HashMap<>();
    private final Map<Switch, Boolean> switches = new EnumMap<>(Switch.class);
    /** Values that a cancel took out of the chain: lost to the platform, not to the engine. */
    final Set<String> droppedAtCancel = new HashSet<>();

    Platform(World world) {
        this.world = world;
    }

    boolean is(Switch which) {
        Boolean known = switches.get(which);
        if (known == null) {
            known = world.choices.either();
            switches.put(which, known);
            if (known) {
                world.say("platform: " + which);
            }
        }
        return known;
    }

    /** Whether it went this way in this scenario; does not make it a question. */
    boolean was(Switch which) {
        return switches.getOrDefault(which, false);
    }

    /** Which switches went the harder way. */
    List<Switch> harder() {
        return Stream.of(Switch.values()).filter(this::was).toList();
    }

    void set(Stage stage, @Nullable ObjectNode document) {
        if (document == null) {
            chain.remove(stage);
        } else {
            chain.put(stage, document.deepCopy());
        }
    }

    /** The value that a stage holds for the account; null if there is none. */
    @Nullable String value(Stage stage, Account account) {
        ObjectNode document = chain.get(stage);
        return document == null ? null : value(document, account);
    }

    /** The value that a document holds for the account; with turns, for the one that it names. */
    @Nullable String value(ObjectNode document, Account account) {
        boolean anothers = world.turns() && !account.user().equals(document.path("user").asString());
        return anothers || !document.path(account.key()).isString() ? null : document.path(account.key()).stringValue();
    }

    /** The value that the account has as long as no run changes it; null where nobody knows one. */
    @Nullable String current(Account account) {
        String active = value(Stage.ACTIVE, account);
        String previous = value(Stage.PREVIOUS, account);
        return active != null || !world.turns() ? active : previous != null ? previous : world.given(account);
    }

    Set<String> values(Account account) {
        Set<String> values = new HashSet<>();
        for (Stage stage : Stage.values()) {
            String value = value(stage, account);
            if (value != null) {
                values.add(value);
            }
        }
        if (world.given(account) != null) {
            values.add(world.given(account));
        }
        return values;
    }

    State state(String token) {
        return jobs.getOrDefault(token, State.NEW);
    }

    Reply start(Caller caller) {
        State state = state(caller.token);
        if (state == State.NEW || state == State.IN_PROGRESS && !is(Switch.START_ONLY_ONCE)) {
            jobs.put(caller.token, State.IN_PROGRESS);
            return show();
        }
        return wrongState();
    }

    Reply put(Caller caller, ObjectNode document) {
        if (state(caller.token) != State.IN_PROGRESS || chain.containsKey(Stage.PENDING) && is(Switch.PUT_ONLY_ONCE)) {
            return wrongState();
        }
        world.oracle.beforePut(caller, document);
        set(Stage.PENDING, document);
        world.oracle.instant(caller.name + " PUT");
        return pending();
    }

    /** The platform fills the rotating keys itself. */
    Reply add(Caller caller) {
        if (state(caller.token) != State.IN_PROGRESS || chain.containsKey(Stage.PENDING) && is(Switch.PUT_ONLY_ONCE)) {
            return wrongState();
        }
        ObjectNode document = chain.get(Stage.ACTIVE).deepCopy();
        // Its characters are its own choice, and not every target can hold them all.
        String made = world.choices.either() ? "{l=dUSw2Bc4m" : "Added-" + world.nextNumber() + "-x";
        world.keys().forEach(key -> document.put(key, made));
        world.oracle.beforePut(caller, document);
        set(Stage.PENDING, document);
        world.oracle.instant(caller.name + " ADD");
        return pending();
    }

    Reply complete(Caller caller) {
        State state = state(caller.token);
        if (state == State.COMPLETED && !is(Switch.COMPLETE_ONLY_ONCE)) {
            return done();
        }
        if (state != State.IN_PROGRESS || !chain.containsKey(Stage.PENDING)) {
            return wrongState();
        }
        world.oracle.beforeComplete(caller);
        set(Stage.PREVIOUS, chain.get(Stage.ACTIVE));
        set(Stage.ACTIVE, chain.get(Stage.PENDING));
        set(Stage.PENDING, null);
        jobs.put(caller.token, State.COMPLETED);
        world.oracle.instant(caller.name + " COMPLETE");
        return done();
    }

    Reply fail(Caller caller) {
        world.oracle.beforeFail(caller);
        if (state(caller.token) != State.IN_PROGRESS) {
            return wrongState();
        }
        jobs.put(caller.token, State.FAILED);
        if (chain.containsKey(Stage.PENDING) && is(Switch.FAIL_DROPS_PENDING)) {
            set(Stage.PENDING, null);
        }
        world.oracle.instant(caller.name + " FAIL");
        return done();
    }

    /** What a person does about a job that hangs. */
    void cancel(String token) {
        if (state(token) == State.IN_PROGRESS || state(token) == State.NEW) {
            world.say("operator CANCEL " + token);
            jobs.put(token, State.CANCELLED);
            if (chain.containsKey(Stage.PENDING) && is(Switch.CANCEL_DROPS_PENDING)) {
                for (Account account : world.accounts) {
                    String dropped = value(Stage.PENDING, account);
                    if (dropped != null) {
                        droppedAtCancel.add(dropped);
                    }
                }
                set(Stage.PENDING, null);
            }
            world.oracle.instant("CANCEL");
        }
    }

    Reply read() {
        return is(Switch.READ_FORBIDDEN) ? new Reply.Refused(403, "FORBIDDEN", "HTTP 403 FORBIDDEN") : show();
    }

    private Reply show() {
        ObjectNode stages = Json.object();
        for (Stage stage : Stage.values()) {
            ObjectNode document = chain.get(stage);
            String name = stage.name().toLowerCase(java.util.Locale.ROOT);
            if (document == null) {
                stages.putNull(name);
            } else {
                stages.put(name, Json.text(document));
            }
        }
        ObjectNode data = Json.object();
        data.set("decryptedSecretChain", stages);
        ArrayNode keys = data.putArray("rotationTargets");
        world.keys().forEach(keys::add);
        if (world.turns()) {
            keys.add("user");
        }
        return new Reply.Success(data);
    }

    private Reply pending() {
        return new Reply.Success(Json.object().put("pending", Json.text(chain.get(Stage.PENDING))));
    }

    private static Reply done() {
        return new Reply.Success(Json.object().nullNode());
    }

    private static Reply wrongState() {
        return new Reply.Refused(422, "UNPROCESSABLE_ENTITY", "HTTP 422 UNPROCESSABLE_ENTITY");
    }
}
