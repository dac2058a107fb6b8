package dev.keyturn.probe;

import java.util.Map;

/**
 * What was seen of a target in a mode.
 *
 * @param kind the target
 * @param mode the mode
 * @param figures by how long clients keep what they read, in milliseconds
 */
record Measured(Target.Kind kind, Mode mode, Map<Integer, Figures> figures) {

    /** Whether it is as it should be: no client refused, or, where some must be, the probe sees it. */
    boolean asWanted() {
        return figures.values().stream().allMatch(one -> mode.keepsClients() ? one.clean() : one.unanswered() == 0 && one.refused() > 0);
    }
}
