package dev.keyturn.engine.statespace;

import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSchema;
import dev.keyturn.api.TargetSchema.Field;
import dev.keyturn.api.TargetSession;

/** The plugin as one run has it: the {@link ModelServer} at the other end of a line on which things go wrong. */
final class ModelTarget implements RotationTarget {

    static final String ADMIN = "root";
    static final String ADMIN_PASSWORD = "Admin-Secret-0";

    private final Caller caller;

    ModelTarget(Caller caller) {
        this.caller = caller;
    }

    @Override
    public String type() {
        return "model";
    }

    @Override
    public TargetSchema schema() {
        return TargetSchema.of(Field.required(Credential.HOST), Field.required(Credential.PORT), Field.required(Credential.USER),
                Field.required(Credential.PASSWORD));
    }

    @Override
    public PasswordRules passwordRules() {
        return PasswordRules.standard();
    }

    @Override
    public boolean connectsAhead() {
        return true;
    }

    @Override
    public TargetSession open(Credential credential, TargetContext context) throws TargetException {
        String user = credential.user();
        String value = credential.password();
        context.beforePassword(); // Before it no boundary is passed, so the ways are those of a plugin that connects late.
        boolean admin = user.equals(ADMIN);
        Account account = admin ? null : caller.world.account(credential.host(), user);
        Fault fault = caller.arrive(Call.OPEN, " " + (account == null ? user : account.label() + " with " + caller.world.named(value)));
        Kind heard = Kind.UNKNOWN;
        try {
            strike(caller, fault);
            boolean right = account == null ? value.equals(ADMIN_PASSWORD) : caller.world.server.accepts(account, value);
            if (!right) {
                throw new TargetException(Kind.REJECTED, "wrong password");
            }
            heard = null;
            return new ModelSession(caller, account, credential.host(), context.statementMillis());
        } catch (TargetException e) {
            heard = e.kind();
            caller.world.say("  -> " + heard);
            throw e;
        } finally {
            if (account != null) {
                caller.world.oracle.login(caller, account, value, heard);
            }
        }
    }

    /** What strikes before there is an effect. */
    static void strike(Caller caller, Fault fault) throws TargetException {
        if (fault.when() == Fault.When.BEFORE) {
            if (fault.answer() == Fault.Answer.BUG) {
                throw new IllegalArgumentException("a plugin's mistake");
            }
            if (fault.answer() == Kind.UNREACHABLE || fault.answer() == Kind.UNKNOWN) {
                caller.world.clock.advance(1_000);
            }
            throw fault.exception();
        }
    }
}
