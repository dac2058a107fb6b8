package dev.keyturn.plugin.postgresql;

import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSchema;
import dev.keyturn.api.TargetSchema.Field;
import dev.keyturn.api.TargetSession;

/**
 * PostgreSQL 10 and later: a role's password, changed by the role itself or by an administrator.
 *
 * <p>The server is given a verifier that is computed here; the password itself never leaves this process.
 */
public final class PostgresqlTarget implements RotationTarget {

    /** The name of the field with the database to log in to; any database will do, the role is the server's. */
    static final String DATABASE = "database";

    private static final TargetSchema SCHEMA = TargetSchema.of(
            Field.required(Credential.HOST, "cdbHost"),
            Field.defaulted(Credential.PORT, "5432", "cdbPort"),
            Field.required(Credential.USER, "username", "cdbUser"),
            Field.required(Credential.PASSWORD, "cdbPassword"),
            Field.defaulted(DATABASE, "postgres", "cdbDatabase"));

    // The server holds a verifier of fixed size; the bound is there for the clients, which have limits of their own.
    private static final PasswordRules RULES = PasswordRules.standard().withUnicode().withMaxBytes(1_000);

    /** For {@link java.util.ServiceLoader}. */
    public PostgresqlTarget() {
    }

    @Override
    public String type() {
        return "postgresql";
    }

    @Override
    public TargetSchema schema() {
        return SCHEMA;
    }

    @Override
    public PasswordRules passwordRules() {
        return RULES;
    }

    @Override
    public boolean connectsAhead() {
        return true;
    }

    @Override
    public TargetSession open(Credential credential, TargetContext context) throws TargetException {
        return Login.open(credential, context);
    }
}
