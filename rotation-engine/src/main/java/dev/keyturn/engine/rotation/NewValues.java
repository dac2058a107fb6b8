package dev.keyturn.engine.rotation;

import dev.keyturn.api.PasswordRules;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.rotation.RotationRequest.Generator;
import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.Reply;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Where new values come from: from here, or from Secret Manager. */
final class NewValues {

    private final Job job;
    private final Map<String, String> ahead = new HashMap<>();

    NewValues(Job job) {
        this.job = job;
    }

    /** A value that is made here, before it is needed: the first that {@link #make} is asked for will be this one. */
    Optional<String> ahead(String key) {
        if (job.request.generator() != Generator.LOCAL) {
            return Optional.empty();
        }
        String value = wish(key).make(job.random, account(key).user());
        job.redactor.hide(value);
        ahead.put(key, value);
        return Optional.of(value);
    }

    /** Makes a value for a rotating key. */
    String make(String key) throws Failure {
        String there = ahead.remove(key);
        if (there != null) {
            return there;
        }
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
    Map<String, String> addedByService(Collection<String> rotatingKeys) {
        Map<String, String> values = new LinkedHashMap<>();
        Reply reply = job.manager.addPending(job.deadline.forwardShare(6));
        Optional<ObjectNode> added = reply instanceof Reply.Success success && success.data().path("pending").isString()
                ? Json.object(success.data().path("pending").stringValue()) : Optional.empty();
        if (added.isEmpty()) {
            job.journal.warn("Secret Manager added no pending value by itself; one was made here");
            return values;
        }
        job.knownPending.add(added.get());
        for (String key : rotatingKeys) { // with "auto", each is a password
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
