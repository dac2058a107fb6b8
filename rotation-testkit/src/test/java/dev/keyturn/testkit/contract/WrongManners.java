package dev.keyturn.testkit.contract;

import static dev.keyturn.testkit.contract.LineSyntax.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Plugins that are deliberately wrong, in what they say and how long they take. */
final class WrongManners {

    private static final CountDownLatch NEVER = new CountDownLatch(1);
    private static final Logger LOG = Logger.getLogger("line.driver");

    private WrongManners() {
    }

    static List<Specimen> all() {
        return List.of(
                Specimen.of(new SwallowsErrors(), Rule.HONEST, "change() succeeded, and the new password does not work"),
                Specimen.of(new LostIsUnreachable(), Rule.HONEST, "UNREACHABLE"),
                Specimen.of(new ThrowsAtClose(), Rule.CLOSES, "IllegalStateException"),
                Specimen.of(new NoLimitForReplies(), Rule.CHANGE_DEADLINE, "had not ended").also(Rule.INTERRUPTION),
                Specimen.of(new WaitsOnWhenInterrupted(), Rule.INTERRUPTION, "interrupted was given"),
                Specimen.of(new TellsInAnException(), Rule.SILENCE, "the exception of"),
                Specimen.of(new TellsInACause(), Rule.SILENCE, "a cause shows"),
                Specimen.of(new TellsInBase64(), Rule.SILENCE, "encoded"),
                Specimen.of(new TellsTheConsole(), Rule.SILENCE, "System.out shows"),
                Specimen.of(new TellsTheLog(), Rule.SILENCE, "the log record of line.driver at FINEST shows"),
                Specimen.of(new TellsInToString(), Rule.SILENCE, "toString of a session shows"),
                Specimen.of(new TellsInAThreadsName(), Rule.SILENCE, "a thread's name shows"));
    }

    public static final class SwallowsErrors extends WrongChanges.WithSession {
        public SwallowsErrors() {
            super(login -> new LineSession(login) {
                @Override
                public void change(Change change) throws TargetException {
                    try {
                        super.change(change);
                    } catch (TargetException e) {
                        if (e.kind() != Kind.UNKNOWN) {
                            throw e;
                        }
                    }
                }
            });
        }
    }

    public static final class LostIsUnreachable extends WrongChanges.WithSession {
        public LostIsUnreachable() {
            super(login -> new LineSession(login) {
                @Override
                TargetException unanswered(IOException e) {
                    return new TargetException(Kind.UNREACHABLE, "the connection broke");
                }
            });
        }
    }

    public static final class ThrowsAtClose extends WrongChanges.WithSession {
        public ThrowsAtClose() {
            super(login -> new LineSession(login) {
                @Override
                public void close() {
                    try {
                        line.within(1_000);
                        line.ask("WHO");
                    } catch (IOException e) {
                        throw new IllegalStateException("could not say goodbye");
                    } finally {
                        super.close();
                    }
                }
            });
        }
    }

    public static final class NoLimitForReplies extends WrongChanges.WithSession {
        public NoLimitForReplies() {
            super(login -> new LineSession(login) {
                @Override
                void send(String statement) throws TargetException {
                    try {
                        line.within(1_000_000);
                        accepted(line.ask(statement));
                    } catch (IOException e) {
                        throw unanswered(e);
                    }
                }
            });
        }
    }

    /** Waits in small pieces, and after an interruption forgets how long it was to wait. */
    public static final class WaitsOnWhenInterrupted extends LineTarget {
        @Override
        Line line() {
            return new Line() {
                @Override
                String answer() throws IOException {
                    limit(20);
                    boolean interrupted = false;
                    while (interrupted || left() > 0) {
                        try {
                            return read();
                        } catch (SocketTimeoutException e) {
                            interrupted |= Thread.interrupted();
                        }
                    }
                    return null;
                }
            };
        }
    }

    public static final class TellsInAnException extends WrongChanges.WithSession {
        public TellsInAnException() {
            super(login -> new LineSession(login) {
                @Override
                void send(String statement) throws TargetException {
                    try {
                        super.send(statement);
                    } catch (TargetException e) {
                        throw new TargetException(e.kind(), e.getMessage() + " in: " + statement);
                    }
                }
            });
        }
    }

    public static final class TellsInACause extends WrongChanges.WithSession {
        public TellsInACause() {
            super(login -> new LineSession(login) {
                @Override
                TargetException unanswered(IOException e) {
                    throw new IllegalStateException("the driver failed", new IOException("login of " + credential.find("password")));
                }
            });
        }
    }

    public static final class TellsInBase64 extends LineTarget {
        @Override
        void login(Line line, Credential credential) throws IOException, TargetException {
            try {
                super.login(line, credential);
            } catch (TargetException e) {
                throw new TargetException(e.kind(), "refused: "
                        + Base64.getEncoder().encodeToString(credential.password().getBytes(UTF_8)));
            }
        }
    }

    public static final class TellsTheConsole extends LineTarget {
        @Override
        void login(Line line, Credential credential) throws IOException, TargetException {
            System.out.println("AUTH " + quoted(credential.password()));
            super.login(line, credential);
        }
    }

    public static final class TellsTheLog extends LineTarget {
        @Override
        void login(Line line, Credential credential) throws IOException, TargetException {
            LOG.log(Level.FINEST, "logging in with {0}", credential.password());
            super.login(line, credential);
        }
    }

    public static final class TellsInToString extends WrongChanges.WithSession {
        public TellsInToString() {
            super(login -> new LineSession(login) {
                @Override
                public String toString() {
                    return "session with " + credential.find("password").orElse("");
                }
            });
        }
    }

    public static final class TellsInAThreadsName extends LineTarget {
        @Override
        TargetSession session(Login login) {
            Thread watch = new Thread(() -> waitForEver(), "line " + login.credential().find("password").orElse(""));
            watch.setDaemon(true);
            watch.start();
            return new LineSession(login) {
                @Override
                public void close() {
                    watch.interrupt();
                    super.close();
                }
            };
        }
    }

    static void waitForEver() {
        try {
            NEVER.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
