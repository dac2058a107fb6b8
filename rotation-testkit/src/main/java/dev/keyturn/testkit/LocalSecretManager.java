package dev.keyturn.testkit;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A Secret Manager on this machine, for tests. It speaks the platform's rotation-job contract over HTTP on 127.0.0.1:
 * the six calls of a job and Get Secret Value, with signatures checked, jobs that have states, and a chain that shifts.
 * It is strict, and where the documentation is silent it does what its {@link Behaviour} says.
 *
 * <p>A test does by methods what the platform or its console does: makes secrets, triggers jobs, cancels them. It reads
 * what came of it from {@link #chain}, {@link #job} and {@link #calls}. {@link #on} makes calls go wrong.
 *
 * <p>Making the first one sets the system property {@code sun.net.httpserver.nodelay}, unless it is set.
 *
 * <p>Everything is kept in memory. All methods may be called from any thread. A method that takes the id of a secret
 * throws {@link NoSuchElementException} if there is none.
 */
public final class LocalSecretManager implements AutoCloseable {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final String NO_DELAY = "sun.net.httpserver.nodelay";

    private final Settings settings;
    private final JobService service;
    private final FaultPlan plan = new FaultPlan();
    private final CallLog log = new CallLog();
    private final Closing closing = new Closing();
    private final HttpServer server;
    private final Workers workers;

    static {
        // The JDK's server writes head and body apart. On Java 17 each answer would wait 40 ms between the two, for
        // the client's acknowledgement. The JDK reads this once, when the first server is made.
        if (System.getProperty(NO_DELAY) == null) {
            System.setProperty(NO_DELAY, "true");
        }
    }

    LocalSecretManager(Settings settings) {
        this.settings = settings;
        this.service = new JobService(settings.behaviour());
        try {
            InetAddress address = InetAddress.getByAddress(LOOPBACK);
            this.server = HttpServer.create(new InetSocketAddress(address, settings.port()), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on port " + settings.port() + " of 127.0.0.1", e);
        }
        this.workers = new Workers("local-secret-manager-" + server.getAddress().getPort() + "-");
        server.setExecutor(workers.executor());
        server.createContext("/", new HttpFront(settings, service, plan, log, closing));
        // Started from a daemon, the server's own thread is one too: a forgotten close() keeps no JVM alive.
        CompletableFuture.runAsync(server::start, workers.executor()).join();
    }

    /**
     * The settings to start with.
     *
     * @return a new builder
     */
    public static LocalSecretManagerBuilder builder() {
        return new LocalSecretManagerBuilder();
    }

    /**
     * The base address for callers.
     *
     * @return {@code http://127.0.0.1:<port>} and the prefix, if there is one; without a slash at the end
     */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + settings.prefix());
    }

    /**
     * The access key that callers have to send.
     *
     * @return the key
     */
    public String accessKey() {
        return settings.accessKey();
    }

    /**
     * The secret key that callers have to sign with.
     *
     * @return the key
     */
    public String secretKey() {
        return settings.secretKey();
    }

    /**
     * Makes a secret of which only the active stage is filled.
     *
     * @param active the JSON text of the active stage; not checked, so that a test may try anything
     * @param rotatingKeys the keys whose values rotate; not checked either
     * @return the secret's id
     */
    public String createSecret(String active, String... rotatingKeys) {
        return createSecret(new Chain(null, active, null), rotatingKeys);
    }

    /**
     * Makes a secret.
     *
     * @param chain its stages; not checked
     * @param rotatingKeys the keys whose values rotate; not checked
     * @return the secret's id
     */
    public String createSecret(Chain chain, String... rotatingKeys) {
        return service.create(chain, List.of(rotatingKeys));
    }

    /**
     * Issues a job, as the platform does when a secret is due or somebody asks for it. Other jobs go on.
     *
     * @param secretId the secret
     * @return the new job's token
     */
    public String trigger(String secretId) {
        return service.trigger(secretId);
    }

    /**
     * Cancels the secret's jobs that are in progress, as a person does in the console.
     *
     * @param secretId the secret
     * @throws IllegalStateException if none is
     */
    public void cancel(String secretId) {
        service.cancel(secretId);
    }

    /**
     * The stages as they are now.
     *
     * @param secretId the secret
     * @return its chain
     */
    public Chain chain(String secretId) {
        return service.chain(secretId);
    }

    /**
     * Puts other values into the stages, as a person does in the console.
     *
     * @param secretId the secret
     * @param chain its stages; not checked
     */
    public void setChain(String secretId, Chain chain) {
        service.setChain(secretId, chain);
    }

    /**
     * The secret's status.
     *
     * @param secretId the secret
     * @return whether a job is in progress
     */
    public SecretStatus status(String secretId) {
        return service.status(secretId);
    }

    /**
     * How the job ended that ended last.
     *
     * @param secretId the secret
     * @return the result; empty if no job has ended
     */
    public Optional<JobState> lastResult(String secretId) {
        return service.lastResult(secretId);
    }

    /**
     * Where a job stands.
     *
     * @param jobToken the job's token
     * @return its state
     * @throws NoSuchElementException if no job has the token
     */
    public JobState job(String jobToken) {
        return service.job(jobToken);
    }

    /**
     * All calls so far, in the order in which they arrived. A caller that has its answer finds its call ended here.
     *
     * @return a copy
     */
    public List<CallRecord> calls() {
        return log.all();
    }

    /**
     * What was asked for so far, in the order of arrival.
     *
     * @return the operation of each of the {@link #calls()}
     */
    public List<Operation> operations() {
        return log.all().stream().map(CallRecord::operation).toList();
    }

    /**
     * Begins a rule that makes calls go wrong.
     *
     * @param operation the calls that it is about
     * @return where to say which of them, and what
     */
    public FaultPoint on(Operation operation) {
        return new FaultPoint(plan, operation, FaultPlan.EVERY);
    }

    /** Drops all rules made by {@link #on}. Calls that have arrived keep theirs. */
    public void clearFaults() {
        plan.clear();
    }

    /**
     * Lets somebody know of each call before anything is done about it, faults included. The call waits until the
     * listener returns; if it throws, the connection is closed without an effect.
     *
     * @param listener called on a thread of the server, several at once for calls that come at once
     */
    public void beforeEffect(Consumer<CallRecord> listener) {
        log.beforeEffect.add(listener);
    }

    /**
     * Lets somebody know of each call when the service has done or refused it, before faults and the answer. A call that
     * a fault ended earlier is not heard of here. The call waits until the listener returns; if it throws, the
     * connection is closed.
     *
     * @param listener called on a thread of the server, several at once for calls that come at once
     */
    public void afterEffect(Consumer<CallRecord> listener) {
        log.afterEffect.add(listener);
    }

    /** Lets the command line know of each call that has ended. */
    void ended(Consumer<CallRecord> listener) {
        log.ended.add(listener);
    }

    /**
     * Stops. Calls that wait or hang are closed without an answer. When this returns none of its threads is left,
     * unless a listener ignores its interrupt for 10 seconds. What was recorded stays readable. May be repeated. Not to
     * be called from a listener.
     */
    @Override
    public void close() {
        closing.now();
        server.stop(0);
        workers.close();
    }

    /** Shows the address, no key. */
    @Override
    public String toString() {
        return "LocalSecretManager[" + endpoint() + "]";
    }
}
