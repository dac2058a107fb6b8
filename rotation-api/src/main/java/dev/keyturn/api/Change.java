package dev.keyturn.api;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One change of one account's password. Made by the engine only; may grow. */
public final class Change {

    private final @Nullable Credential from;
    private final Credential to;
    private final boolean keepFrom;

    private Change(@Nullable Credential from, Credential to, boolean keepFrom) {
        this.from = from;
        this.to = Objects.requireNonNull(to, "to");
        this.keepFrom = keepFrom;
    }

    /**
     * A change after which only the new value works.
     *
     * @param from the credential that was proven to work
     * @param to the credential that is to work
     * @return the change
     */
    public static Change of(Credential from, Credential to) {
        return new Change(Objects.requireNonNull(from, "from"), to, false);
    }

    /**
     * A change by an administrator of an account for which no value is known to work. Afterwards the new value works; where a target
     * can hold several, others may too.
     *
     * @param to the credential that is to work
     * @return the change
     */
    public static Change reset(Credential to) {
        return new Change(null, to, false);
    }

    /**
     * The same change, after which the value it came from works as well. Asked for only where {@link Survey#overlap()}
     * was true. However often it is repeated, it never cuts off either of the two.
     *
     * @return the change that keeps
     */
    public Change keepingFrom() {
        return new Change(from, to, true);
    }

    /**
     * The credential that was proven to work a moment ago. Its password is the one to compare with, and for a session of
     * the account's own it is the one that opened the session.
     *
     * @return the credential; empty when an administrator resets an account that nobody could log in to
     */
    public Optional<Credential> from() {
        return Optional.ofNullable(from);
    }

    /**
     * The credential that is to work afterwards.
     *
     * @return the credential, of the same account as {@link #from()}
     */
    public Credential to() {
        return to;
    }

    /**
     * Whether the value of {@link #from()} is to work as well afterwards.
     *
     * @return true for an overlap
     */
    public boolean keepFrom() {
        return keepFrom;
    }

    /**
     * Whether the new value is live already, so that there is only something to finish.
     *
     * @return true if both credentials have the same user and password
     */
    public boolean finishes() {
        return from != null && from.sameLogin(to);
    }

    /** Shows no value. */
    @Override
    public String toString() {
        return "Change[from=" + from + ", to=" + to + ", keepFrom=" + keepFrom + "]";
    }
}
