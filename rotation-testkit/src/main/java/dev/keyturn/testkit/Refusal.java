package dev.keyturn.testkit;

/** The service refuses a call; nothing has changed. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1;

    final ApiError error;
    final String details;

    /** @param details for a person; holds no value of a secret */
    Refusal(ApiError error, String details) {
        super(error + ": " + details, null, false, false);
        this.error = error;
        this.details = details;
    }
}
