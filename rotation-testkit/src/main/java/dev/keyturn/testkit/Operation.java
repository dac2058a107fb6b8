package dev.keyturn.testkit;

/** What a call asks for. */
public enum Operation {
    /** Start Rotation Job, {@code POST …/start}: tells the chain and the rotating keys. */
    START,
    /** Add Pending Stage, {@code POST …/pending}: the service makes the pending value. */
    ADD_PENDING,
    /** Update Pending Stage, {@code PUT …/pending}: the caller brings the pending value. */
    UPDATE_PENDING,
    /** Generate Random Secret, {@code POST …/generate-random-secret}: makes a text and stores nothing. */
    GENERATE_RANDOM,
    /** Complete Rotation Job, {@code POST …/complete}: the chain shifts. */
    COMPLETE,
    /** Fail Rotation Job, {@code POST …/fail}. */
    FAIL,
    /** Get Secret Value, {@code GET /api/v1/secrets/{secretId}/values}: tells the chain, outside of any job. */
    GET_VALUES,
    /** A method and path that the platform does not have. Always answered with 404. */
    UNKNOWN
}
