package dev.keyturn.bench;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSchema;
import dev.keyturn.api.TargetSession;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Accounts in memory: a login is a comparison, a change an assignment. What is left is what the engine costs. */
final class MemoryTarget implements RotationTarget {

    private final Map<String, String> passwords = new ConcurrentHashMap<>();

    void create(String user, String password) {
        passwords.put(user, password);
    }

    @Override
    public String type() {
        return "memory";
    }

    @Override
    public TargetSchema schema() {
        return TargetSchema.of(TargetSchema.Field.required(Credential.USER), TargetSchema.Field.required(Credential.PASSWORD));
    }

    @Override
    public PasswordRules passwordRules() {
        return PasswordRules.standard();
    }

    @Override
    public TargetSession open(Credential credential, TargetContext context) throws TargetException {
        String user = credential.text(Credential.USER);
        if (!credential.password().equals(passwords.get(user))) {
            throw new TargetException(Kind.REJECTED, "another password");
        }
        return new TargetSession() {
            @Override
            public void change(Change change) throws TargetException {
                if (!passwords.replace(user, change.from().orElseThrow().password(), change.to().password())) {
                    throw new TargetException(Kind.CONFLICT, "another password by now");
                }
            }

            @Override
            public String identity() {
                return user;
            }

            @Override
            public void close() {
            }
        };
    }
}
