package dev.keyturn.engine.statespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.rotation.RotationRequest.Generator;
import dev.keyturn.engine.statespace.Config.Admin;
import dev.keyturn.engine.statespace.Config.Found;
import dev.keyturn.engine.statespace.Config.Live;
import dev.keyturn.engine.statespace.Config.Server;
import dev.keyturn.engine.statespace.Config.Shape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * A walk of seconds, for mutation testing, which takes it for every bug that it plants: the starts that differ most, and of the
 * platform's open questions one answer for each way. It ends at the first broken rule. The other walks prove more.
 */
@EnabledIfSystemProperty(named = "keyturn.walk", matches = "short")
class ShortWalkTest {

    private static final Config CORE = Config.core();
    private static final Config TURNS = CORE.with(Shape.TURNS);

    static final List<Config> EVERY_FAULT = List.of(CORE, TURNS.with(Live.ACTIVE, Found.OURS));

    static final List<Config> CORE_FAULTS = List.of(
            CORE.with(Live.ACTIVE, Found.OURS), CORE.with(Live.PENDING, Found.OURS), CORE.with(Live.PENDING, Found.OTHER_HOST),
            CORE.with(Live.PREVIOUS, Found.OURS), CORE.with(Live.NOTHING, Found.OURS), CORE.with(Live.ACTIVE, Found.UNUSABLE),
            CORE.with(Live.ACTIVE, Found.LIKE_ACTIVE), CORE.with(Server.COMPARES, true), CORE.with(Server.OVERLAPS, false),
            CORE.with(Server.OVERLAPS, false).with(Live.PENDING, Found.OURS), CORE.with(Admin.CHANGES),
            CORE.with(Admin.RESETS).with(Live.NOTHING, Found.OURS), CORE.with(Generator.SERVICE), CORE.with(Generator.AUTO),
            CORE.with(Shape.TWO_KEYS).with(Live.MIXED, Found.OURS), CORE.with(Shape.TWO_NODES), CORE.with(Shape.TWO_NODES).with(Live.MIXED, Found.OURS),
            TURNS, TURNS.with(Live.PENDING, Found.OURS), TURNS.with(Live.ACTIVE, Found.OF_ACTIVE), TURNS.with(Live.NOTHING, Found.NONE));

    @ParameterizedTest
    @FieldSource("EVERY_FAULT")
    void r1_to_r7_everyFault(Config start) {
        walk(start, Play.ONE_FAULT);
    }

    @ParameterizedTest
    @FieldSource("CORE_FAULTS")
    void r1_to_r7_theFaultsThatMatterMost(Config start) {
        walk(start, Play.ONE_CORE_FAULT);
    }

    private static void walk(Config start, Play play) {
        Optional<Choices> choices = Optional.of(Choices.first());
        int ways = 0;
        while (choices.isPresent()) {
            Choices way = choices.get();
            List<String> violations = play.play(start, way).world().oracle.violations();
            assertEquals(List.of(), violations, () -> "replay: " + play + " " + start + " " + way);
            choices = way.next();
            ways++;
        }
        assertTrue(ways > 20, "a walk that hardly went anywhere proves nothing");
    }
}
