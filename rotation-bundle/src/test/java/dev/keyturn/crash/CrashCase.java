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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One account with its secret: runs that something happens to, then one that nothing happens to, and checks after each. */
final class CrashCase implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Bench bench;
    private final Server server;
    private final Spec spec;
    private final boolean wrongOrder;
    private final String user;
    private final LocalSecretManager manager;
    private final String secretId;
    private final Ambush ambush;
    private final Onlooker onlooker;
    private int struck;
    private @Nullable Seen firstRun;

    /**
     * What one run did.
     *
     * @param calls its calls to Secret Manager
     * @param messages how many messages it sent to the target
     */
    record Seen(List<Operation> calls, int messages) {
    }

    /**
     * Makes the account and its secret.
     *
     * @param wrongOrder whether it is not the action that runs, but {@link WrongOrder}
     */
    CrashCase(Bench bench, Spec spec, boolean wrongOrder) {
        this.bench = bench;
        this.server = bench.server();
        this.spec = spec;
        this.wrongOrder = wrongOrder;
        this.user = bench.nextUser();
        Behaviour behaviour = Behaviour.standard().with(Behaviour.Switch.PENDING_KEPT_AT_FAIL, !spec.dropped())
                .with(Behaviour.Switch.PENDING_KEPT_AT_CANCEL, !spec.dropped());
        manager = LocalSecretManager.builder().behaviour(behaviour).start();
        ambush = new Ambush(manager, bench.proxy());
        String live = "Live-Value-" + user + "-1!";
        String other = "Other-Value-" + user + "-2!";
        server.create(user, live);
        onlooker = new Onlooker(server, bench.proxy().port(), user, manager);
        secretId = onlooker.secret(switch (spec.scene()) {
            case ORDINARY, PUT_BACK -> new Chain(null, onlooker.document(live), null);
            case PENDING_NOT_LIVE -> new Chain(null, onlooker.document(live), onlooker.document(other));
            case PENDING_LIVE -> new Chain(null, onlooker.document(other), onlooker.document(live));
        });
    }

    /** Plays it. */
    Outcome play() {
        try {
            for (int run = 0; ; run++) {
                JobState state = run(run);
                if (state == JobState.COMPLETED) {
                    return new Outcome(Outcome.Verdict.OK, struck, "");
                }
                Broken.unless(run < spec.blows().size() || spec.scene() == Spec.Scene.PUT_BACK && run < 1,
                        "the last run did not complete the job, it is " + state);
            }
        } catch (Onlooker.Lost e) {
            return new Outcome(Outcome.Verdict.LOST, struck, e.getMessage());
        } catch (Broken e) {
            return new Outcome(Outcome.Verdict.WRONG, struck, e.getMessage());
        }
    }

    private JobState run(int run) {
        Blow blow = spec.blow(run);
        boolean putBack = spec.scene() == Spec.Scene.PUT_BACK && run == 0;
        String token = newJob();
        Action action = new Action(wrongOrder ? Action.wrongOrder() : bench.command(), bench.folder(), arguments(token, blow));
        Optional<Warm> warm = blow == null && !wrongOrder ? bench.warm() : Optional.empty();
        if (putBack) {
            manager.on(Operation.COMPLETE).beforeEffect(Fault.status(403));
        }
        Chain before = manager.chain(secretId);
        boolean activeWorked = onlooker.works(before.active());
        long refusedBefore = server.refused(user);
        ambush.lay(blow, action);
        Action.Ended ended = warm.isPresent() ? action.run(warm.get()) : action.run();
        boolean kills = ambush.lift() && blow != null && blow.kills();
        // A process may end by itself while its goodbye to the target is about to kill it.
        struck += ended.killed() || ambush.hasStruck() && !kills ? 1 : 0;
        if (run == 0) {
            firstRun = new Seen(manager.operations(), ambush.messages());
        }
        manager.clearFaults();
        String after = "run " + (run + 1) + ", " + ended + ": ";
        Broken.unless(kills || !ended.killed(), after + "killed by somebody else");
        long refused = server.refused(user) - refusedBefore;
        onlooker.someValueWorks(after);
        Onlooker.until(() -> manager.calls().stream().noneMatch(call -> call.status() == CallRecord.OPEN), after + "a call is still open");
        Onlooker.until(() -> server.sessions(user) == 0, after + "sessions are left on the server");
        onlooker.someValueWorks(after);
        Broken.unless(!spec.overlap() || !server.overlaps() || !activeWorked || wrongOrder || onlooker.works(manager.chain(secretId).active()),
                after + "the target can hold two passwords, and active does not work any more");
        JobState state = manager.job(token);
        if (!ended.killed()) {
            asReported(ended, state, after);
        }
        if (blow == null && !putBack) {
            Broken.unless(ended.exitCode() == 0 && ended.job().equals("completed"), after + "not completed");
            Broken.unless(refused <= (before.pending() != null ? 1 : 0), after + refused + " logins were refused");
        }
        if (state == JobState.COMPLETED) {
            Optional<Boolean> reported = ended.job().equals("completed") && !wrongOrder
                    ? Optional.of(ended.result().path("overlap").path(Onlooker.KEY)).filter(JsonNode::isBoolean).map(JsonNode::booleanValue)
                    : Optional.empty();
            onlooker.onlyTheNewValueWorks(before, spec.overlap() && server.overlaps(), reported);
        }
        return state;
    }

    /**
     * What the platform does, or a person at its console: a job that hangs is cancelled, and a new one is triggered. Where cancel
     * would drop the value that works, it is not cancelled, as docs/errors.md says.
     */
    private String newJob() {
        if (manager.status(secretId) == SecretStatus.ROTATING && (!spec.dropped() || onlooker.works(manager.chain(secretId).active()))) {
            manager.cancel(secretId);
        }
        return manager.trigger(secretId);
    }

    private ObjectNode arguments(String token, @Nullable Blow blow) {
        boolean slow = blow != null && (blow.kind() == Blow.Kind.DELAYED || blow.kind() == Blow.Kind.DOWN);
        ObjectNode arguments = JSON.createObjectNode().put("secretId", secretId).put("jobToken", token)
                .put("accessKey", manager.accessKey()).put("secretKey", manager.secretKey())
                .put("endpoint", manager.endpoint().toString()).put("targetType", bench.kind().type())
                .put("timeoutMillis", slow ? Action.SHORT_MILLIS : Action.LONG_MILLIS).put("overlap", spec.overlap() ? "auto" : "off");
        ObjectNode options = arguments.putObject("options");
        if (server.ca().isEmpty()) {
            options.put("tls", "off");
        } else {
            options.put("ca", server.ca());
        }
        if (wrongOrder) {
            arguments.put("address", server.address(bench.proxy().port())).put("statement", server.statement(user, WrongOrder.FROM, WrongOrder.TO));
        }
        return arguments;
    }

    /** R4 and R7: the report is what happened. */
    private void asReported(Action.Ended ended, JobState state, String after) {
        boolean active = onlooker.works(manager.chain(secretId).active());
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
        manager.close();
    }
}
