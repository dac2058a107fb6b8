package dev.keyturn.engine;

import dev.keyturn.api.TargetException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a run ends without a completed job. It has no cause: what a driver or a parser said may hold a secret, and this travels
 * to the log and to the caller.
 */
public final class Failure extends Exception {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final Step step;
    private final String fix;

    /**
     * A failure with the remedy of its code.
     *
     * @param code which error
     * @param step where
     * @param message what was asked and what was found; no secret
     */
    public Failure(ErrorCode code, Step step, String message) {
        this(code, step, message, null);
    }

    /**
     * A failure with a remedy of its own.
     *
     * @param code which error
     * @param step where
     * @param message what was asked and what was found; no secret
     * @param fix what to do; null for the code's remedy
     */
    public Failure(ErrorCode code, Step step, String message, @Nullable String fix) {
        super(Objects.requireNonNull(message, "message"), null);
        this.code = Objects.requireNonNull(code, "code");
        this.step = Objects.requireNonNull(step, "step");
        this.fix = fix == null ? code.fix() : fix;
    }

    /**
     * What a target answered, as a failure.
     *
     * @param step where
     * @param what who was asked and what for, for the beginning of the message
     * @param e the answer
     * @return the failure
     */
    public static Failure of(Step step, String what, TargetException e) {
        return new Failure(ErrorCode.of(e.kind()), step, what + ": " + e.getMessage(), e.fix().orElse(null));
    }

    /**
     * Which error.
     *
     * @return the code
     */
    public ErrorCode code() {
        return code;
    }

    /**
     * Where in the job.
     *
     * @return the step
     */
    public Step step() {
        return step;
    }

    /**
     * What to do.
     *
     * @return a sentence
     */
    public String fix() {
        return fix;
    }

    /**
     * The message, which is always there.
     *
     * @return what was asked and what was found
     */
    public String text() {
        return Objects.requireNonNull(getMessage());
    }
}
