package dev.keyturn.testkit.contract;

import static dev.keyturn.testkit.contract.LineSyntax.quoted;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import java.util.List;

/** Plugins that are deliberately wrong about characters and lengths. */
final class WrongQuoting {

    private WrongQuoting() {
    }

    static List<Specimen> all() {
        return List.of(
                Specimen.of(new PastesTheValue(), Rule.HOSTILE_VALUES, "which the rules hold"),
                Specimen.of(new TrimsTheValue(), Rule.HOSTILE_VALUES, "does not work although change() succeeded"),
                Specimen.of(new CutsTheValue(), Rule.HOSTILE_VALUES, "all but the last one").on(LineServer.Kind.LOOKS_AT_72),
                Specimen.of(new PastesTheUser(), Rule.HOSTILE_FIELDS, "does not work any more after a change of another name"));
    }

    public static final class PastesTheValue extends WrongChanges.WithSession {
        public PastesTheValue() {
            super(login -> new LineSession(login) {
                @Override
                String statement(Change change) throws TargetException {
                    return super.statement(change).replace(quoted(change.to().password()), '"' + change.to().password() + '"');
                }
            });
        }
    }

    public static final class TrimsTheValue extends WrongChanges.WithSession {
        public TrimsTheValue() {
            super(login -> new LineSession(login) {
                @Override
                String statement(Change change) throws TargetException {
                    Credential to = change.to().with(Credential.PASSWORD, change.to().password().strip());
                    Change trimmed = change.from().isPresent() ? Change.of(change.from().get(), to) : Change.reset(to);
                    return super.statement(change.keepFrom() ? trimmed.keepingFrom() : trimmed);
                }
            });
        }
    }

    /** Its server looks at the first 72 characters only; its rules do not say so. */
    public static final class CutsTheValue extends LineTarget {
    }

    public static final class PastesTheUser extends WrongChanges.WithSession {
        public PastesTheUser() {
            super(login -> new LineSession(login) {
                @Override
                String statement(Change change) throws TargetException {
                    return super.statement(change).replace(quoted(change.to().user()), '"' + change.to().user() + '"');
                }
            });
        }
    }
}
