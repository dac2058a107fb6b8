package dev.keyturn.crash;

import dev.keyturn.testkit.Behaviour;
import dev.keyturn.testkit.CallRecord;
import dev.keyturn.testkit.Chain;
import dev.keyturn.testkit.Fault;
import dev.keyturn.testkit.JobState;
import dev.keyturn.testkit.LocalSecretManager;
import dev.keyturn.testkit.Operation;
import dev.keyturn.testkit.SecretStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A secret with its account, or its two: runs that something happens to, then one that nothing happens to, and checks after each. */
final class CrashCase implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Bench bench;
    private final Server server;
    private final Spec spec;
    private final boolean wrongOrder;
    private final List<String> users;
    private final Optional<Login> second;
    private final LocalSecretManager manager;
    private final String secretId;
    private final Ambush ambush;
    private final Onlooker onlooker;
    private final Optional<Client> client;
    private int struck;
    private int left;
    private @Nullable Seen firstRun;

    /**
     * What one run did.
     *
     * @param calls its calls to Secret Manager
     * @param messages how many messages it sent to the target, connection by connection, as they were accepted
     */
    record Seen(List<Operation> calls, List<Integer> messages) {

        /** Whether this boundary at the target is one that it had. */
        boolean has(Blow blow) {
            return blow.connection() <= messages.size() && blow.nth() <= messages.get(blow.connection() - 1);
        }
    }

    /**
     * Makes the accounts and their secret.
     *
     * @param wrongOrder whether it is not the action that runs, but {@link WrongOrder}
     */
    CrashCase(Bench bench, Spec spec, boolean wrongOrder) {
        this.bench = bench;
        this.server = bench.server();
        this.spec = spec;
        this.wrongOrder = wrongOrder;
        String user = bench.nextUser();
        Login live = new Login(user, "Live-Value-" + user + "-1!");
        Login other = new Login(user, "Other-Value-" + user + "-2!");
        Login idle = new Login(user + "b", "Idle-Value-" + user + "-3!");
        Login gone = new Login(idle.user(), "Gone-Value-" + user + "-4!");
        Behaviour behaviour = Behaviour.standard().with(Behaviour.Switch.PENDING_KEPT_AT_FAIL, !spec.dropped())
                .with(Behaviour.Switch.PENDING_KEPT_AT_CANCEL, !spec.dropped());
        manager = LocalSecretManager.builder().behaviour(behaviour).start();
        ambush = new Ambush(manager, bench.proxy());
        users = spec.scene().turns() ? List.of(user, idle.user()) : List.of(user);
        second = Optional.of(idle).filter(login -> spec.scene() == Spec.Scene.TURNS_FIRST);
        server.create(user, live.password());
        if (spec.scene().turns()) {
            server.create(idle.user(), idle.password());
        }
        onlooker = new Onlooker(server, bench.proxy().port(), manager, users, second);
        secretId = onlooker.secret(switch (spec.scene()) {
            case ORDINARY, PUT_BACK, TURNS_FIRST -> chain(null, live, null);
            case PENDING_NOT_LIVE -> chain(null, live, other);
            case PENDING_LIVE -> chain(null, other, live);
            case TURNS, TURNS_PUT_BACK -> chain(idle, live, null);
            case TURNS_RESUMED -> chain(gone, live, idle);
        });
        client = activeNeverStops() && spec.scene() != Spec.Scene.PENDING_LIVE ? Optional.of(new Client(server, onlooker::active)) : Optional.empty();
    }

    private Chain chain(@Nullable Login previous, Login active, @Nullable Login pending) {
        return new Chain(previous == null ? null : onlooker.document(previous), onlooker.document(active),
                pending == null ? null : onlooker.document(pending));
    }

    /** R10: where two values may work, or two accounts take turns. */
    private boolean activeNeverStops() {
        return !wrongOrder && (spec.scene().turns() || spec.overlap() && server.overlaps());
    }

    /** Plays it. */
    Outcome play() {
        Outcome.Verdict verdict;
        String detail = "";
        try {
            runs();
            verdict = left == 0 ? Outcome.Verdict.OK : Outcome.Verdict.LEFT;
        } catch (Onlooker.Lost e) {
            verdict = Outcome.Verdict.LOST;
            detail = e.getMessage();
        } catch (Broken e) {
            verdict = Outcome.Verdict.WRONG;
            detail = e.getMessage();
        }
        client.ifPresent(Client::close);
        long refused = client.map(Client::refused).orElse(0L);
        if (refused > 0 && verdict != Outcome.Verdict.LOST) {
            verdict = Outcome.Verdict.WRONG;
            detail = refused + " logins of a client that holds active were refused; " + detail;
        }
        return new Outcome(verdict, struck, detail, client.map(Client::logins).orElse(0L), refused);
    }

    private void runs() {
        JobState state = run(0);
        for (int run = 1; state != JobState.COMPLETED; run++) {
            Broken.unless(run <= spec.blows().size() || spec.scene().putsBack() && run == 1, "the last run did not complete the job, it is " + state);
            state = run(run);
        }
    }

    private JobState run(int run) {
        Blow blow = spec.blow(run);
        boolean putBack = spec.scene().putsBack() && run == 0;
        String token = newJob();
        Action action = new Action(wrongOrder ? Action.wrongOrder() : bench.command(), bench.folder(), arguments(token, blow));
        Optional<Warm> warm = blow == null && !wrongOrder ? bench.warm() : Optional.empty();
        if (putBack) {
            manager.on(Operation.COMPLETE).beforeEffect(Fault.status(403));
        }
        Chain before = manager.chain(secretId);
        boolean activeWorked = onlooker.activeWorks();
        long refusedBefore = server.refused(users);
        ambush.lay(blow, action);
        Action.Ended ended = warm.isPresent() ? action.run(warm.get()) : action.run();
        boolean kills = ambush.lift() && blow != null && blow.kills();
        // A process may end by itself while its goodbye to the target is about to kill it.
        struck += ended.killed() || ambush.hasStruck() && !kills ? 1 : 0;
        manager.clearFaults();
        String after = "run " + (run + 1) + ", " + ended + ": ";
        Broken.unless(kills || !ended.killed(), after + "killed by somebody else");
        long refused = server.refused(users) - refusedBefore;
        onlooker.someValueWorks(after);
        Onlooker.until(() -> manager.calls().stream().noneMatch(call -> call.status() == CallRecord.OPEN), after + "a call is still open");
        Onlooker.until(() -> client.isEmpty() ? onlooker.noSessions() : client.get().without(onlooker::noSessions), after + "sessions are left on the server");
        if (run == 0) {
            // Not before: the last message may have been on its way when the run ended.
            firstRun = new Seen(manager.operations(), ambush.messages());
        }
        onlooker.someValueWorks(after);
        Broken.unless(!activeNeverStops() || !activeWorked || onlooker.activeWorks(), after + "active does not work any more, and nothing had to stop it");
        JobState state = manager.job(token);
        if (!ended.killed()) {
            asReported(ended, state, after);
        }
        if (blow == null && !putBack) {
            Broken.unless(ended.exitCode() == 0 && ended.job().equals("completed"), after + "not completed");
            Broken.unless(refused <= (before.pending() != null ? 1 : 0), after + refused + " logins were refused");
        }
        if (state == JobState.COMPLETED) {
            converged(before, ended, token);
        }
        return state;
    }

    private void converged(Chain before, Action.Ended ended, String token) {
        Optional<Boolean> reported = ended.job().equals("completed") && !wrongOrder
                ? Optional.of(ended.result().path("overlap").path(Onlooker.KEY)).filter(JsonNode::isBoolean).map(JsonNode::booleanValue)
                : Optional.empty();
        boolean overlap = spec.overlap() && server.overlaps() && !spec.scene().turns();
        left = onlooker.onlyTheNewValueWorks(before, overlap, overlap && spec.dropped() && server.keepsMore(), reported);
        if (left > 0) {
            // Nobody can know whose they are, but nobody shall have to find out about them by chance.
            JsonNode found = new Action(List.of(), bench.folder(), arguments(token, null)).check(bench.warm().orElseThrow()).result();
            String told = "the user has " + (server.passwords(users.get(0)) - 1) + " passwords";
            Broken.unless(StreamSupport.stream(found.path("warnings").spliterator(), false).anyMatch(warning -> warning.asString("").contains(told)),
                    "values are left that the platform has dropped, and a check does not tell: " + found);
        }
    }

    /**
     * What the platform does, or a person at its console: a job that hangs is cancelled, and a new one is triggered. Where cancel
     * would drop the value that works, it is not cancelled, as docs/errors.md says.
     */
    private String newJob() {
        if (manager.status(secretId) == SecretStatus.ROTATING && (!spec.dropped() || onlooker.canDoWithoutPending())) {
            onlooker.cancel();
        }
        return manager.trigger(secretId);
    }

    private ObjectNode arguments(String token, @Nullable Blow blow) {
        ObjectNode arguments = JSON.createObjectNode().put("secretId", secretId).put("jobToken", token)
                .put("accessKey", manager.accessKey()).put("secretKey", manager.secretKey())
                .put("endpoint", manager.endpoint().toString()).put("targetType", bench.kind().type())
                .put("timeoutMillis", blow != null && blow.waits() ? Action.SHORT_MILLIS : Action.LONG_MILLIS).put("overlap", spec.overlap() ? "auto" : "off");
        ObjectNode options = arguments.putObject("options");
        if (server.ca().isEmpty()) {
            options.put("tls", "off");
        } else {
            options.put("ca", server.ca());
        }
        second.ifPresent(login -> arguments.putObject("secondAccount").put("user", login.user()).put("password", login.password()));
        if (wrongOrder) {
            arguments.put("address", server.address(bench.proxy().port()))
                    .put("statement", server.statement(users.get(0), WrongOrder.FROM, WrongOrder.TO));
        }
        return arguments;
    }

    /** R4 and R7: the report is what happened. */
    private void asReported(Action.Ended ended, JobState state, String after) {
        boolean active = onlooker.activeWorks();
        Broken.unless(switch (ended.job()) {
            case "completed" -> ended.exitCode() == 0 && state == JobState.COMPLETED;
            case "failed" -> ended.exitCode() == 1 && state == JobState.FAILED && active;
            case "left-open" -> ended.exitCode() == 1 && state == JobState.IN_PROGRESS;
            case "not-started" -> ended.exitCode() == 1 && state == JobState.NEW;
            case "unknown" -> ended.exitCode() == 1;
            default -> false;
        }, after + "the job is " + state + ", and active " + (active ? "works" : "does not work"));
    }

    /** What the first run did. */
    Seen firstRun() {
        return Objects.requireNonNull(firstRun);
    }

    @Override
    public void close() {
        try {
            client.ifPresent(Client::close);
        } finally {
            manager.close();
        }
    }
}
