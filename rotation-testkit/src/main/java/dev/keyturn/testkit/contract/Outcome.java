package dev.keyturn.testkit.contract;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * How a call into the plugin ended.
 *
 * @param failure what it threw; null if it returned
 */
record Outcome(@Nullable Throwable failure) {

    /** A call that may throw anything. */
    interface Call {
        void run() throws Exception;
    }

    static Outcome of(Call call) {
        try {
            call.run();
            return new Outcome(null);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            return new Outcome(e);
        }
    }

    boolean ok() {
        return failure == null;
    }

    /** The kind, as the engine sees it: whatever is no TargetException is UNKNOWN. Null if the call returned. */
    @Nullable Kind kind() {
        return failure == null ? null : failure instanceof TargetException e ? e.kind() : Kind.UNKNOWN;
    }

    /** Whether it states that nothing was changed. */
    boolean refused() {
        return failure != null && kind() != Kind.UNKNOWN;
    }

    /** For a message: the test's own passwords may be in it. */
    String text() {
        if (failure == null) {
            return "it succeeded";
        }
        return failure instanceof TargetException e ? e.kind() + " \"" + e.getMessage() + "\"" : "it threw " + failure;
    }
}
