package dev.keyturn.testkit;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can go wrong with a call. Where it goes wrong, and with which call, says a {@link FaultPoint}.
 *
 * <p>All but {@link #delay} end the call. Immutable; may be used in any number of rules.
 */
public final class Fault {

    private static final int OVERSIZE = 1024 * 1024 + 1;

    private final String name;
    private final Act act;

    private Fault(String name, Act act) {
        this.name = name;
        this.act = act;
    }

    /**
     * The connection is closed without an answer.
     *
     * @return the fault
     */
    public static Fault close() {
        return new Fault("close", (behaviour, closing) -> {
            throw new Cut("told to close");
        });
    }

    /**
     * Nothing is answered, and the connection stays open until the server closes.
     *
     * @return the fault
     */
    public static Fault hang() {
        return new Fault("hang", (behaviour, closing) -> {
            closing.await();
            return null;
        });
    }

    /**
     * The call takes longer. If the server closes meanwhile, the connection is closed without an answer.
     *
     * @param duration how much longer, in whole milliseconds
     * @return the fault
     */
    public static Fault delay(Duration duration) {
        return new Fault("delay of " + duration.toMillis() + " ms", (behaviour, closing) -> {
            closing.pause(duration);
            return null;
        });
    }

    /**
     * An error is answered, in the envelope and with the code that the platform documents for the status. For a status
     * that it does not document the code is 900, "Unexpected Error".
     *
     * @param status 400 to 599
     * @return the fault
     */
    public static Fault status(int status) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("not the status of an error: " + status);
        }
        return new Fault("status " + status, (behaviour, closing) ->
                Reply.error(status, ApiError.of(status), "The local Secret Manager was told to.", behaviour));
    }

    /**
     * The answer is 200 and calls itself JSON, but its body is none.
     *
     * @return the fault
     */
    public static Fault garbage() {
        return replying("garbage", Reply.json(200, "{\"code\":\"SUCC\u0000 not JSON <<<"));
    }

    /**
     * The answer is 502 with a page of HTML, as a proxy on the way makes it.
     *
     * @return the fault
     */
    public static Fault htmlPage() {
        return replying("HTML page", Reply.of(502, "text/html;charset=UTF-8",
                "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>"));
    }

    /**
     * The answer is 302 and sends the caller elsewhere. A caller that follows takes its signature along.
     *
     * @param location where to
     * @return the fault
     */
    public static Fault redirectTo(URI location) {
        return replying("redirect to " + location, new Reply(302, "text/plain", "", location));
    }

    /**
     * The answer is 200 with a right envelope that is longer than 1 MiB. Its length is not announced.
     *
     * @return the fault
     */
    public static Fault oversize() {
        return new Fault("oversize reply", (behaviour, closing) -> Reply.json(200,
                "{\"code\":\"SUCCESS\",\"data\":null,\"padding\":\"" + "x".repeat(OVERSIZE) + "\"}"));
    }

    /**
     * The answer is 200 without a body.
     *
     * @return the fault
     */
    public static Fault emptyBody() {
        return replying("empty body", Reply.json(200, ""));
    }

    private static Fault replying(String name, Reply reply) {
        return new Fault(name, (behaviour, closing) -> reply);
    }

    /** Lets it happen: returns the answer to give, or null to go on as if nothing had been. */
    @Nullable Reply happen(Behaviour behaviour, Closing closing) throws Cut, InterruptedException {
        return act.happen(behaviour, closing);
    }

    /** Names what goes wrong. */
    @Override
    public String toString() {
        return name;
    }

    private interface Act {
        @Nullable Reply happen(Behaviour behaviour, Closing closing) throws Cut, InterruptedException;
    }
}
