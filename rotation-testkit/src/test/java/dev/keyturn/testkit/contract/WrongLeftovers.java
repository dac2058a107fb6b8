package dev.keyturn.testkit.contract;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import java.io.IOException;
import java.util.List;

/** Plugins that are deliberately wrong in what they leave behind. */
final class WrongLeftovers {

    private WrongLeftovers() {
    }

    static List<Specimen> all() {
        return List.of(
                Specimen.of(new LeavesRefusedConnections(), Rule.NO_CONNECTION_LEFT, "connections are still open"),
                Specimen.of(new LeavesSessions(), Rule.NO_CONNECTION_LEFT, "connections are still open"),
                Specimen.of(new LeavesSessionsElsewhere(), Rule.NO_CONNECTION_LEFT, "the server counts"),
                Specimen.of(new LeavesThreads(), Rule.NO_THREAD_LEFT, "line-heartbeat"));
    }

    public static final class LeavesRefusedConnections extends LineTarget {
        @Override
        void close(Line line) {
        }
    }

    public static final class LeavesSessions extends WrongChanges.WithSession {
        public LeavesSessions() {
            super(login -> new LineSession(login) {
                @Override
                public void close() {
                }
            });
        }
    }

    /** Has a second connection, not through the one host and port that it was given, and forgets it. */
    public static final class LeavesSessionsElsewhere extends LineTarget {
        @Override
        TargetSession session(Login login) {
            try {
                Line second = new Line().connect("127.0.0.1", Integer.parseInt(login.identity().replaceFirst(".*-", "")), 5_000);
                super.login(second, login.credential());
            } catch (IOException | TargetException e) {
                throw new IllegalStateException("no second connection");
            }
            return super.session(login);
        }
    }

    public static final class LeavesThreads extends LineTarget {
        @Override
        TargetSession session(Login login) {
            Thread thread = new Thread(() -> WrongManners.waitForEver(), "line-heartbeat");
            thread.setDaemon(true);
            thread.start();
            return super.session(login);
        }
    }
}
