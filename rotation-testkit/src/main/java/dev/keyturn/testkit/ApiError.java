package dev.keyturn.testkit;

import java.util.Arrays;

/** The errors that the platform documents. Those of the gateway in front of the service have numbers as codes. */
enum ApiError {
    INVALID_REQUEST(400, "INVALID_REQUEST", "Invalid request"),
    AUTHENTICATION_FAILED(401, "200", "Authentication Failed"),
    FORBIDDEN(403, "FORBIDDEN", "Forbidden"),
    NOT_FOUND(404, "NOT_FOUND", "Not found"),
    TOO_LARGE(413, "430", "Request Entity Too Large"),
    WRONG_STATE(422, "UNPROCESSABLE_ENTITY", "Invalid status"),
    THROTTLED(429, "410", "Throttle Limited"),
    INTERNAL(500, "INTERNAL_SERVER_ERROR", "Server internal error"),
    ENDPOINT_ERROR(503, "500", "Endpoint Error"),
    ENDPOINT_TIMEOUT(504, "510", "Endpoint Timeout"),
    // These share a status with an error above, so they stand last: of(status) takes the first.
    URL_NOT_FOUND(404, "300", "Not Found Exception"),
    UNEXPECTED(500, "900", "Unexpected Error");

    final int status;
    final String code;
    final String message;

    ApiError(int status, String code, String message) {
        this.status = status;
        this.code = code;
        this.message = message;
    }

    /** The error that usually comes with a status; for a status without one, the gateway's "unexpected". */
    static ApiError of(int status) {
        return Arrays.stream(values()).filter(error -> error.status == status).findFirst().orElse(UNEXPECTED);
    }

    boolean ofGateway() {
        return Character.isDigit(code.charAt(0));
    }
}
