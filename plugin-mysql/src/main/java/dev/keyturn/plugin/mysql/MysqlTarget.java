package dev.keyturn.plugin.mysql;

import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSchema;
import dev.keyturn.api.TargetSession;

/** Accounts of MySQL (8.0.14 and later) and MariaDB (10.4 and later). */
public final class MysqlTarget implements RotationTarget {

    static final String ACCOUNT_HOST = "accountHost";
    static final String PLAINTEXT = "plaintextInServerLog";

    /** What caching_sha2_password takes; longer ones are refused by the server. */
    private static final int MAX_BYTES = 256;

    /** Made by the engine through {@link java.util.ServiceLoader}. */
    public MysqlTarget() {
    }

    @Override
    public String type() {
        return "mysql";
    }

    @Override
    public TargetSchema schema() {
        return TargetSchema.of(
                TargetSchema.Field.required(Credential.HOST, "cdbHost"),
                TargetSchema.Field.defaulted(Credential.PORT, "3306", "cdbPort"),
                TargetSchema.Field.required(Credential.USER, "cdbUser", "username"),
                TargetSchema.Field.required(Credential.PASSWORD, "cdbPassword"),
                // Known, so that it may stand in a secret, and not used: an account belongs to the server, and a login that
                // asks for a database fails for reasons that have nothing to do with the password.
                TargetSchema.Field.optional("database", "cdbDatabase"))
                .withOption(ACCOUNT_HOST, "the host part of the account that an administrator changes, for example %;"
                        + " needed where several accounts have the name or mysql.user may not be read")
                .withOption(PLAINTEXT, "true: on a MariaDB that checks passwords (strict_password_validation), send the new one"
                        + " in clear, which that server writes into its general and slow log; default false");
    }

    @Override
    public PasswordRules passwordRules() {
        return PasswordRules.standard().withMaxBytes(MAX_BYTES).withUnicode();
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
