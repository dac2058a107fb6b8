package dev.keyturn.engine.statespace;

import dev.keyturn.api.RotationTarget;
import dev.keyturn.engine.secretmanager.SecretManager;
import java.util.function.BiFunction;

/**
 * What stands between the engine and the models. Nothing, unless the oracle itself is to be tested: then a mistake.
 *
 * @param manager around Secret Manager
 * @param target around the plugin
 */
record Wrappers(BiFunction<Caller, SecretManager, SecretManager> manager, BiFunction<Caller, RotationTarget, RotationTarget> target) {

    static final Wrappers NONE = new Wrappers((caller, manager) -> manager, (caller, target) -> target);

    static Wrappers ofManager(BiFunction<Caller, SecretManager, SecretManager> wrapper) {
        return new Wrappers(wrapper, NONE.target());
    }

    static Wrappers ofTarget(BiFunction<Caller, RotationTarget, RotationTarget> wrapper) {
        return new Wrappers(NONE.manager(), wrapper);
    }
}
