package dev.keyturn.api;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One change of one account's password. Made by the engine only; may grow. */
public final class Change {

    private final @Nullable Credential from;
    private final Credential to;
    private final boolean keepFrom;
    private final @Nullable Credential retired;

    private Change(@Nullable Credential from, Credential to, boolean keepFrom, @Nullable Credential retired) {
        this.from = from;
        this.to = Objects.requireNonNull(to, "to");
        this.keepFrom = keepFrom;
        this.retired = retired;
    }

    /**
     * A change after which only the new value works.
     *
     * @param from the credential that was proven to work
     * @param to the credential that is to work
     * @return the change
     */
    public static Change of(Credential from, Credential to) {
        return new Change(Objects.requireNonNull(from, "from"), to, false, null);
    }

    /**
     * A change by an administrator of an account for which no value is known to work. Afterwards the new value works; where a target
     * can hold several, others may too.
     *
     * @param to the credential that is to work
     * @return the change
     */
    public static Change reset(Credential to) {
        return new Change(null, to, false, null);
    }

    /**
     * The same change, after which the value it came from works as well. Asked for only where {@link Survey#overlap()}
     * was true. However often it is repeated, it never cuts off either of the two.
     *
     * @return the change that keeps
     */
    public Change keepingFrom() {
        return new Change(from, to, true, retired);
    }

    /**
     * The same change, after which a value of ours that is no longer needed does not work any more. Asked for only where
     * {@link Survey#overlap()} was true. Where the change {@link #finishes()}, that is all that is left to change, and no other value of ours
     * beside {@link #to()}'s is in use.
     *
     * @param old the credential whose value is to stop: neither {@link #from()}'s nor {@link #to()}'s
     * @return the change that retires
     */
    public Change retiring(Credential old) {
        return new Change(from, to, keepFrom, Objects.requireNonNull(old, "old"));
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
     * A value of ours that must not work afterwards, such as the one that an earlier rotation kept. It may not work now, which is no
     * reason to refuse the change. No other value is to be ended, beside that of {@link #from()} where it is not kept: somebody else may
     * have made it. (A target that has room for two and cannot be asked which the other is may end that one when the change
     * {@link #finishes()}.)
     *
     * @return the credential, of the same account; empty if there is no such value
     */
    public Optional<Credential> retired() {
        return Optional.ofNullable(retired);
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
        return "Change[from=" + from + ", to=" + to + ", keepFrom=" + keepFrom + ", retired=" + retired + "]";
    }
}
