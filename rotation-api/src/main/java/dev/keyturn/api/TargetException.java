package dev.keyturn.api;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A target refused something, or did not answer. What the engine does next depends on the {@link Kind} alone.
 *
 * <p>The message is the plugin's own: an error code of the server, and what it means. A driver's message never goes in,
 * and there is no cause, because drivers quote statements and statements hold passwords (R8).
 */
public final class TargetException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why. Chosen from error codes, never from a message's wording where a code exists. May grow. */
    public enum Kind {
        /** The target answered that this password (or account) is wrong. The only kind after which another stage is tried. */
        REJECTED,
        /** The account exists and cannot be used now: locked, disabled, expired. */
        LOCKED,
        /** No answer: refused connection, no such host, time-out, broken connection, server starting or full. */
        UNREACHABLE,
        /** The target will not take this new value: policy, history, length, characters. */
        VALUE_REFUSED,
        /** The login is fine, the right to change is missing. */
        FORBIDDEN,
        /** This node takes no changes: a replica, a standby, a read-only server. */
        READ_ONLY,
        /** Something in the secret, the options or the server's settings has to be corrected by a person. */
        MISCONFIGURED,
        /** A login that proves nothing, because any password would have done, or because it was not the server that answered. */
        NOT_PROVABLE,
        /** The target was not in the state that the change expects; nothing changed. Or another run holds the account's lock. */
        CONFLICT,
        /** It may have happened: the change was sent, and no definite answer came back. */
        UNKNOWN
    }

    private final Kind kind;
    private final @Nullable String fix;

    /**
     * An error whose remedy follows from its kind.
     *
     * @param kind why
     * @param message what was asked and what was found, with the server's error code; no secret, no driver text
     */
    public TargetException(Kind kind, String message) {
        this(kind, message, null);
    }

    /**
     * An error with a remedy of its own.
     *
     * @param kind why
     * @param message what was asked and what was found, with the server's error code; no secret, no driver text
     * @param fix what to do about it; null for the remedy that follows from the kind
     */
    public TargetException(Kind kind, String message, @Nullable String fix) {
        super(Objects.requireNonNull(message, "message"), null);
        this.kind = Objects.requireNonNull(kind, "kind");
        this.fix = fix;
    }

    /**
     * Why.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * What to do about it.
     *
     * @return the remedy, if the plugin knows a better one than the engine's for this kind
     */
    public Optional<String> fix() {
        return Optional.ofNullable(fix);
    }
}
