package dev.keyturn.engine.rotation;

import dev.keyturn.api.PasswordRules;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.rotation.RotationRequest.Generator;
import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.Reply;
import dev.keyturn.engine.secretmanager.SecretChain;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Every account was logged in to and can be changed. The only door from here is {@link #store()}. */
final class Proven {

    private final Job job;
    private final SecretChain chain;

    Proven(Job job, SecretChain chain) {
        this.job = job;
        this.chain = chain;
    }

    /** Decides on the new values and has them in the pending stage before any target hears of one (R2). */
    Stored store() throws Failure {
        long since = job.journal.now();
        Map<String, String> values = found();
        boolean anyFound = !values.isEmpty();
        PendingStage pending = new PendingStage(job, chain.active());
        if (!anyFound && job.request.generator() == Generator.AUTO) {
            values.putAll(addedByService());
        }
        for (Account account : job.accounts) {
            if (!values.containsKey(account.key)) {
                values.put(account.key, newValue(account.key));
            }
        }
        ObjectNode document = pending.document(values);
        boolean standsAlready = chain.pending().filter(document::equals).isPresent();
        if (standsAlready) {
            pending.assign(values);
        } else {
            pending.store(values);
        }
        job.journal.step(Step.PENDING, standsAlready ? "found in the chain and kept" : anyFound ? "found, completed and stored" : "stored", since);
        return new Stored(job, pending, this::newValue);
    }

    /**
     * The values of a pending stage that was there before us. Kept, even where they are not live: an older run of the job that
     * wakes up would set just these. Only one that the target cannot hold, and that is proven not to be live, is left out.
     */
    private Map<String, String> found() {
        Map<String, String> values = new LinkedHashMap<>();
        for (Account account : job.accounts) {
            if (account.pendingFound()) {
                String value = chain.pending().flatMap(document -> SecretFields.text(document, account.key)).orElseThrow();
                Optional<String> refusal = account.target.plugin().target().passwordRules().refusal(value);
                boolean replace = refusal.isPresent() && job.accounts.stream()
                        .noneMatch(other -> other.key.equals(account.key) && other.live == Value.PENDING);
                if (replace) {
                    job.journal.warn(account.label + ": the pending value that was found cannot be used here (" + refusal.get()
                            + ") and is replaced");
                } else {
                    values.put(account.key, value);
                }
            }
        }
        return values;
    }

    private String newValue(String key) throws Failure {
        NewValue wish = wish(key);
        String user = account(key).user();
        if (job.request.generator() != Generator.SERVICE) {
            return wish.make(job.random, user);
        }
        Job.Outcome outcome = job.ask(limit -> job.manager.random(wish.wish(), limit), 5);
        if (!(outcome.last() instanceof Reply.Success success) || !success.data().path("randomString").isString()) {
            throw new Failure(ErrorCode.RANDOM_REFUSED, Step.PENDING, "Secret Manager made no random value: " + outcome.what());
        }
        String value = success.data().path("randomString").stringValue();
        job.redactor.hide(value);
        Optional<String> misfit = wish.misfit(value, user);
        if (misfit.isPresent()) {
            throw new Failure(ErrorCode.RANDOM_REFUSED, Step.PENDING, "Secret Manager's random value is not what was asked for: " + misfit.get());
        }
        return value;
    }

    /** Add Pending Stage knows no rules: what breaks them is replaced before any target hears of it. */
    private Map<String, String> addedByService() {
        Map<String, String> values = new LinkedHashMap<>();
        Reply reply = job.manager.addPending(job.deadline.forwardShare(6));
        Optional<ObjectNode> added = reply instanceof Reply.Success success && success.data().path("pending").isString()
                ? Json.object(success.data().path("pending").stringValue()) : Optional.empty();
        if (added.isEmpty()) {
            job.journal.warn("Secret Manager added no pending value by itself; one was made here");
            return values;
        }
        job.knownPending.add(added.get());
        for (String key : chain.rotatingKeys()) { // with "auto", each is a password
            String value = SecretFields.text(added.get(), key).orElse("");
            job.redactor.hide(value);
            Optional<String> misfit = value.isEmpty() ? Optional.of("it is missing")
                    : NewValue.of(rules(key), value.length(), account(key).target.excludeCharacters()).misfit(value, account(key).user());
            if (misfit.isPresent()) {
                job.journal.warn(key + ": the value that Secret Manager added does not fit (" + misfit.get() + ") and is replaced");
            } else {
                values.put(key, value);
            }
        }
        return values;
    }

    private NewValue wish(String key) {
        RotationRequest.Target target = account(key).target;
        Integer length = target.length();
        return NewValue.of(rules(key), length == null ? rules(key).length() : length, target.excludeCharacters());
    }

    private PasswordRules rules(String key) {
        return account(key).target.plugin().target().passwordRules();
    }

    private Account account(String key) {
        return job.accounts.stream().filter(account -> account.key.equals(key)).findFirst().orElseThrow();
    }
}
