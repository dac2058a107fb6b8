package dev.keyturn.engine.statespace;

import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TlsSettings;
import dev.keyturn.engine.Redactor;
import dev.keyturn.engine.plugin.Plugin;
import dev.keyturn.engine.rotation.Progress;
import dev.keyturn.engine.rotation.Rotation;
import dev.keyturn.engine.rotation.RotationReport;
import dev.keyturn.engine.rotation.RotationRequest;
import dev.keyturn.engine.rotation.RotationRequest.Target;
import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.SecretManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One scenario: the models, the time, the choices, and what has happened so far. */
final class World {

    // The engine logs what it does, and a million runs of it are no log. Held here so that the setting stays.
    private static final Logger LOG = Logger.getLogger("dev.keyturn");

    static {
        LOG.setLevel(Level.OFF);
    }

    static final int TIMEOUT_MILLIS = 60_000;
    private static final Map<String, String> OTHER_KEYS = Map.of("host", "db1", "port", "1", "user", "app", "user2", "app2");

    private static final Set<String> NAMED = Set.of("Active", "Previous", "Second", "Found", "Elsewhere", "Added", "Service", "Admin");

    final Config config;
    final Choices choices;
    final Wrappers wrappers;
    final VirtualTicker clock = new VirtualTicker();
    final Platform platform = new Platform(this);
    final ModelServer server = new ModelServer(this);
    final Oracle oracle = new Oracle(this);
    final List<Account> accounts;
    Baton baton = Baton.NONE;
    Fault.Alphabet alphabet = Fault.Alphabet.FULL;
    /** How many faults may still strike. */
    int faults;

    private final List<String> trace = new ArrayList<>();
    private final Map<String, String> names = new HashMap<>();
    private final Random random = new Random(1);
    private int ticks;
    private int numbers;

    World(Config config, Choices choices, Wrappers wrappers) {
        this.config = config;
        this.choices = choices;
        this.wrappers = wrappers;
        Account one = new Account("password", "password", "db1", "app");
        accounts = switch (config.shape()) {
            case ONE_ACCOUNT -> List.of(one);
            case TWO_KEYS -> List.of(one, new Account("password2", "password2", "db1", "app2"));
            case TURNS -> List.of(one, new Account("password", "password", "db1", "app2"));
            case TWO_NODES -> List.of(new Account("password@db1:1", "password", "db1", "app"), new Account("password@db2:1", "password", "db2", "app"));
        };
        fillChain();
    }

    private void fillChain() {
        String odd = config.found() == Config.Found.UNUSABLE ? "-with-a-\ttab" : "";
        platform.set(Platform.Stage.ACTIVE, document("Active"));
        String idle = turns() ? "app2" : "app";
        platform.set(Platform.Stage.PREVIOUS, config.previous() ? document("Previous").put("user", idle) : null);
        platform.set(Platform.Stage.PENDING, switch (config.found()) {
            case NONE -> null;
            case LIKE_ACTIVE -> document("Active");
            case OURS -> document("Found").put("user", idle);
            case UNUSABLE -> document("Found" + odd).put("user", idle);
            case OTHER_HOST -> document("Found").put("user", idle).put("host", "elsewhere");
            case OF_ACTIVE -> document("Found");
        });
        if (turns()) {
            server.begin(accounts.get(0), platform.value(Platform.Stage.ACTIVE, accounts.get(0)));
            server.begin(accounts.get(1), switch (config.live()) {
                case PENDING -> platform.value(Platform.Stage.PENDING, accounts.get(1));
                case NOTHING -> "Elsewhere-made-0";
                default -> platform.current(accounts.get(1));
            });
            return;
        }
        for (Account account : accounts) {
            server.begin(account, platform.value(Platform.Stage.valueOf(switch (config.live()) {
                case ACTIVE, NOTHING -> "ACTIVE";
                case PENDING -> "PENDING";
                case PREVIOUS -> "PREVIOUS";
                case MIXED -> account == accounts.get(0) ? "PENDING" : "ACTIVE";
            }), account));
            if (config.live() == Config.Live.NOTHING) {
                server.begin(account, "Elsewhere-made-0");
            }
        }
    }

    private ObjectNode document(String value) {
        ObjectNode document = Json.object();
        OTHER_KEYS.forEach(document::put);
        for (String key : keys()) {
            document.put(key, value + "-of-" + key);
        }
        return document;
    }

    boolean turns() {
        return config.shape() == Config.Shape.TURNS;
    }

    /** The password that the arguments give for the second account, as long as the chain has none. */
    @Nullable String given(Account account) {
        return turns() && !config.previous() && account == accounts.get(1) ? "Second-of-password" : null;
    }

    List<String> keys() {
        return accounts.stream().map(Account::key).distinct().toList();
    }

    Account account(String host, String user) {
        return accounts.stream().filter(account -> account.host().equals(host) && account.user().equals(user)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no account " + user + " at " + host));
    }

    // ---- Running ------------------------------------------------------------------------------------------------------------

    /** Runs the engine once, as this caller; empty if it crashed. */
    Optional<RotationReport> run(Caller caller) {
        oracle.begins(caller);
        SecretManager manager = wrappers.manager().apply(caller, new ModelSecretManager(caller));
        RotationTarget target = wrappers.target().apply(caller, new ModelTarget(caller));
        Optional<RotationRequest.Admin> admin = config.admin() == Config.Admin.NONE ? Optional.empty()
                : Optional.of(new RotationRequest.Admin(ModelTarget.ADMIN, ModelTarget.ADMIN_PASSWORD, List.of("db1", "db2"),
                        config.admin() == Config.Admin.RESETS));
        List<RotationRequest.Node> nodes = config.shape() != Config.Shape.TWO_NODES ? List.of()
                : List.of(new RotationRequest.Node("db1", 1), new RotationRequest.Node("db2", 1));
        Plugin plugin = new Plugin(target, "model", "1", "in memory");
        Target common = new Target(plugin, Map.of(), null, "", TlsSettings.off(), Map.of(), nodes, admin, RotationRequest.Overlap.AUTO,
                turns() && !config.previous() ? Optional.of(new RotationRequest.SecondAccount("app2", Optional.of("Second-of-password"))) : Optional.empty());
        Target second = new Target(plugin, Map.of("user", "user2"), null, "", TlsSettings.off(), Map.of(), nodes, admin, RotationRequest.Overlap.AUTO, Optional.empty());
        RotationRequest request = new RotationRequest("secret", caller.token, config.generator(), TIMEOUT_MILLIS, 3, Optional.of(common),
                config.shape() == Config.Shape.TWO_KEYS ? Map.of("password2", second) : Map.of(), List.of());
        Optional<RotationReport> report;
        try {
            report = Optional.of(new Rotation(manager, new Redactor(), Progress.NONE, clock, random).run(request));
        } catch (Crash crash) {
            report = Optional.empty();
        }
        say(caller.name + " ended: " + report.map(World::summary).orElse("crashed"));
        report.ifPresent(ended -> oracle.ended(caller, ended));
        return report;
    }

    private static String summary(RotationReport report) {
        return report.job() + " live " + report.live() + report.error().map(error -> " " + error.code() + " at " + error.step()).orElse("");
    }

    /** What strikes at this call; a question as long as there are faults left. */
    Fault strikes(Call call) {
        if (faults == 0) {
            return Fault.NONE;
        }
        List<Fault> all = Fault.of(call, alphabet);
        Fault fault = all.get(choices.choose(all.size()));
        faults -= fault == Fault.NONE ? 0 : 1;
        return fault;
    }

    // ---- What happened ------------------------------------------------------------------------------------------------------

    synchronized void say(String event) {
        trace.add(event);
    }

    synchronized int tick() {
        return ++ticks;
    }

    synchronized int nextNumber() {
        return ++numbers;
    }

    /** A short name for a value, so that a trace can be read. */
    synchronized String named(@Nullable String value) {
        if (value == null) {
            return "-";
        }
        int dash = value.indexOf('-');
        String start = dash < 0 ? "" : value.substring(0, dash);
        return NAMED.contains(start) ? start : names.computeIfAbsent(value, any -> "new" + (names.size() + 1));
    }

    String named(Collection<String> values) {
        return values.stream().map(this::named).toList().toString();
    }

    synchronized String trace() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < trace.size(); i++) {
            boolean repeats = i > 2 && trace.get(i).equals(trace.get(i - 2)) && trace.get(i - 1).equals(trace.get(i - 3));
            if (!repeats) {
                lines.add(trace.get(i));
            } else if (!lines.get(lines.size() - 1).equals("...")) {
                lines.add("...");
            }
        }
        return String.join("\n    ", lines);
    }
}
