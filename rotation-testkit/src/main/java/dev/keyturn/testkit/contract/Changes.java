package dev.keyturn.testkit.contract;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import org.junit.jupiter.api.Assumptions;

/** A change, and the same again, and back. */
final class Changes {

    private final Bench bench;
    private final Credential old;
    private final Credential next;

    Changes(Bench bench) {
        this.bench = bench;
        this.old = bench.account();
        this.next = bench.renewed();
    }

    void survey() {
        for (int run = 0; run < 2; run++) {
            try (TargetSession session = bench.open(old)) {
                bench.survey(session, old);
            }
            bench.mustWork(old, Rule.SURVEY, "after survey() the password that was live");
        }
    }

    void change() {
        bench.change(Change.of(old, next));
        bench.mustWork(next, Rule.CHANGE, "the new password");
        bench.mustNotWork(old, Rule.CHANGE, "the old password");
        bench.open(next).close();
    }

    /** As after a crash: an old session asks once more, and then a new one, which finds the new password live, finishes. */
    void repeat() {
        try (TargetSession stale = bench.open(old)) {
            bench.change(Change.of(old, next));
            allowed(Outcome.of(() -> stale.change(Change.of(old, next))), "in a session opened before");
        }
        bench.mustWork(next, Rule.REPEAT, "the new password");
        bench.change(Change.of(next, next), Rule.REPEAT);
        bench.mustWork(next, Rule.REPEAT, "the new password");
        bench.mustNotWork(old, Rule.REPEAT, "the old password");
    }

    private static void allowed(Outcome again, String where) {
        if (!again.ok() && again.kind() != Kind.CONFLICT) {
            throw Rule.REPEAT.broken("the second change(), " + where + ": " + again.text());
        }
    }

    void finish() {
        bench.change(Change.of(old, old), Rule.FINISH);
        bench.mustWork(old, Rule.FINISH, "the live password");
        bench.open(old).close();
    }

    /** A session that was overtaken: its change may be refused, or may win; but it may not leave the account without either. */
    void refusedChange() {
        Credential late = bench.renewed();
        try (TargetSession overtaken = bench.open(old)) {
            bench.change(Change.of(old, next));
            Outcome outcome = Outcome.of(() -> overtaken.change(Change.of(old, late)));
            String seen = "the account went from A to B, and an older session was asked to change A to C: " + outcome.text();
            boolean lateWorks = bench.works(late);
            if (!lateWorks) {
                bench.mustWork(next, Rule.REFUSED_CHANGE, seen + "; C does not work, and B");
            }
            if (lateWorks && outcome.refused()) {
                throw Rule.HONEST.broken(seen + "; but C works");
            }
            if (!lateWorks && outcome.ok()) {
                throw Rule.HONEST.broken(seen + "; but C does not work");
            }
        }
    }

    void putBack() {
        bench.change(Change.of(old, next));
        bench.change(Change.of(next, old), Rule.PUT_BACK);
        bench.mustWork(old, Rule.PUT_BACK, "the password that was put back");
        bench.mustNotWork(next, Rule.PUT_BACK, "the password that was replaced");
        bench.open(old).close();
    }

    void administrator() {
        Credential admin = bench.fixture().admin().orElse(null);
        if (admin == null) {
            Rule.ADMINISTRATOR.untested("the fixture has no admin()");
            Assumptions.abort("the fixture has no admin()");
            return;
        }
        byAdministrator(admin, Change.of(old, next));
        bench.mustWork(next, Rule.ADMINISTRATOR, "after a change the new password");
        bench.mustNotWork(old, Rule.ADMINISTRATOR, "after a change the old password");
        Credential reset = bench.renewed();
        byAdministrator(admin, Change.reset(reset));
        bench.mustWork(reset, Rule.ADMINISTRATOR, "after a reset the new password");
        // What a reset does to other values is not promised: where several can be live, nobody knows whose they are.
        bench.mustWork(admin, Rule.ADMINISTRATOR, "the administrator's own password");
    }

    private void byAdministrator(Credential admin, Change change) {
        try (TargetSession session = bench.open(admin)) {
            bench.survey(session, change.from().orElse(change.to()));
            Outcome outcome = Outcome.of(() -> session.change(change));
            if (!outcome.ok()) {
                throw Rule.ADMINISTRATOR.broken("change() did not succeed: " + outcome.text());
            }
        }
    }
}
