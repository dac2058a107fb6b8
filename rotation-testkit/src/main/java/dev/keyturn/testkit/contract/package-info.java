/**
 * What the author of a plugin extends to learn whether the plugin keeps its contract.
 *
 * <p>{@link dev.keyturn.testkit.contract.RotationTargetContract} has a test for each promise that the engine relies on. The
 * author supplies one {@link dev.keyturn.testkit.contract.TargetFixture}: a running target with an account, and a way to try
 * a login that does not go through the plugin.
 *
 * <p>Nothing here is ever null unless it says so.
 */
@NullMarked
package dev.keyturn.testkit.contract;

import org.jspecify.annotations.NullMarked;
