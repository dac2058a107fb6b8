/**
 * What the tests of a rotation use: a {@linkplain dev.keyturn.testkit.LocalSecretManager local Secret Manager} that speaks
 * the platform's rotation-job contract over real HTTP, keeps a record of all calls, and misbehaves when told to.
 *
 * <p>Where the platform's documentation is silent, {@link dev.keyturn.testkit.Behaviour} holds a switch. What can go wrong
 * between a caller and the platform is a {@link dev.keyturn.testkit.Fault}.
 *
 * <p>Nothing here is ever null unless it says so. No {@code toString} shows a secret.
 */
@NullMarked
package dev.keyturn.testkit;

import org.jspecify.annotations.NullMarked;
