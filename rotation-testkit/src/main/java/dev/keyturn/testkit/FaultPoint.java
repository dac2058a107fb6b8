package dev.keyturn.testkit;

/**
 * With which calls something goes wrong, and at which moment. Made by {@link LocalSecretManager#on}; a rule comes into
 * force with {@link #beforeEffect} or {@link #afterEffect}, for calls that arrive from then on.
 *
 * <p>More than one rule may hit a call. At each of the two moments they act in the order in which they were made, up to
 * the first that ends the call.
 */
public final class FaultPoint {

    private final FaultPlan plan;
    private final Operation operation;
    private final int nth;

    FaultPoint(FaultPlan plan, Operation operation, int nth) {
        this.plan = plan;
        this.operation = operation;
        this.nth = nth;
    }

    /**
     * Only one call, counted from the moment when the rule comes into force. Without this, every call.
     *
     * <p>All calls of the operation count, also those that are refused. The JDK's HTTP client may send a GET twice
     * when its connection was closed.
     *
     * @param n 1 for the next call
     * @return the point to go on with
     */
    public FaultPoint nth(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("calls are counted from 1");
        }
        return new FaultPoint(plan, operation, n);
    }

    /**
     * The fault happens before anything else: before the headers count, and with no effect if the fault ends the call.
     *
     * @param fault what goes wrong
     */
    public void beforeEffect(Fault fault) {
        plan.add(operation, nth, true, fault);
    }

    /**
     * The fault happens after the service has done what it was asked, or has refused it, and before the answer.
     *
     * @param fault what goes wrong
     */
    public void afterEffect(Fault fault) {
        plan.add(operation, nth, false, fault);
    }
}
