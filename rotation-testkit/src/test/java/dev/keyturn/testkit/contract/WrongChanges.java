package dev.keyturn.testkit.contract;

import static dev.keyturn.testkit.contract.LineSyntax.quoted;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Plugins that are deliberately wrong, in how they change a password. */
final class WrongChanges {

    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

    private WrongChanges() {
    }

    static List<Specimen> all() {
        return List.of(
                Specimen.of(new ChangesInSurvey(), Rule.SURVEY, "after survey() the password that was live does not work")
                        .also(Rule.RIGHT_PASSWORD, Rule.CRASH, Rule.REPEAT, Rule.FINISH),
                Specimen.of(new KeepsTheLock(), Rule.SURVEY, "CONFLICT").also(Rule.CRASH),
                Specimen.of(new DoesNothing(), Rule.CHANGE, "the new password does not work")
                        .also(Rule.MADE_VALUES, Rule.RIGHT_PASSWORD, Rule.REPEAT, Rule.REFUSED_CHANGE, Rule.HOSTILE_VALUES,
                                Rule.OVERLAP, Rule.RACE, Rule.ADMINISTRATOR),
                Specimen.of(new LeavesTheOldOne(), Rule.CHANGE, "the old password works")
                        .also(Rule.PUT_BACK, Rule.REPEAT, Rule.CRASH, Rule.RACE, Rule.ADMINISTRATOR),
                Specimen.of(new RepeatIsForbidden(), Rule.REPEAT, "FORBIDDEN"),
                Specimen.of(new FinishingFails(), Rule.FINISH, "MISCONFIGURED").also(Rule.REPEAT, Rule.CRASH, Rule.OVERLAP, Rule.RETIRE),
                Specimen.of(new ClearsWhenOvertaken(), Rule.REFUSED_CHANGE, "does not work").also(Rule.REPEAT, Rule.RACE),
                Specimen.of(new NeverGoesBack(), Rule.PUT_BACK, "VALUE_REFUSED"),
                Specimen.of(new DropsFirst(), Rule.CRASH, "neither the old nor the new password works"),
                Specimen.of(new ChangesTheSessionsOwn(), Rule.ADMINISTRATOR, "change() did not succeed"));
    }

    /** A plugin whose sessions are these. */
    public abstract static class WithSession extends LineTarget {
        private final Function<Login, TargetSession> sessions;

        WithSession(Function<Login, TargetSession> sessions) {
            this.sessions = sessions;
        }

        @Override
        TargetSession session(Login login) {
            return sessions.apply(login);
        }
    }

    /** Tries out whether it may change the password, with another one. */
    public static final class ChangesInSurvey extends WithSession {
        public ChangesInSurvey() {
            super(login -> new LineSession(login) {
                @Override
                public Survey survey(Credential account) throws TargetException {
                    Survey survey = super.survey(account);
                    send("SET \"Only-a-test-1\" FOR " + quoted(account.user()));
                    return survey;
                }

                @Override
                String statement(Change change) throws TargetException {
                    String undo = change.from().isPresent() && change.keepFrom()
                            ? "SET " + quoted(change.from().get().password()) + " FOR " + quoted(change.to().user()) + "; " : "";
                    return undo + (undo.isEmpty() ? "SET " : "ADD ") + quoted(change.to().password()) + " FOR "
                            + quoted(change.to().user());
                }
            });
        }
    }

    /** Gives the account's lock back when it has changed something, and only then. */
    public static final class KeepsTheLock extends WithSession {
        public KeepsTheLock() {
            super(login -> new LineSession(login) {
                @Override
                public Survey survey(Credential account) throws TargetException {
                    if (!SEEN.add("lock of " + account.user())) {
                        throw new TargetException(Kind.CONFLICT, "another run holds the account's lock");
                    }
                    return super.survey(account);
                }

                @Override
                public void change(Change change) throws TargetException {
                    super.change(change);
                    SEEN.remove("lock of " + change.to().user());
                }
            });
        }
    }

    public static final class DoesNothing extends WithSession {
        public DoesNothing() {
            super(login -> new LineSession(login) {
                @Override
                public void change(Change change) {
                }
            });
        }
    }

    public static final class LeavesTheOldOne extends WithSession {
        public LeavesTheOldOne() {
            super(login -> new LineSession(login) {
                @Override
                String statement(Change change) throws TargetException {
                    return super.statement(change).replaceFirst("^SET", "ADD");
                }
            });
        }
    }

    public static final class RepeatIsForbidden extends WithSession {
        public RepeatIsForbidden() {
            super(login -> new LineSession(login) {
                @Override
                String accepted(String answer) throws TargetException {
                    return super.accepted(answer.replace("STALE", "DENIED"));
                }
            });
        }
    }

    public static final class FinishingFails extends WithSession {
        public FinishingFails() {
            super(login -> new LineSession(login) {
                @Override
                public void change(Change change) throws TargetException {
                    if (change.finishes()) {
                        throw new TargetException(Kind.MISCONFIGURED, "there is nothing to change");
                    }
                    super.change(change);
                }
            });
        }
    }

    public static final class ClearsWhenOvertaken extends WithSession {
        public ClearsWhenOvertaken() {
            super(login -> new LineSession(login) {
                @Override
                public void change(Change change) throws TargetException {
                    try {
                        super.change(change);
                    } catch (TargetException e) {
                        send("CLEAR " + quoted(change.to().user()));
                        throw e;
                    }
                }
            });
        }
    }

    public static final class NeverGoesBack extends WithSession {
        public NeverGoesBack() {
            super(login -> new LineSession(login) {
                @Override
                public void change(Change change) throws TargetException {
                    if (change.from().isPresent() && !change.finishes()) {
                        SEEN.add(change.from().get().user() + change.from().get().password());
                        if (SEEN.contains(change.to().user() + change.to().password())) {
                            throw new TargetException(Kind.VALUE_REFUSED, "the account had this value before");
                        }
                    }
                    super.change(change);
                }
            });
        }
    }

    public static final class DropsFirst extends WithSession {
        public DropsFirst() {
            super(login -> new LineSession(login) {
                @Override
                public void change(Change change) throws TargetException {
                    if (!change.finishes() && !change.keepFrom()) {
                        send("CLEAR " + quoted(change.to().user()));
                        send("SET " + quoted(change.to().password()) + " FOR " + quoted(change.to().user()));
                    } else {
                        super.change(change);
                    }
                }
            });
        }
    }

    public static final class ChangesTheSessionsOwn extends WithSession {
        public ChangesTheSessionsOwn() {
            super(login -> new LineSession(login) {
                @Override
                String statement(Change change) throws TargetException {
                    return super.statement(change).replace(" FOR " + quoted(change.to().user()), " FOR " + quoted(credential.user()));
                }
            });
        }
    }
}
