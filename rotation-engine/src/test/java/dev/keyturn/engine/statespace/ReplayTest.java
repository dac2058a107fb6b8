package dev.keyturn.engine.statespace;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Plays one way again and shows it: {@code -Dkeyturn.replay="..."} with what a walk printed behind "replay:". */
class ReplayTest {

    @Test
    @EnabledIfSystemProperty(named = "keyturn.replay", matches = ".+")
    void replay() {
        String[] parts = System.getProperty("keyturn.replay").trim().split(" +");
        Play.Outcome outcome = Play.valueOf(parts[0]).play(Config.parse(parts[1]), Choices.replay(parts.length > 2 ? parts[2] : ""));
        System.out.println(outcome.end() + " " + outcome.world().oracle.violations() + "\n    " + outcome.world().trace());
    }
}
