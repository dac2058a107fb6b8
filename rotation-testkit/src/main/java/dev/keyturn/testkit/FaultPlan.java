package dev.keyturn.testkit;

import java.util.ArrayList;
import java.util.List;

/** The rules about what goes wrong. */
final class FaultPlan {

    static final int EVERY = 0;

    private final List<Rule> rules = new ArrayList<>();

    synchronized void add(Operation operation, int nth, boolean before, Fault fault) {
        rules.add(new Rule(operation, nth, before, fault));
    }

    synchronized void clear() {
        rules.clear();
    }

    /** Counts a call that has arrived, and tells what is to go wrong with it. To be asked once for each call. */
    synchronized Due arrived(Operation operation) {
        Due due = new Due(new ArrayList<>(), new ArrayList<>());
        for (Rule rule : rules) {
            if (rule.hits(operation)) {
                (rule.before ? due.before : due.after).add(rule.fault);
            }
        }
        return due;
    }

    /** What goes wrong with one call, at its two moments. */
    record Due(List<Fault> before, List<Fault> after) {
    }

    private static final class Rule {

        private final Operation operation;
        private final int nth;
        private final boolean before;
        private final Fault fault;
        private int seen;

        Rule(Operation operation, int nth, boolean before, Fault fault) {
            this.operation = operation;
            this.nth = nth;
            this.before = before;
            this.fault = fault;
        }

        boolean hits(Operation arrived) {
            return arrived == operation && (++seen == nth || nth == EVERY);
        }
    }
}
