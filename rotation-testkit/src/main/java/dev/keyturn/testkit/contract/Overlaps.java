package dev.keyturn.testkit.contract;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import org.junit.jupiter.api.Assumptions;

/** Two passwords at a time, where the survey says that they can be. */
final class Overlaps {

    private final Bench bench;
    private final Credential old;
    private final Credential next;

    Overlaps(Bench bench) {
        this.bench = bench;
        this.old = bench.account();
        this.next = bench.renewed();
    }

    private boolean surveyed() {
        try (TargetSession session = bench.open(old)) {
            return bench.survey(session, old).overlap();
        }
    }

    void declared() {
        boolean overlap = surveyed();
        Boolean fact = bench.fixture().twoValuesCanBeLive().orElse(null);
        if (fact == null) {
            Rule.OVERLAP_DECLARED.untested("the fixture does not declare twoValuesCanBeLive(); survey() says " + overlap);
            Assumptions.abort("twoValuesCanBeLive() is not declared");
        } else if (fact != overlap) {
            throw Rule.OVERLAP_DECLARED.broken("survey() says " + overlap + ", the fixture declares " + fact);
        }
    }

    private void orElse(Rule rule) {
        if (!surveyed()) {
            String why = "survey() says that only one password can be live, so a keeping change is never asked for";
            rule.untested(why);
            Assumptions.abort(why);
        }
    }

    void keeping() {
        orElse(Rule.OVERLAP);
        Change keeping = Change.of(old, next).keepingFrom();
        bench.change(keeping, Rule.OVERLAP);
        both("after a keeping change");
        again(keeping);
        both("after the keeping change was repeated");
        again(Change.of(next, next).keepingFrom());
        both("after the keeping change was finished in a session of the new password");
    }

    private void again(Change keeping) {
        Outcome outcome = bench.tryChange(keeping);
        if (!outcome.ok() && outcome.kind() != Kind.CONFLICT) {
            throw Rule.OVERLAP.broken("a keeping change that is repeated: " + outcome.text());
        }
    }

    private void both(String when) {
        bench.mustWork(next, Rule.OVERLAP, when + " the new password");
        bench.mustWork(old, Rule.OVERLAP, when + " the old password");
    }

    void retire() {
        orElse(Rule.RETIRE);
        bench.change(Change.of(old, next).keepingFrom(), Rule.OVERLAP);
        for (String when : new String[] {"after a change that retires it", "after that change was repeated"}) {
            bench.change(Change.of(next, next).retiring(old), Rule.RETIRE);
            bench.mustNotWork(old, Rule.RETIRE, when + " the old password");
            bench.mustWork(next, Rule.RETIRE, when + " the new password");
        }
        bench.change(Change.of(next, next).retiring(bench.renewed()), Rule.RETIRE);
        bench.mustWork(next, Rule.RETIRE, "after a change that retires a value that the target never had, the live password");
        // As rotations do it, one after the other: the value before the last goes with the change.
        Credential third = bench.renewed();
        bench.change(Change.of(next, third).keepingFrom().retiring(old), Rule.RETIRE);
        Credential fourth = bench.renewed();
        bench.change(Change.of(third, fourth).keepingFrom().retiring(next), Rule.RETIRE);
        String when = "after a keeping change that retires the password before the last, ";
        bench.mustWork(fourth, Rule.RETIRE, when + "the new one");
        bench.mustWork(third, Rule.RETIRE, when + "the last one");
        bench.mustNotWork(next, Rule.RETIRE, when + "the one before the last");
    }
}
