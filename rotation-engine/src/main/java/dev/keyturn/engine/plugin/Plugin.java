package dev.keyturn.engine.plugin;

import dev.keyturn.api.RotationTarget;

/**
 * A plugin that can be used.
 *
 * @param target the plugin itself
 * @param type its type, checked
 * @param version its own version, or {@code ?} where it does not tell
 * @param place its class and the jar that it came from
 */
public record Plugin(RotationTarget target, String type, String version, String place) {

    /** Type, version and place. */
    @Override
    public String toString() {
        return type + " " + version + " (" + place + ")";
    }
}
