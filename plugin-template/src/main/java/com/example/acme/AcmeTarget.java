package com.example.acme;

import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSchema;
import dev.keyturn.api.TargetSchema.Field;
import dev.keyturn.api.TargetSession;

/**
 * Acme's HTTP API, where an account has one token. The account replaces it itself, or an administrator does.
 *
 * <p>An instance keeps nothing: the engine may use one for several rotations at the same time.
 */
public final class AcmeTarget implements RotationTarget {

    /** The name of the option with what stands before {@code /v1} in the API's addresses. */
    static final String BASE_PATH = "basePath";

    // TODO 1: which fields of a secret are read, under which other names people store them, and what a value may look like.
    private static final TargetSchema SCHEMA = TargetSchema.of(
            Field.required(Credential.HOST, "apiHost"),
            Field.defaulted(Credential.PORT, "443", "apiPort"),
            Field.required(Credential.USER, "account"),
            Field.required(Credential.PASSWORD, "token", "apiToken"))
            .withOption(BASE_PATH, "what stands before /v1 in the addresses of the API, for example /acme; default: nothing");

    // What is made is longer than a person's password; what is held is what the API's manual says.
    private static final PasswordRules RULES = PasswordRules.standard().withLengths(16, 32, 64).withMaxBytes(256);

    /** For {@link java.util.ServiceLoader}. */
    public AcmeTarget() {
    }

    @Override
    public String type() {
        return "acme";
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
    public TargetSession open(Credential credential, TargetContext context) throws TargetException {
        AcmeApi api = AcmeApi.of(credential, context);
        AcmeApi.Reply reply = api.login();
        if (reply.status() != 200) {
            throw AcmeErrors.atLogin(reply.status());
        }
        // Something in between that says yes to everything does not know this header.
        String instance = reply.instance().orElseThrow(AcmeErrors::notTheApi);
        return new AcmeSession(api, credential.user(), instance, reply.role().orElse(""));
    }
}
