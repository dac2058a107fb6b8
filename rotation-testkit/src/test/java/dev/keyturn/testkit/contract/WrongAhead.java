package dev.keyturn.testkit.contract;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Plugins that are deliberately wrong in how they connect ahead. */
final class WrongAhead {

    private WrongAhead() {
    }

    static List<Specimen> all() {
        return List.of(
                Specimen.of(new NeverCalls(), Rule.CONNECTS_AHEAD, "beforePassword() was not called"),
                Specimen.of(new CallsTooLate(), Rule.CONNECTS_AHEAD, "so the password was sent too early"),
                Specimen.of(new CallsTooEarly(), Rule.CONNECTS_AHEAD, "when there was no connection yet"),
                Specimen.of(new CallsTwice(), Rule.CONNECTS_AHEAD, "with the right password called beforePassword() 2 times"),
                Specimen.of(new CallsAgainWhenRefused(), Rule.CONNECTS_AHEAD, "with a wrong password called beforePassword() 2 times"),
                Specimen.of(new DoesNotWait(), Rule.CONNECTS_AHEAD, "ended while it was to wait"),
                Specimen.of(new CountsOn(), Rule.CONNECTS_AHEAD, "do limits go on counting"),
                Specimen.of(new GoesOn(), Rule.CONNECTS_AHEAD, "went on and sent the password"),
                Specimen.of(new ThrowsSomethingElse(), Rule.CONNECTS_AHEAD, "did not end in a TargetException: it threw"),
                Specimen.of(new LeavesWhatIsNotWanted(), Rule.CONNECTS_AHEAD, "left its connection open"));
    }

    public static final class NeverCalls extends LineTarget {
        @Override
        void await(Line line, TargetContext context) {
        }
    }

    /** The password is on its way, only the answer is not read before. */
    public static final class CallsTooLate extends LineTarget {

        private static final class Late extends Line {

            private @Nullable TargetContext context;

            @Override
            String answer() throws IOException {
                TargetContext first = context;
                context = null;
                if (first != null) {
                    try {
                        first.beforePassword();
                    } catch (TargetException e) {
                        throw new IOException("not wanted");
                    }
                    within(first.loginMillis());
                }
                return super.answer();
            }
        }

        @Override
        Line line() {
            return new Late();
        }

        @Override
        void await(Line line, TargetContext context) {
            ((Late) line).context = context;
        }
    }

    public static final class CallsTooEarly extends LineTarget {
        @Override
        public TargetSession open(Credential credential, TargetContext context) throws TargetException {
            context.beforePassword();
            return super.open(credential, context.withGate(() -> { }));
        }
    }

    public static final class CallsTwice extends LineTarget {
        @Override
        void await(Line line, TargetContext context) throws TargetException {
            context.beforePassword();
            super.await(line, context);
        }
    }

    public static final class CallsAgainWhenRefused extends LineTarget {
        @Override
        public TargetSession open(Credential credential, TargetContext context) throws TargetException {
            try {
                return super.open(credential, context);
            } catch (TargetException e) {
                if (e.kind() == TargetException.Kind.REJECTED) {
                    context.beforePassword();
                }
                throw e;
            }
        }
    }

    /** Leaves the waiting to somebody else. */
    public static final class DoesNotWait extends LineTarget {
        @Override
        void await(Line line, TargetContext context) {
            Thread waits = Waiting.daemon("waits", () -> Outcome.of(context::beforePassword));
            waits.start();
            while (waits.getState() != Thread.State.WAITING && waits.isAlive()) {
                Thread.onSpinWait();
            }
        }
    }

    public static final class CountsOn extends LineTarget {
        @Override
        void await(Line line, TargetContext context) throws TargetException {
            context.beforePassword();
        }
    }

    public static final class GoesOn extends LineTarget {
        @Override
        void await(Line line, TargetContext context) {
            Outcome.of(() -> super.await(line, context));
        }
    }

    public static final class ThrowsSomethingElse extends LineTarget {
        @Override
        void await(Line line, TargetContext context) {
            try {
                super.await(line, context);
            } catch (TargetException e) {
                throw new IllegalStateException("the driver gave up");
            }
        }
    }

    public static final class LeavesWhatIsNotWanted extends LineTarget {

        private final Set<Line> left = ConcurrentHashMap.newKeySet();

        @Override
        void await(Line line, TargetContext context) throws TargetException {
            try {
                super.await(line, context);
            } catch (TargetException e) {
                left.add(line);
                throw e;
            }
        }

        @Override
        void close(Line line) {
            if (!left.contains(line)) {
                super.close(line);
            }
        }
    }
}
