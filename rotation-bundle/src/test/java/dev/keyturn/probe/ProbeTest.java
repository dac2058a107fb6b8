package dev.keyturn.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.testkit.Operation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The short form of the probe. Each rotation is held between change and complete until every client has logged in there, and the
 * next one begins when every client has read the new value: nothing depends on who is faster.
 */
class ProbeTest {

    private static final int ROTATIONS = 4;

    private static Figures held(Target.Kind kind, Mode mode) {
        try (Target target = kind.start(); Rotating rotating = new Rotating(kind, target, mode);
                Clients clients = new Clients(rotating::active, target, 0, 0)) {
            rotating.manager.beforeEffect(call -> {
                if (call.operation() == Operation.COMPLETE) {
                    clients.awaitTwoLogins();
                }
            });
            List<Long> begins = new ArrayList<>();
            for (int i = 0; i < ROTATIONS; i++) {
                clients.awaitTwoLogins();
                begins.add(System.nanoTime());
                rotating.rotate();
            }
            clients.awaitTwoLogins();
            return Figures.of(begins, clients.logins());
        }
    }

    private static void clean(Target.Kind kind, Mode mode) {
        if (!kind.available()) {
            System.out.println(kind.label + " left out: there is no server for this machine");
            return;
        }
        Figures figures = held(kind, mode);
        assertTrue(figures.clean() && figures.logins() > 4 * ROTATIONS, figures.toString());
    }

    @Test
    void r10_overlapRefusesNoClientOfMysql() {
        clean(Target.Kind.MYSQL, Mode.OVERLAP);
    }

    @Test
    void r10_overlapRefusesNoClientOfRedis() {
        clean(Target.Kind.REDIS, Mode.OVERLAP);
    }

    @Test
    void r10_twoAccountsRefuseNoClientOfPostgresql() {
        clean(Target.Kind.POSTGRESQL, Mode.TWO_ACCOUNTS);
    }

    @Test
    void r10_twoAccountsRefuseNoClientOfTheSqlServerStandIn() {
        clean(Target.Kind.MSSQL, Mode.TWO_ACCOUNTS);
    }

    /** Else the ones above would show nothing. */
    @Test
    void theProbeSeesTheWindowOfOneAccount() {
        Figures figures = held(Target.Kind.POSTGRESQL, Mode.ONE_ACCOUNT);
        assertEquals(ROTATIONS, figures.hit(), figures.toString());
        assertTrue(figures.refused() >= 2 * ROTATIONS && figures.medianMillis() > 0 && figures.unanswered() == 0, figures.toString());
    }

    @Test
    void theProbeSeesTheWindowOfTheSamplesOrder() {
        Figures figures = held(Target.Kind.REDIS, Mode.SAMPLES_ORDER);
        assertEquals(ROTATIONS, figures.hit(), figures.toString());
    }
}
