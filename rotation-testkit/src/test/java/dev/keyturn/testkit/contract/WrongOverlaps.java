package dev.keyturn.testkit.contract;

import static dev.keyturn.testkit.contract.LineSyntax.quoted;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Plugins that are deliberately wrong where two passwords, or two changes, meet. */
final class WrongOverlaps {

    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();
    private static final Map<String, String> KEPT = new ConcurrentHashMap<>();

    private WrongOverlaps() {
    }

    static List<Specimen> all() {
        return List.of(
                Specimen.of(new OverlapsInWordsOnly(), Rule.OVERLAP, "the old password does not work").also(Rule.OVERLAP_DECLARED, Rule.RACE, Rule.RETIRE)
                        .on(LineServer.Kind.ONE_VALUE),
                Specimen.of(new RepeatCutsOff(), Rule.OVERLAP, "after the keeping change was repeated"),
                Specimen.of(new KeepsQuietAboutOverlap(), Rule.OVERLAP_DECLARED, "survey() says false"),
                Specimen.of(new RetiresNothing(), Rule.RETIRE, "the old password works"),
                Specimen.of(new RetiresOnlyWhenItFinishes(), Rule.RETIRE, "the one before the last works"),
                Specimen.of(new RetiresTheOther(), Rule.RETIRE, "after that change was repeated the new password does not work"),
                Specimen.of(new AddsBeside(), Rule.RACE, "working now: [the first new password, the second new password]"),
                Specimen.of(new CutsOffTheThird(), Rule.RACE, "after two keeping changes at the same time the old password").also(Rule.RETIRE));
    }

    public static final class OverlapsInWordsOnly extends WrongChanges.WithSession {
        public OverlapsInWordsOnly() {
            super(login -> new LineSession(login) {
                @Override
                public Survey survey(Credential account) throws TargetException {
                    return super.survey(account).withOverlap();
                }

                @Override
                String statement(Change change) throws TargetException {
                    return super.statement(change).replaceFirst("^ADD", "SET");
                }
            });
        }
    }

    public static final class RepeatCutsOff extends WrongChanges.WithSession {
        public RepeatCutsOff() {
            super(login -> new LineSession(login) {
                @Override
                String statement(Change change) throws TargetException {
                    String first = super.statement(change);
                    boolean again = change.keepFrom() && !SEEN.add(change.to().user() + change.to().password());
                    return again ? first.replaceFirst("^ADD", "SET") : first;
                }
            });
        }
    }

    public static final class KeepsQuietAboutOverlap extends WrongChanges.WithSession {
        public KeepsQuietAboutOverlap() {
            super(login -> new LineSession(login) {
                @Override
                public Survey survey(Credential account) throws TargetException {
                    super.survey(account);
                    return Survey.empty();
                }
            });
        }
    }

    public static final class RetiresNothing extends WrongChanges.WithSession {
        public RetiresNothing() {
            super(login -> new LineSession(login) {
                @Override
                String retirement(Change change) {
                    return "";
                }
            });
        }
    }

    /** Forgets it in the form that rotations use. */
    public static final class RetiresOnlyWhenItFinishes extends WrongChanges.WithSession {
        public RetiresOnlyWhenItFinishes() {
            super(login -> new LineSession(login) {
                @Override
                String retirement(Change change) throws TargetException {
                    return change.finishes() ? super.retirement(change) : "";
                }
            });
        }
    }

    public static final class RetiresTheOther extends WrongChanges.WithSession {
        public RetiresTheOther() {
            super(login -> new LineSession(login) {
                @Override
                String retirement(Change change) throws TargetException {
                    String first = super.retirement(change);
                    return first.isEmpty() || SEEN.add(first) ? first : first + "; CLEAR " + quoted(change.to().user());
                }
            });
        }
    }

    public static final class AddsBeside extends WrongChanges.WithSession {
        public AddsBeside() {
            super(login -> new LineSession(login) {
                @Override
                String statement(Change change) throws TargetException {
                    String first = super.statement(change);
                    return change.keepFrom() || change.from().isEmpty() ? first : "ADD " + quoted(change.to().password()) + " FOR "
                            + quoted(change.to().user()) + "; DEL " + quoted(change.from().get().password()) + " FOR "
                            + quoted(change.to().user());
                }
            });
        }
    }

    /** Has room for two, and drops the one that was there first. */
    public static final class CutsOffTheThird extends WrongChanges.WithSession {
        public CutsOffTheThird() {
            super(login -> new LineSession(login) {
                @Override
                public void change(Change change) throws TargetException {
                    super.change(change);
                    if (change.keepFrom() && change.from().isPresent()) {
                        String value = change.to().password();
                        if (!value.equals(KEPT.computeIfAbsent(change.to().user(), user -> value))) {
                            send("DEL " + quoted(change.from().get().password()) + " FOR " + quoted(change.to().user()));
                        }
                    }
                }
            });
        }
    }
}
