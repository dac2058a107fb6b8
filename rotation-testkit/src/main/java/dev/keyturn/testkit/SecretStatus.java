package dev.keyturn.testkit;

/** The status of a secret, by the platform's names. */
public enum SecretStatus {
    /** No job is in progress. */
    ENABLE,
    /** At least one job is in progress. */
    ROTATING
}
