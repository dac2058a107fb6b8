package dev.keyturn.engine.rotation;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.rotation.Decisions.StartOutcome;
import dev.keyturn.engine.secretmanager.Reply;
import dev.keyturn.engine.secretmanager.SecretChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The job is in progress and the chain is known. The only door from here is {@link #preflight()}. */
final class Started {

    private final Job job;
    private final SecretChain chain;

    private Started(Job job, SecretChain chain) {
        this.job = job;
        this.chain = chain;
    }

    /** Tells Secret Manager. A refusal of the first try ends here: the job may be another run's. */
    static Started start(Job job) throws Failure {
        long since = job.journal.now();
        Job.Outcome outcome = job.ask(job.manager::start, 6);
        job.start = Decisions.startOutcome(outcome.last(), outcome.maybeDone());
        JsonNode data = switch (job.start) {
            case DONE -> ((Reply.Success) outcome.last()).data();
            case NOT_DONE -> throw new Failure(ErrorCode.START_REFUSED, Step.START, "Secret Manager did not start the job: " + outcome.what());
            case UNKNOWN -> readInstead(job, outcome);
        };
        job.start = StartOutcome.DONE;
        JsonNode stages = data.path("decryptedSecretChain");
        job.pendingUnexamined = !stages.isObject() || stages.path("pending").isString() && !stages.path("pending").stringValue().isEmpty();
        SecretChain chain = SecretChain.of(data);
        hideValues(job, chain);
        // It may be live, until a login with active says that it need not matter: see Decisions.ending.
        job.pendingUnexamined = chain.pending().filter(pending -> !SecretFields.same(pending, chain.active(), chain.rotatingKeys()))
                .isPresent();
        chain.pending().ifPresent(job.knownPending::add);
        job.journal.step(Step.START, "in progress; rotating keys " + chain.rotatingKeys(), since);
        job.journal.note("platform: " + chain.forms() + ", start answered " + (outcome.maybeDone() ? "a repeat" : "at the first try")
                + "; " + Environment.describe());
        return new Started(job, chain);
    }

    /** Start may have been done, but its answer is lost: the same data can be had without starting, where the key may. */
    private static JsonNode readInstead(Job job, Job.Outcome start) throws Failure {
        if (start.last() instanceof Reply.Refused && job.ask(job.manager::read, 6).last() instanceof Reply.Success read) {
            job.journal.warn("start's answer was lost, and a repeat was refused (" + start.what() + "); the chain was read instead");
            return read.data();
        }
        throw new Failure(ErrorCode.START_UNKNOWN, Step.START, "whether the job started is not known: " + start.what());
    }

    private static void hideValues(Job job, SecretChain chain) {
        for (String key : chain.rotatingKeys()) {
            for (Optional<ObjectNode> stage : List.of(chain.previous(), Optional.of(chain.active()), chain.pending())) {
                stage.flatMap(document -> SecretFields.text(document, key)).ifPresent(job.redactor::hide);
            }
        }
    }

    /** Proves what is live on every account and asks whether a change can succeed; nothing is changed or stored. */
    Proven preflight() throws Failure {
        job.accounts = accounts();
        for (Account account : job.accounts) {
            long since = job.journal.now();
            account.findLive();
            account.survey();
            account.retirePrevious();
            Stage live = account.live;
            job.journal.step(Step.PREFLIGHT, account.label + ": " + (live == null ? "no value works, the administrator resets" : live.label() + " works")
                    + " on " + account.place(), since);
            if (live == Stage.PREVIOUS) {
                job.journal.warn(account.label + ": active is refused, previous works; the rotation mends that");
            }
        }
        return new Proven(job, chain);
    }

    /** For a check, which has a chain and no job in progress: no door leads on from here. */
    static List<Account> accounts(Job job, SecretChain chain) throws Failure {
        hideValues(job, chain);
        return new Started(job, chain).accounts();
    }

    private List<Account> accounts() throws Failure {
        if (chain.rotatingKeys().isEmpty()) {
            throw new Failure(ErrorCode.NO_ROTATING_KEY, Step.PREFLIGHT, "the secret names no rotation target");
        }
        int units = 0;
        for (String key : chain.rotatingKeys()) {
            units += Math.max(1, target(key).nodes().size());
        }
        // Login, survey and change and test for each, and three calls to Secret Manager: all of them fit, even if each is slow.
        long limit = job.deadline.forwardShare(4 * units + 3);
        if (limit < 100) {
            throw new Failure(ErrorCode.DEADLINE, Step.PREFLIGHT, "too little time is left for a rotation: " + limit + " ms for each call");
        }
        List<Account> accounts = new ArrayList<>();
        for (String key : chain.rotatingKeys()) {
            addAccounts(key, (int) limit, accounts);
        }
        job.resumed = accounts.stream().anyMatch(Account::pendingFound);
        return List.copyOf(accounts);
    }

    private void addAccounts(String key, int limit, List<Account> accounts) throws Failure {
        RotationRequest.Target target = target(key);
        SecretFields fields = new SecretFields(target.plugin().target().schema(), target.fields(), key);
        fields.checkRotatingKey(chain.active());
        Credential active = fields.credential(chain.active());
        // Only the rotating value of another stage is used: its other fields may name another host, which gets no password of ours.
        Credential previous = other(active, chain.previous(), key);
        Credential found = other(active, chain.pending(), key);
        List<RotationRequest.Node> nodes = target.nodes();
        for (int i = 0; i < Math.max(1, nodes.size()); i++) {
            RotationRequest.Node node = nodes.isEmpty() ? null : nodes.get(i);
            Account account = new Account(job, target, nodes.size() > 1 ? key + "@" + node : key, key,
                    at(active, node), previous == null ? null : at(previous, node), found == null ? null : at(found, node), limit);
            for (Account earlier : accounts) {
                if (earlier.sameAccount(account)) {
                    throw new Failure(ErrorCode.KEY_CANNOT_ROTATE, Step.PREFLIGHT, "\"" + earlier.label + "\" and \"" + account.label
                            + "\" are the same account (" + account.place() + "), which has only one password",
                            "give each rotating key its own \"fields\" in the argument \"targets\"");
                }
            }
            checkAddress(account, active);
            accounts.add(account);
        }
    }

    private static void checkAddress(Account account, Credential active) throws Failure {
        try {
            if (active.find(Credential.HOST).isPresent()) {
                active.host();
            }
            if (active.find(Credential.PORT).isPresent()) {
                active.port();
            }
        } catch (TargetException e) {
            throw Failure.of(Step.PREFLIGHT, account.label, e);
        }
    }

    private static @Nullable Credential other(Credential active, Optional<ObjectNode> stage, String key) {
        return stage.flatMap(document -> SecretFields.text(document, key))
                .map(value -> active.with(Credential.PASSWORD, value))
                .filter(credential -> !credential.sameLogin(active))
                .orElse(null);
    }

    private static Credential at(Credential credential, RotationRequest.@Nullable Node node) {
        return node == null ? credential
                : credential.with(Credential.HOST, node.host()).with(Credential.PORT, Integer.toString(node.port()));
    }

    private RotationRequest.Target target(String key) throws Failure {
        RotationRequest.Target named = job.request.targets().get(key);
        if (named != null) {
            return named;
        }
        return job.request.common().orElseThrow(() -> new Failure(ErrorCode.WHICH_PLUGIN, Step.PREFLIGHT,
                "the secret rotates the key \"" + key + "\", and neither targetType nor targets says what it belongs to"));
    }
}
