package dev.keyturn.engine.statespace;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSchema;
import dev.keyturn.api.TargetSession;

/** A plugin around the model's, with room for one mistake. */
abstract class Plug implements RotationTarget {

    private final RotationTarget target;

    Plug(RotationTarget target) {
        this.target = target;
    }

    /** What is said of a login that was answered so. */
    Kind heard(Kind kind) {
        return kind;
    }

    /** What is said of a change that was answered so. */
    Kind changed(Kind kind) {
        return kind;
    }

    boolean again(Kind kind) {
        return false;
    }

    /** Whether a login is said to have succeeded that was never made. */
    boolean pretends() {
        return false;
    }

    @Override
    public String type() {
        return target.type();
    }

    @Override
    public TargetSchema schema() {
        return target.schema();
    }

    @Override
    public PasswordRules passwordRules() {
        return target.passwordRules();
    }

    @Override
    public boolean connectsAhead() {
        return target.connectsAhead();
    }

    @Override
    public TargetSession open(Credential credential, TargetContext context) throws TargetException {
        if (pretends() && !credential.password().startsWith("Active-")) {
            context.beforePassword();
            return new Pretended();
        }
        try {
            return new Plugged(target.open(credential, context));
        } catch (TargetException e) {
            if (again(e.kind())) {
                return target.open(credential, context);
            }
            throw new TargetException(heard(e.kind()), "mistaken");
        }
    }

    private static final class Pretended implements TargetSession {

        @Override
        public void change(Change change) {
            // As the login: said, not done.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private final class Plugged implements TargetSession {

        private final TargetSession session;

        Plugged(TargetSession session) {
            this.session = session;
        }

        @Override
        public void change(Change change) throws TargetException {
            try {
                session.change(change);
            } catch (TargetException e) {
                throw new TargetException(changed(e.kind()), "mistaken");
            }
        }

        @Override
        public Survey survey(Credential account) throws TargetException {
            return session.survey(account);
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
