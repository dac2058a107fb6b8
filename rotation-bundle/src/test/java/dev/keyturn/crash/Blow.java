package dev.keyturn.crash;

import dev.keyturn.testkit.Fault;
import dev.keyturn.testkit.Operation;
import java.time.Duration;
import java.util.Locale;

/**
 * One thing that goes wrong in a run, and where.
 *
 * @param call the call to Secret Manager that is hit; {@link Operation#UNKNOWN} for what goes to the target
 * @param connection which connection to the target, counted from 1 as they are accepted; 0 for a call to Secret Manager
 * @param nth which of these calls, or which message of that connection, counted from 1; 0 for each of these calls
 * @param moment when
 * @param kind what
 */
record Blow(Operation call, int connection, int nth, Moment moment, Kind kind) {

    /** When it happens to a call or a message. */
    enum Moment {
        /** It has no effect. */
        BEFORE,
        /** A message is on its way, and nobody waits for its reply. For messages to the target only. */
        DURING,
        /** It had its effect, and the reply does not arrive. */
        AFTER
    }

    /** What happens. */
    enum Kind {
        /** The process is killed: SIGKILL. */
        KILL("kill"),
        /** The connection is closed. */
        LOST("connection closed"),
        /** Closed, and so is every other from then on. For the target only. */
        DOWN("target down from then on"),
        /** Nothing comes until after the time-out. */
        DELAYED("later than the time-out"),
        S500("answered 500"),
        S503("answered 503"),
        S504("answered 504"),
        S429("answered 429"),
        GARBAGE("answered with garbage");

        final String label;

        Kind(String label) {
            this.label = label;
        }

        Fault fault() {
            return switch (this) {
                case KILL, LOST, DOWN -> Fault.close();
                case DELAYED -> Fault.delay(Duration.ofMillis(Action.SHORT_MILLIS + 500));
                case S500 -> Fault.status(500);
                case S503 -> Fault.status(503);
                case S504 -> Fault.status(504);
                case S429 -> Fault.status(429);
                case GARBAGE -> Fault.garbage();
            };
        }
    }

    /** Something that happens to a message to the target. */
    static Blow atMessage(int connection, int message, Moment moment, Kind kind) {
        return new Blow(Operation.UNKNOWN, connection, message, moment, kind);
    }

    /** Something that happens to a call to Secret Manager. */
    static Blow atCall(Operation call, int nth, Moment moment, Kind kind) {
        return new Blow(call, 0, nth, moment, kind);
    }

    boolean atTarget() {
        return call == Operation.UNKNOWN;
    }

    boolean kills() {
        return kind == Kind.KILL;
    }

    /** Whether the run is one that waits. */
    boolean waits() {
        return kind == Kind.DELAYED || kind == Kind.DOWN;
    }

    /** For a row of the table. */
    @Override
    public String toString() {
        String what = atTarget() ? "target connection " + connection + ", message " + nth
                : "Secret Manager " + call.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (nth > 1 ? " no. " + nth : nth == 0 ? ", each time" : "");
        return kind.label + " | " + moment.name().toLowerCase(Locale.ROOT) + " | " + what;
    }
}
