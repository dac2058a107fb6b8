package dev.keyturn.engine.statespace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The open questions of one scenario and how they were answered, in the order in which they came up. A scenario that is run
 * again with the same answers takes the same way; {@link #next} is the neighbour that takes another. So all ways are walked by
 * counting, questions that never come up cost nothing, and no way is walked twice.
 */
final class Choices {

    private final List<Integer> given;
    private final List<Integer> taken = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private boolean mistaken;

    private Choices(List<Integer> given) {
        this.given = given;
    }

    static Choices first() {
        return new Choices(List.of());
    }

    static Choices replay(String text) {
        return new Choices(Stream.of(text.split(",")).filter(part -> !part.isBlank()).map(part -> Integer.valueOf(part.trim())).toList());
    }

    /** An answer from 0 to one less than the width. 0 is the harmless one. */
    synchronized int choose(int width) {
        int at = taken.size();
        int answer = at < given.size() ? given.get(at) : 0;
        // Another width than the last time: the scenario depends on something that is no choice.
        mistaken |= answer >= width;
        taken.add(answer);
        widths.add(width);
        return Math.min(answer, width - 1);
    }

    boolean yes() {
        return choose(2) == 1;
    }

    /** As {@link #yes}; but a short walk takes one answer only, drawn by the way that led here. */
    synchronized boolean either() {
        if (!Walk.SHORT) {
            return yes();
        }
        int at = taken.size();
        int answer = at < given.size() ? given.get(at) : taken.hashCode() * 0x9E3779B9 >>> 31;
        taken.add(answer);
        widths.add(answer + 1);
        return answer == 1;
    }

    /** The next way in depth-first order, once this one was walked to its end. */
    synchronized Optional<Choices> next() {
        if (mistaken || taken.size() < given.size()) {
            throw new IllegalStateException("this scenario cannot be repeated: " + given + " became " + taken + " of " + widths);
        }
        for (int i = taken.size() - 1; i >= 0; i--) {
            if (taken.get(i) + 1 < widths.get(i)) {
                List<Integer> other = new ArrayList<>(taken.subList(0, i));
                other.add(taken.get(i) + 1);
                return Optional.of(new Choices(other));
            }
        }
        return Optional.empty();
    }

    /** As {@link #replay} reads it. */
    @Override
    public synchronized String toString() {
        return taken.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
