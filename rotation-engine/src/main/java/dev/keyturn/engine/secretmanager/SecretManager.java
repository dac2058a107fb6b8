package dev.keyturn.engine.secretmanager;

import tools.jackson.databind.node.ObjectNode;

/**
 * The calls of one rotation job. Each makes one try, blocks at most the given time, and never throws for what the other side
 * did: what is known of the outcome is in the {@link Reply}.
 *
 * <p>Contract: NAVER Cloud's API guide, "Secret Rotate Process Control" (six calls) and "Get Secret Value".
 */
public interface SecretManager extends AutoCloseable {

    /**
     * Start Rotation Job: the secret is "in progress" from now on.
     *
     * @param limitMillis how long to wait
     * @return the chain and the rotating keys
     */
    Reply start(long limitMillis);

    /**
     * Add Pending Stage: Secret Manager makes a value by itself and stores it.
     *
     * @param limitMillis how long to wait
     * @return {@code pending}: the whole document as text
     */
    Reply addPending(long limitMillis);

    /**
     * Update Pending Stage: stores this document.
     *
     * @param document the whole secret
     * @param limitMillis how long to wait
     * @return {@code pending}: the whole document as text
     */
    Reply updatePending(ObjectNode document, long limitMillis);

    /**
     * Generate Random Secret.
     *
     * @param wish the documented fields of the request
     * @param limitMillis how long to wait
     * @return {@code randomString}
     */
    Reply random(ObjectNode wish, long limitMillis);

    /**
     * Complete Rotation Job: pending becomes active, active becomes previous.
     *
     * @param limitMillis how long to wait
     * @return nothing of use
     */
    Reply complete(long limitMillis);

    /**
     * Fail Rotation Job.
     *
     * @param limitMillis how long to wait
     * @return nothing of use
     */
    Reply fail(long limitMillis);

    /**
     * Get Secret Value: reads the chain and changes nothing. Not part of the job; the key may lack the right.
     *
     * @param limitMillis how long to wait
     * @return the chain and the rotating keys
     */
    Reply read(long limitMillis);

    /** Lets connections go. */
    @Override
    void close();
}
