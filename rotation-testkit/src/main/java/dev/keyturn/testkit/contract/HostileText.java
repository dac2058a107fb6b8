package dev.keyturn.testkit.contract;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Values and fields with characters that mean something to whatever does not quote them. */
final class HostileText {

    private static final int ENOUGH = 5;

    private final Bench bench;
    private final List<String> seen = new ArrayList<>();
    private Credential live;

    HostileText(Bench bench) {
        this.bench = bench;
        this.live = bench.account();
    }

    void madeValues() {
        for (Map.Entry<String, String> value : bench.values().everyMadeKind().entrySet()) {
            bench.target().passwordRules().refusal(value.getValue())
                    .ifPresent(reason -> seen.add(value.getKey() + " is refused by the rules themselves: " + reason));
            apply(value.getKey(), value.getValue());
        }
        report(Rule.MADE_VALUES);
    }

    void values() {
        int applied = 0;
        for (Map.Entry<String, String> value : bench.values().hostile().entrySet()) {
            applied += apply(value.getKey(), value.getValue()) ? 1 : 0;
            if (seen.size() == ENOUGH) {
                break;
            }
        }
        if (seen.isEmpty()) {
            longest();
        }
        report(Rule.HOSTILE_VALUES);
        if (applied == 0) {
            throw Rule.HOSTILE_VALUES.broken("passwordRules() refused every value of the list, so this would prove nothing");
        }
    }

    private boolean apply(String what, String value) {
        if (bench.target().passwordRules().refusal(value).isPresent()) {
            return false;
        }
        Credential next = live.with(Credential.PASSWORD, value);
        Outcome outcome = bench.tryChange(Change.of(live, next));
        if (!outcome.ok()) {
            seen.add(what + ", " + Text.visible(value) + ", which the rules hold: " + outcome.text());
            live = bench.works(live) ? live : next;
        } else if (!bench.works(next)) {
            seen.add(what + ", " + Text.visible(value) + ", does not work although change() succeeded");
        } else {
            live = next;
            Outcome login = bench.tryOpen(next);
            if (!login.ok()) {
                seen.add(what + ", " + Text.visible(value) + ", works, but not in open(): " + login.text());
            }
            return true;
        }
        if (!bench.works(live)) {
            throw Rule.HOSTILE_VALUES.broken(String.join("\n    ", seen) + "\n    and now neither the old nor the new password works");
        }
        return false;
    }

    private void longest() {
        String value = bench.values().longest();
        if (apply("the longest value that the rules hold (" + value.length() + " characters)", value)) {
            Credential cut = live.with(Credential.PASSWORD, value.substring(0, value.length() - 1));
            bench.mustNotWork(cut, Rule.HOSTILE_VALUES, "of " + value.length() + " characters, which the rules hold, all but the last one");
        }
    }

    /** The account must not change, whoever the field's text makes the plugin believe that it is talking about. */
    void fields() {
        for (String field : fieldsOf(live)) {
            String value = live.find(field).orElseThrow();
            for (String ending : Values.fieldEndings()) {
                misuse(field, live.with(field, value + ending));
            }
        }
        hosts();
        report(Rule.HOSTILE_FIELDS);
    }

    /** The fields that may hold any text. */
    private List<String> fieldsOf(Credential credential) {
        return bench.target().schema().fields().stream().map(field -> field.name())
                .filter(name -> !List.of(Credential.PASSWORD, Credential.HOST, Credential.PORT).contains(name))
                .filter(name -> credential.find(name).isPresent()).toList();
    }

    private void misuse(String field, Credential hostile) {
        if (seen.size() == ENOUGH) {
            return;
        }
        String made = bench.values().made();
        Credential to = hostile.with(Credential.PASSWORD, made);
        boolean accountsOwn = hostile.find(Credential.USER).equals(live.find(Credential.USER));
        List<Outcome> outcomes = new ArrayList<>();
        outcomes.add(attempt(hostile, hostile, Change.of(hostile, to), accountsOwn));
        bench.fixture().admin().ifPresent(admin -> outcomes.add(attempt(admin, hostile, Change.reset(to), accountsOwn)));
        if (!bench.works(live)) {
            String how = "with " + field + " " + Text.visible(hostile.find(field).orElse("")) + ": "
                    + String.join(", then as administrator: ", outcomes.stream().map(Outcome::text).toList());
            throw Rule.HOSTILE_FIELDS.broken("the account's own password does not work any more after a change of another name, " + how);
        }
    }

    /**
     * The change is asked for even if the survey refuses: an account of such a name may exist elsewhere. A hostile field that is not
     * the user may well be accepted, a database's name for example; then nothing is changed.
     */
    private Outcome attempt(Credential who, Credential account, Change change, boolean accountsOwn) {
        return Outcome.of(() -> {
            try (TargetSession session = bench.target().open(who, bench.context())) {
                Outcome survey = Outcome.of(() -> session.survey(account));
                if (!accountsOwn) {
                    session.change(change);
                } else if (survey.failure() instanceof Exception e) {
                    throw e;
                }
            }
        });
    }

    private void hosts() {
        String host = live.find(Credential.HOST).orElse("");
        if (host.isEmpty()) {
            Rule.HOSTILE_FIELDS.untested("the credential has no host, so nothing hostile could stand there");
            return;
        }
        for (String ending : Values.hostEndings()) {
            Outcome outcome = bench.tryOpen(live.with(Credential.HOST, host + ending));
            if (outcome.ok() && seen.size() < ENOUGH) {
                seen.add("open() with the host " + Text.visible(host + ending) + " gave a session: the end of it was cut off or obeyed");
            }
        }
        bench.mustWork(live, Rule.HOSTILE_FIELDS, "the account's password");
    }

    private void report(Rule rule) {
        if (!seen.isEmpty()) {
            throw rule.broken(String.join("\n    ", seen));
        }
    }
}
