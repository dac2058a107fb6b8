package dev.keyturn.api;

/**
 * One login to one target. Used by one thread at a time, not always the same one, for at most one {@link #change change}, then closed.
 * A call that is interrupted need not end at once, but it must end by its own limit.
 *
 * <p>Whatever a method throws that is not a {@link TargetException} counts as {@link TargetException.Kind#UNKNOWN},
 * with the plugin's name.
 */
public interface TargetSession extends AutoCloseable {

    /**
     * Makes the password of one account {@link Change#to()}'s.
     *
     * <p>Called when the new value stands in the secret's pending stage, never before (R2), and at most once for a
     * session. A session whose user is {@code to}'s changes its own password; any other is an administrator's. The account
     * that changes is the one that logged in (or the one that {@link #survey} was asked about), never a name with a guessed
     * host.
     *
     * <p>Where the target can compare before it sets, {@link Change#from()} feeds that: a repeat then misses, has no
     * effect, and is {@link TargetException.Kind#CONFLICT}. When {@link Change#finishes()} is true the value is already
     * live, and the plugin only finishes what a killed run may have left (for example saving an access list to disk);
     * most plugins have nothing to do. Where the target can hold several values, {@link Change#keepFrom()} and
     * {@link Change#retired()} say what becomes of the others.
     *
     * <p>May block up to {@link TargetContext#statementMillis()}; a limit of that length is set on the server too, so
     * that a change cannot take effect after that. May be repeated after a crash, in a new session.
     *
     * @param change from which value to which
     * @throws TargetException if the password was not changed, or may not have been. From the moment the change was
     *     sent, every kind but {@link TargetException.Kind#UNKNOWN} states that the server refused it and nothing changed
     */
    void change(Change change) throws TargetException;

    /**
     * Finds out whether a change would succeed; changes nothing.
     *
     * <p>Called once in every session that is to make the first change of a run, before that change; so {@link #change} may rely on
     * what was found. Usually no pending value exists yet, so a complaint here costs nothing to clean up. (A session that puts a change
     * back, or finishes one, is not surveyed.) Where
     * the target has such a thing it takes a lock for the account and holds it until {@link #close}, so that two runs cannot
     * change one account at the same time; if another holds it, that is {@link TargetException.Kind#CONFLICT}.
     *
     * <p>May block up to {@link TargetContext#statementMillis()}. May be repeated after a crash.
     *
     * @param account the account that is to change: the session's own, or another if the session is an administrator's
     * @return what was found
     * @throws TargetException if a change cannot succeed: a read-only node, a missing right, a policy
     */
    default Survey survey(Credential account) throws TargetException {
        return Survey.empty();
    }

    /**
     * Who is logged in, and where, as the server tells it: {@code account@instance}. The engine compares the answers of
     * two sessions: a new value that is accepted by another server proves nothing. So it must be the same before and after a change, with
     * nothing in it of the session or the password.
     *
     * <p>Called after the login; does not block (find out in {@link RotationTarget#open}).
     *
     * @return the identity, without any secret; empty where the server does not tell
     */
    default String identity() {
        return "";
    }

    /**
     * Logs out and leaves nothing behind: no connection, no thread, no lock. Called exactly once; must not throw, and must end within
     * a second, also when the connection is gone.
     */
    @Override
    void close();
}
