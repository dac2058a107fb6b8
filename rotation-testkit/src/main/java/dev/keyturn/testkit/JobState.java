package dev.keyturn.testkit;

/** Where a rotation job stands. */
public enum JobState {
    /** Triggered; nobody called start. */
    NEW,
    /** Started. The only state in which pending can be written, and the job completed or failed. */
    IN_PROGRESS,
    /** Completed: the chain has shifted. */
    COMPLETED,
    /** Ended by the fail call. */
    FAILED,
    /** Ended by {@link LocalSecretManager#cancel}. */
    CANCELLED
}
