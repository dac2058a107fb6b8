package com.example.acme;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;

/** What a login found out. HTTP has no sessions: every request carries the token that was proven by the login. */
final class AcmeSession implements TargetSession {

    private final AcmeApi api;
    private final String user;
    private final String instance;
    private final String role;

    AcmeSession(AcmeApi api, String user, String instance, String role) {
        this.api = api;
        this.user = user;
        this.instance = instance;
        this.role = role;
    }

    /** The account, and the name that the installation gives itself. */
    @Override
    public String identity() {
        return user + "@" + instance;
    }

    /** Better refused here, where nothing has happened yet, than at the change. */
    @Override
    public Survey survey(Credential account) throws TargetException {
        boolean own = user.equals(account.user());
        if (role.equals("reader") || !own && !role.equals("admin")) {
            throw new TargetException(Kind.FORBIDDEN, "an account of the role \"" + (role.equals("reader") ? "reader" : "writer")
                    + "\" may not replace this token", "give the account the role \"writer\", or pass an administrator in \"admin\"");
        }
        return Survey.empty();
    }

    /**
     * The API looks at the token and replaces it in one step. So a change of a session that was overtaken is refused, and one
     * whose reply was lost can be repeated.
     */
    @Override
    public void change(Change change) throws TargetException {
        if (change.finishes()) {
            // The value is live already, and this API leaves nothing half done.
            return;
        }
        int status = api.replaceToken(change.to()).status();
        if (status != 204) {
            throw AcmeErrors.atChange(status);
        }
    }

    @Override
    public void close() {
        // Every request had a connection of its own, which is closed.
    }
}
