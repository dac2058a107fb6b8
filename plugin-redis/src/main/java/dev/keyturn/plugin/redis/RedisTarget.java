package dev.keyturn.plugin.redis;

import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSchema;
import dev.keyturn.api.TargetSchema.Field;
import dev.keyturn.api.TargetSession;

/** The passwords of Redis and Valkey users: access lists from Redis 6 on, {@code requirepass} before. */
public final class RedisTarget implements RotationTarget {

    private static final TargetSchema SCHEMA = TargetSchema.of(
                    Field.required(Credential.HOST, "cdbHost"),
                    Field.defaulted(Credential.PORT, "6379", "cdbPort"),
                    Field.defaulted(Credential.USER, RedisSession.DEFAULT_USER, "cdbUser", "username"),
                    Field.required(Credential.PASSWORD, "cdbPassword"),
                    Field.optional("ca"))
            .withOption(RedisSession.PERSISTENCE,
                    "\"required\" (the default): a change must survive a restart of the server, else it is not made; "
                            + "\"best-effort\": it is saved where the server can save it");

    // A server reads at most 16384 bytes of one argument from a client that has not logged in yet.
    private static final PasswordRules RULES = PasswordRules.standard().withMaxBytes(16_384).withUnicode();

    /** Made by {@link java.util.ServiceLoader}. */
    public RedisTarget() {
    }

    @Override
    public String type() {
        return "redis";
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
        return RedisSession.open(credential, context);
    }
}
