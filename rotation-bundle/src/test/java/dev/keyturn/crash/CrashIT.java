package dev.keyturn.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The short form of the crash harness: the finished jar, killed at every boundary once. The long form: docs/crash-harness.md. */
class CrashIT {

    private static final Path JAR = Path.of(System.getProperty("keyturn.jar"));
    private static final Path FOLDER = Path.of("target", "crash");

    @Test
    void r2_r3_killedAnywhere_theAccountIsNeverLost_andTheNextRunCompletes() {
        Table table = new Table();
        // Two at a time: most of a case is the start of a JVM.
        Arrays.stream(Server.Kind.values()).filter(kind -> kind.available() && kind.isIn(JAR)).parallel().forEach(kind -> {
            try (Bench bench = new Bench(kind, JAR, FOLDER)) {
                CrashCase.Seen ordinary = bench.look(Spec.of(Spec.Scene.ORDINARY, true, false));
                CrashCase.Seen turns = bench.look(Spec.of(Spec.Scene.TURNS, true, true));
                Plan.shortForm(ordinary, turns, bench.server().overlaps()).forEach(spec -> table.add(kind, spec, bench.play(spec)));
            }
        });
        System.out.println(table.markdown());
        assertEquals(List.of(), table.failures());
    }

    @Test
    void theHarnessSeesARotationThatChangesBeforeItStores() {
        Table table = new Table();
        try (Bench bench = new Bench(Server.Kind.POSTGRESQL, JAR, FOLDER)) {
            for (Blow blow : Plan.kills(bench.lookAtWrongOrder())) {
                if (!blow.atTarget()) {
                    Spec spec = Spec.of(Spec.Scene.ORDINARY, false, false).with(blow);
                    table.add(Server.Kind.POSTGRESQL, spec, bench.playWrongOrder(spec));
                }
            }
        }
        System.out.println(table.markdown());
        String lost = "kill | before | Secret Manager update pending";
        assertTrue(table.failures().stream().anyMatch(line -> line.startsWith("LOST") && line.contains(lost)), table.failures().toString());
    }
}
