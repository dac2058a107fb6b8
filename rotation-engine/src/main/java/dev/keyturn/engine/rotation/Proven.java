package dev.keyturn.engine.rotation;

import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.rotation.RotationRequest.Generator;
import dev.keyturn.engine.secretmanager.SecretChain;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Every account was logged in to and can be changed. The only door from here is {@link #store()}. */
final class Proven {

    private final Job job;
    private final SecretChain chain;
    private final NewValues newValues;

    Proven(Job job, SecretChain chain, NewValues newValues) {
        this.job = job;
        this.chain = chain;
        this.newValues = newValues;
    }

    /** Decides on the new values and has them in the pending stage before any target hears of one (R2). */
    Stored store() throws Failure {
        long since = job.journal.now();
        Map<String, String> values = found();
        boolean anyFound = !values.isEmpty();
        PendingStage pending = new PendingStage(job, chain.active());
        if (!anyFound && job.request.generator() == Generator.AUTO) {
            values.putAll(newValues.addedByService(chain.rotatingKeys()));
        }
        for (Account account : job.accounts) {
            if (!values.containsKey(account.key)) {
                values.put(account.key, newValues.make(account.key));
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
        return new Stored(job, pending, newValues);
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
}
