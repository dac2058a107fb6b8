/**
 * Walks the rotation engine through every state that it can get into: each call to Secret Manager and to the target is a
 * boundary, at each boundary every fault is tried, and after every effect an oracle holds what happened against the rules.
 *
 * <p>The engine is the real one. Secret Manager, the target and the time are models in memory. All that is open in a scenario (which
 * fault strikes where, how the platform behaves where nobody knows, who runs when) is one list of numbers, {@code Choices};
 * counting through all of them is the walk, and one of them is a replay.
 */
package dev.keyturn.engine.statespace;
