package dev.keyturn.engine.rotation;

import dev.keyturn.api.Credential;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.rotation.Decisions.StartOutcome;
import dev.keyturn.engine.secretmanager.Reply;
import dev.keyturn.engine.secretmanager.SecretChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        List<String> secret = new ArrayList<>(chain.rotatingKeys());
        secret.removeAll(Accounts.userKeys(job.request, chain));
        for (String key : secret) {
            for (Optional<ObjectNode> stage : List.of(chain.previous(), Optional.of(chain.active()), chain.pending())) {
                stage.flatMap(document -> SecretFields.text(document, key)).ifPresent(job.redactor::hide);
            }
        }
    }

    /** Proves what is live on every account and asks whether a change can succeed; nothing is changed or stored. */
    Proven preflight() throws Failure {
        job.accounts = Accounts.of(job, chain);
        job.resumed = job.accounts.stream().anyMatch(Account::pendingFound);
        NewValues newValues = new NewValues(job);
        prepareTest(job.accounts.get(0), newValues);
        for (Account account : job.accounts) {
            long since = job.journal.now();
            Preflight preflight = new Preflight(account);
            preflight.findLive();
            preflight.survey();
            preflight.requireOverlap();
            preflight.tell(since, " on " + account.place());
        }
        return new Proven(job, chain, newValues);
    }

    /** Of the first account only: the other ones' turn comes later, and a server does not wait for ever. */
    private void prepareTest(Account account, NewValues newValues) {
        Credential found = account.values.get(Value.PENDING);
        Optional<Credential> pending = found != null ? Optional.of(found)
                : newValues.ahead(account.key).map(value -> account.values.current().with(Credential.PASSWORD, value));
        pending.ifPresent(account.logins::connectWithNext);
    }

    /** For a check, which has a chain and no job in progress: no door leads on from here. */
    static List<Account> accounts(Job job, SecretChain chain) throws Failure {
        hideValues(job, chain);
        return Accounts.of(job, chain);
    }
}
