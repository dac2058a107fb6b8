package dev.keyturn.probe;

import java.util.EnumSet;
import java.util.Set;

/** How the secret rotates. */
enum Mode {
    OVERLAP("overlap", EnumSet.of(Target.Kind.MYSQL, Target.Kind.REDIS)),
    TWO_ACCOUNTS("two accounts", EnumSet.of(Target.Kind.POSTGRESQL, Target.Kind.MSSQL, Target.Kind.MYSQL)),
    ONE_ACCOUNT("one account, no overlap", EnumSet.allOf(Target.Kind.class)),
    SAMPLES_ORDER("the sample's order", EnumSet.allOf(Target.Kind.class));

    final String label;
    final Set<Target.Kind> targets;

    Mode(String label, Set<Target.Kind> targets) {
        this.label = label;
        this.targets = targets;
    }

    /** Whether no client may be refused. */
    boolean keepsClients() {
        return this == OVERLAP || this == TWO_ACCOUNTS;
    }
}
