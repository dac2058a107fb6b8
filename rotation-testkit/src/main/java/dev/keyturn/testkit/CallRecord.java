package dev.keyturn.testkit;

/**
 * One call as the local Secret Manager saw it, at the moment when the record was taken.
 *
 * @param operation what was asked for
 * @param method the HTTP method
 * @param path the path and query as sent; they were signed in this form
 * @param secretId the secret that the path names; empty if the operation is {@link Operation#UNKNOWN}
 * @param jobToken the job token that the path names; empty if the operation has none
 * @param body the request's body; empty if there was none or it was too large
 * @param headerProblem what was wrong with the three headers that authenticate, for a person to read; empty if nothing was
 * @param tokenHeader what the header {@code SECRET-JOB-TOKEN} said; nothing depends on it
 * @param effect whether the service accepted the call and carried it out
 * @param status the HTTP status that was answered, {@link #OPEN}, or {@link #CLOSED}
 */
public record CallRecord(Operation operation, String method, String path, String secretId, String jobToken, String body,
        String headerProblem, TokenHeader tokenHeader, boolean effect, int status) {

    /** The {@link #status()} of a call that has no answer yet. */
    public static final int OPEN = -1;
    /** The {@link #status()} of a call whose connection was closed without an answer. */
    public static final int CLOSED = 0;

    /** What the header {@code SECRET-JOB-TOKEN} said. The platform's sample sends it; its reference does not name it. */
    public enum TokenHeader {
        /** It was not sent. */
        ABSENT,
        /** It was the token of the path. */
        MATCHES,
        /** It was something else. */
        DIFFERS
    }

    /**
     * Whether the call was authenticated.
     *
     * @return true if timestamp, access key and signature were right
     */
    public boolean headersOk() {
        return headerProblem.isEmpty();
    }

    /**
     * How the call ended, in one word.
     *
     * @return the HTTP status, {@code closed} or {@code open}
     */
    public String answer() {
        return switch (status) {
            case OPEN -> "open";
            case CLOSED -> "closed";
            default -> Integer.toString(status);
        };
    }

    CallRecord withEffect() {
        return new CallRecord(operation, method, path, secretId, jobToken, body, headerProblem, tokenHeader, true, status);
    }

    CallRecord withStatus(int ended) {
        return new CallRecord(operation, method, path, secretId, jobToken, body, headerProblem, tokenHeader, effect, ended);
    }

    /** Shows no body, and of the job token its first 8 characters. The path is left out because it holds the token. */
    @Override
    public String toString() {
        return operation + " " + method + " secret=" + secretId
                + " job=" + (jobToken.length() > 8 ? jobToken.substring(0, 8) + "…" : jobToken)
                + " bodyChars=" + body.length() + " effect=" + effect + " answer=" + answer()
                + (headersOk() ? "" : " headers: " + headerProblem);
    }
}
