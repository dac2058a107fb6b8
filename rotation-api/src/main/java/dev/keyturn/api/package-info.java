/**
 * What the author of a plugin compiles against.
 *
 * <p>A plugin is one public class that implements {@link dev.keyturn.api.RotationTarget}, named in
 * {@code META-INF/services/dev.keyturn.api.RotationTarget}. It knows two things: how to log in to its kind of target
 * ({@link dev.keyturn.api.RotationTarget#open open}), and how to change the password of an account there
 * ({@link dev.keyturn.api.TargetSession#change change}). The engine knows everything else: the order of the steps, where
 * values are stored, what to try again, what to put back, what may be printed.
 *
 * <p>Words. A secret is a JSON object; its <em>rotating keys</em> are the ones whose values change. A secret's
 * <em>chain</em> has three <em>stages</em>: previous, active and pending. A <em>target</em> is the system whose
 * credential changes. "R2" and the like are the rules of {@code docs/spec.md}.
 *
 * <p>Nothing here is ever null unless it says so.
 */
@NullMarked
package dev.keyturn.api;

import org.jspecify.annotations.NullMarked;
