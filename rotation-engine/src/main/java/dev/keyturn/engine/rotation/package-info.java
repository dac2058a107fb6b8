/**
 * One rotation job from start to its end. Decisions are pure functions in {@code Decisions}; the steps are types, so that
 * no other order can be written down; everything with I/O carries decisions out.
 */
@NullMarked
package dev.keyturn.engine.rotation;

import org.jspecify.annotations.NullMarked;
