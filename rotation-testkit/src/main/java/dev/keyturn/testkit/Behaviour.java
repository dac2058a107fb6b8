package dev.keyturn.testkit;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the platform does where its documentation is silent. Immutable.
 *
 * <p>A rotation that must not lose a password has to be right under every setting. Each default is the reading that
 * the documentation speaks for most, or, where it says nothing at all, the one that forgives a caller least.
 */
public final class Behaviour {

    /** One open question that has the answer yes or no. */
    public enum Switch {
        /** Fail leaves the pending stage as it is; off: fail empties it. */
        PENDING_KEPT_AT_FAIL(true),
        /** Cancel leaves the pending stage as it is; off: cancel empties it. */
        PENDING_KEPT_AT_CANCEL(true),
        /** Start of a job that is in progress succeeds again; off: it is refused with 422. */
        START_REPEATABLE(false),
        /** Start succeeds while another job of the same secret is in progress; off: it is refused with 422. */
        SECOND_JOB_STARTS(true),
        /** Complete of a completed job succeeds and does nothing; off: it is refused with 422. */
        COMPLETE_REPEATABLE(false),
        /** Fail of a failed job succeeds and does nothing; off: it is refused with 422. */
        FAIL_REPEATABLE(false),
        /** Update Pending Stage replaces a pending value that is there; off: it is refused with 422. */
        UPDATE_REPLACES_PENDING(true),
        /** Update Pending Stage lays the sent keys over active's; off: what was sent is all there is. */
        UPDATE_MERGES_ACTIVE(false),
        /** Update Pending Stage answers with the stored value, as documented; off: its {@code data} is null. */
        UPDATE_ECHOES_PENDING(true),
        /** Add Pending Stage replaces a pending value that is there; off: it is refused with 422. */
        ADD_REPLACES_PENDING(false),
        /** Generate Random Secret refuses a body without {@code length}; off: it takes the stated default of 12. */
        RANDOM_LENGTH_REQUIRED(true),
        /** Get Secret Value is allowed to the key; off: it is refused with 403. */
        VALUES_READABLE(true),
        /** A job token that the secret does not have is answered with 404; off: with 422. */
        UNKNOWN_JOB_NOT_FOUND(true),
        /** A gateway's {@code errorCode} is text, such as {@code "200"}; off: it is the number. */
        ERROR_CODE_TEXT(true),
        /** Complete and fail answer with the JSON null as {@code data}; off: with the text {@code "null"}. */
        NO_DATA_NULL(true);

        private final boolean normal;

        Switch(boolean normal) {
            this.normal = normal;
        }
    }

    /** How an empty stage looks in an answer that tells the chain. */
    public enum EmptyStage {
        /** The JSON null. The default. */
        NULL,
        /** The empty text. */
        EMPTY_TEXT,
        /** The field is missing. */
        ABSENT
    }

    private static final Behaviour STANDARD = new Behaviour(
            Arrays.stream(Switch.values()).filter(one -> one.normal).collect(Collectors.toSet()), EmptyStage.NULL);

    private final Set<Switch> on;
    private final EmptyStage emptyStage;

    private Behaviour(Set<Switch> on, EmptyStage emptyStage) {
        this.on = Collections.unmodifiableSet(on);
        this.emptyStage = emptyStage;
    }

    /**
     * Every question answered by its default.
     *
     * @return the behaviour to start from
     */
    public static Behaviour standard() {
        return STANDARD;
    }

    /**
     * The same behaviour with one question answered.
     *
     * @param which the question
     * @param value the answer
     * @return the other behaviour
     */
    public Behaviour with(Switch which, boolean value) {
        Set<Switch> copy = EnumSet.noneOf(Switch.class);
        copy.addAll(on);
        if (value) {
            copy.add(which);
        } else {
            copy.remove(which);
        }
        return new Behaviour(copy, emptyStage);
    }

    /**
     * The same behaviour with another look of empty stages.
     *
     * @param look the look
     * @return the other behaviour
     */
    public Behaviour with(EmptyStage look) {
        return new Behaviour(on, look);
    }

    /**
     * The answer to one question.
     *
     * @param which the question
     * @return the answer
     */
    public boolean is(Switch which) {
        return on.contains(which);
    }

    /**
     * How an empty stage looks.
     *
     * @return the look
     */
    public EmptyStage emptyStage() {
        return emptyStage;
    }

    /** One setting as words, from a command line: {@code start-repeatable=true}, {@code empty-stage=absent}. */
    Behaviour with(String name, String value) {
        String wanted = constant(name);
        String answer = constant(value);
        if (wanted.equals("EMPTY_STAGE")) {
            return with(Arrays.stream(EmptyStage.values()).filter(one -> one.name().equals(answer)).findAny()
                    .orElseThrow(() -> new IllegalArgumentException("empty-stage is one of " + words(EmptyStage.values()))));
        }
        Switch which = Arrays.stream(Switch.values()).filter(one -> one.name().equals(wanted)).findAny()
                .orElseThrow(() -> new IllegalArgumentException("there is no behaviour \"" + name
                        + "\"; there are empty-stage, " + words(Switch.values())));
        if (!answer.equals("TRUE") && !answer.equals("FALSE")) {
            throw new IllegalArgumentException(name + " is true or false");
        }
        return with(which, answer.equals("TRUE"));
    }

    private static String constant(String words) {
        return words.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static String words(Enum<?>[] constants) {
        return Arrays.stream(constants).map(one -> one.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
    }

    /** Names the switches that are on. */
    @Override
    public String toString() {
        return "Behaviour[on=" + on + ", emptyStage=" + emptyStage + "]";
    }
}
