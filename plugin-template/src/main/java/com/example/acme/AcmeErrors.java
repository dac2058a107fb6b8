package com.example.acme;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;

/** Which answer means what. The engine goes by the kind alone, so this table is the heart of a plugin. */
final class AcmeErrors {

    private AcmeErrors() {
    }

    // TODO 4: the kinds, from the codes of your target. What is in doubt is never REJECTED, and after a change always UNKNOWN.

    /** A login changes nothing, so whatever is not about the token or the account may be put down to the network. */
    static TargetException atLogin(int status) {
        return switch (status) {
            // The one kind after which the engine tries another value, so for nothing else than a wrong token.
            case 401 -> new TargetException(Kind.REJECTED, "HTTP 401: the API does not accept this account with this token");
            case 403, 423 -> new TargetException(Kind.LOCKED, "HTTP " + status + ": the account is locked");
            case 429, 500, 502, 503, 504 -> new TargetException(Kind.UNREACHABLE, "HTTP " + status + ": the API does not answer now");
            default -> new TargetException(Kind.MISCONFIGURED, "HTTP " + status + " to a login: this is not the API",
                    "correct host and port in the secret, or the option \"" + AcmeTarget.BASE_PATH + "\"");
        };
    }

    /** Every kind but UNKNOWN states that nothing was changed and nothing will be. */
    static TargetException atChange(int status) {
        return switch (status) {
            // The login a moment ago was accepted: somebody else was faster. The API looks before it replaces.
            case 401 -> new TargetException(Kind.CONFLICT, "HTTP 401: the token was replaced since the login");
            case 403 -> new TargetException(Kind.FORBIDDEN, "HTTP 403: the account may not replace this token");
            case 404 -> new TargetException(Kind.MISCONFIGURED, "HTTP 404: the API knows no such account");
            case 400, 422 -> new TargetException(Kind.VALUE_REFUSED, "HTTP " + status + ": the API does not take this token");
            case 405 -> new TargetException(Kind.READ_ONLY, "HTTP 405: this node takes no changes");
            // A gateway says 502 and 504 also for a request that arrived, and a 500 may come late in one that took effect.
            default -> new TargetException(Kind.UNKNOWN, "HTTP " + status + " to a change: it may have happened");
        };
    }

    static TargetException notTheApi() {
        return new TargetException(Kind.NOT_PROVABLE, "the answer to the login does not come from the API: it lacks "
                + AcmeApi.INSTANCE, "take away what answers in the API's place, such as a proxy's login page");
    }
}
