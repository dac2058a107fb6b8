package dev.keyturn.engine.rotation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TlsSettings;
import dev.keyturn.engine.Redactor;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.plugin.Plugin;
import dev.keyturn.engine.secretmanager.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One rotation against a target in memory, which does what it is asked, or answers as a test has told it. All calls are written
 * down. Values are named by what stands before their first dash; new ones are numbered.
 */
final class Bench implements Ticker, Progress {

    /** The call does what it is asked, whatever is said after it. */
    static final Object DONE = "done";

    /** The call does what it is asked, and then answers so. */
    record After(Kind kind) {
    }

    /** Connects, in whatever thread. */
    interface Connecting {
        void run() throws TargetException;
    }

    final List<String> calls = new ArrayList<>();
    final BenchManager manager = new BenchManager(this);
    final Redactor redactor = new Redactor();
    /** What is accepted, by user and host. */
    final Map<String, Set<String>> live = new HashMap<>();
    /** What the survey tells, by user. */
    final Map<String, Survey> surveys = new HashMap<>();
    final List<TlsSettings> tls = new ArrayList<>();
    /** Whose values the surveys were asked about. */
    final List<String> surveyed = new ArrayList<>();
    /** The values whose logins were told that a survey follows. */
    final List<String> toBeSurveyed = new ArrayList<>();
    final List<Integer> statementLimits = new ArrayList<>();
    RotationRequest.Generator generator = RotationRequest.Generator.LOCAL;
    RotationRequest.Overlap overlap = RotationRequest.Overlap.AUTO;
    Optional<RotationRequest.Admin> admin = Optional.empty();
    Optional<RotationRequest.SecondAccount> second = Optional.empty();
    List<RotationRequest.Node> nodes = List.of();
    Map<String, String> fields = Map.of();
    Map<String, Map<String, String>> fieldsOf = Map.of();
    @Nullable Integer length;
    Map<String, Integer> lengthOf = Map.of();
    Map<String, RotationRequest.SecondAccount> secondOf = Map.of();
    TlsSettings tlsOption = TlsSettings.off();
    int timeoutMillis = 60_000;
    int maxRefused = 3;
    /** Who the server says was logged in. */
    @Nullable String identity = "";
    /** How long every call takes. */
    long callMillis = 10;

    /** Whether the plugin connects before it needs the password. */
    boolean ahead;
    /** Whose connections were made, as far as they are told apart by their values; what each meets before it has sent one. */
    final List<String> connected = Collections.synchronizedList(new ArrayList<>());
    final Map<String, Connecting> connecting = new HashMap<>();

    boolean commonTarget = true;
    List<String> warnings = List.of();
    /** What whoever watches is told. */
    final List<String> notes = new ArrayList<>();
    private final Map<String, List<Object>> script = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private long now = 1_000_000;
    int open;
    int pauses;

    Bench() {
        accept("app", "Active-1");
    }

    void accept(String user, String... values) {
        live.put(user + "@db1", new HashSet<>(Set.of(values)));
    }

    Set<String> accepted(String user) {
        return new HashSet<>(live.getOrDefault(user + "@db1", Set.of()).stream().map(this::named).toList());
    }

    /** The next calls that begin so meet these, one after the other: a kind, an {@link After}, a reply, a Runnable, or {@link #DONE}. */
    void on(String call, Object... answers) {
        script.computeIfAbsent(call, any -> new ArrayList<>()).addAll(List.of(answers));
    }

    Object told(String call) {
        calls.add(call);
        now += callMillis;
        for (Map.Entry<String, List<Object>> entry : script.entrySet()) {
            if (call.startsWith(entry.getKey()) && !entry.getValue().isEmpty()) {
                Object answer = entry.getValue().remove(0);
                if (answer instanceof Runnable does) {
                    does.run();
                    return DONE;
                }
                return answer;
            }
        }
        return DONE;
    }

    synchronized String named(String value) {
        int dash = value.indexOf('-');
        return Set.of("Active", "Previous", "Found", "Second", "Admin").contains(dash < 0 ? "" : value.substring(0, dash)) ? value.substring(0, dash)
                : names.computeIfAbsent(value, any -> "new" + (names.size() + 1));
    }

    /** The value behind the name of a new one. */
    synchronized String value(String name) {
        return names.entrySet().stream().filter(one -> one.getValue().equals(name)).findAny().orElseThrow().getKey();
    }

    RotationReport run() {
        Plugin plugin = new Plugin(new BenchTarget(this), "bench", "1", "in memory");
        Map<String, RotationRequest.Target> targets = new HashMap<>();
        fieldsOf.forEach((key, own) -> targets.put(key, target(plugin, key, own)));
        RotationRequest request = new RotationRequest("secret", "token", generator, timeoutMillis, maxRefused,
                commonTarget ? Optional.of(target(plugin, "", fields)) : Optional.empty(), targets, warnings);
        RotationReport report = new Rotation(manager, redactor, this, this, new Random(1)).run(request);
        assertEquals(0, open, "sessions left open");
        return report;
    }

    private RotationRequest.Target target(Plugin plugin, String key, Map<String, String> own) {
        return new RotationRequest.Target(plugin, own, lengthOf.getOrDefault(key, length), "", tlsOption, Map.of(), nodes, admin, overlap,
                Optional.ofNullable(secondOf.get(key)).or(() -> second));
    }

    /** The calls, from the first that begins so. */
    List<String> from(String call) {
        int first = calls.indexOf(calls.stream().filter(made -> made.startsWith(call)).findFirst().orElseThrow());
        return calls.subList(first, calls.size());
    }

    @Override
    public long millis() {
        return now;
    }

    @Override
    public void pause(long millis) {
        pauses++;
        now += millis;
    }

    @Override
    public void step(Step step, String outcome, long millis) {
        notes.add(step.label() + ": " + outcome);
    }

    @Override
    public void note(String line) {
        notes.add(line);
    }

    static ObjectNode document(String user, String value) {
        return Json.object().put("host", "db1").put("port", "5432").put("user", user).put("password", value);
    }
}
