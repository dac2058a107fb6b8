package dev.keyturn.engine.secretmanager;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Secret Manager over HTTP. */
public final class HttpSecretManager implements SecretManager {

    private static final int MAX_REPLY_BYTES = 1 << 20;
    private static final long CONNECT_MILLIS = 5_000;

    // The JDK's client writes addresses, and with them the job token, to its debug log as soon as a host turns everything on.
    // Kept in a field, because the level is forgotten with the logger.
    private static final Logger CLIENT_DEBUG = Logger.getLogger("jdk.internal.httpclient.debug");

    static {
        CLIENT_DEBUG.setLevel(Level.OFF);
    }

    private final JobAddress address;
    private final String accessKey;
    private final String secretKey;
    private final ExecutorService threads;
    private final HttpClient client;

    /**
     * A client for one job.
     *
     * @param address which job, and where
     * @param accessKey NAVER Cloud access key
     * @param secretKey its secret key
     */
    public HttpSecretManager(JobAddress address, String accessKey, String secretKey) {
        this.address = address;
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "keyturn-http");
            thread.setDaemon(true);
            return thread;
        });
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofMillis(CONNECT_MILLIS))
                .executor(threads)
                .build();
    }

    @Override
    public Reply start(long limitMillis) {
        return call("POST", address.job("start"), null, limitMillis);
    }

    @Override
    public Reply addPending(long limitMillis) {
        return call("POST", address.job("pending"), null, limitMillis);
    }

    @Override
    public Reply updatePending(ObjectNode document, long limitMillis) {
        ObjectNode body = Json.object();
        body.put("value", Json.text(document));
        return call("PUT", address.job("pending"), body, limitMillis);
    }

    @Override
    public Reply random(ObjectNode wish, long limitMillis) {
        return call("POST", address.job("generate-random-secret"), wish, limitMillis);
    }

    @Override
    public Reply complete(long limitMillis) {
        return call("POST", address.job("complete"), null, limitMillis);
    }

    @Override
    public Reply fail(long limitMillis) {
        return call("POST", address.job("fail"), null, limitMillis);
    }

    @Override
    public Reply read(long limitMillis) {
        return call("GET", address.values(), null, limitMillis);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** One try, signed with the time of this try. */
    private Reply call(String method, URI uri, @Nullable JsonNode body, long limitMillis) {
        long millis = Math.max(1, limitMillis);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        HttpRequest request = signed(method, uri, body, millis);
        HttpResponse<LimitedBody> response;
        byte[] bytes;
        try {
            // Not sendAsync: it hands each call over to two more threads, which takes longer than the engine's own work.
            response = client.send(request, head -> new LimitedBody(MAX_REPLY_BYTES));
            // The request's own limit ends with the reply's headers, and a body may hang too.
            bytes = response.body().await(end - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply.Unclear("interrupted while waiting for the reply");
        } catch (IOException e) {
            return failed(e, millis);
        } catch (RuntimeException e) {
            // The client's own, for headers that make no sense to it.
            return new Reply.Unclear("what came is no HTTP reply (" + e.getClass().getSimpleName() + ")");
        }
        return reply(response.statusCode(), new String(bytes, StandardCharsets.UTF_8));
    }

    private HttpRequest signed(String method, URI uri, @Nullable JsonNode body, long millis) {
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String timestamp = Long.toString(System.currentTimeMillis());
        BodyPublisher publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(Json.text(body));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, publisher)
                .timeout(Duration.ofMillis(millis))
                .header("Content-Type", "application/json")
                .header("x-ncp-apigw-timestamp", timestamp)
                .header("x-ncp-iam-access-key", accessKey)
                .header("x-ncp-apigw-signature-v2",
                        Signature.of(method, uri.getRawPath() + query, timestamp, accessKey, secretKey));
        if (!address.jobToken().isEmpty()) {
            // The guide's sample sends it, no API page names it.
            request.header("SECRET-JOB-TOKEN", address.jobToken());
        }
        return request.build();
    }

    /** What an HTTP answer means; the body is read and never repeated. */
    static Reply reply(int status, String body) {
        Optional<JsonNode> json = Json.parse(body);
        String code = json.map(tree -> tree.path("error").path("errorCode"))
                .filter(JsonNode::isValueNode).map(JsonNode::asString).filter(text -> text.matches("[A-Za-z0-9_]{1,40}"))
                .orElse("");
        String what = "HTTP " + status + (code.isEmpty() ? "" : ", code " + code);
        if (status == 429) {
            return new Reply.Throttled(what);
        }
        if (status >= 400 && status < 500 && status != 408) {
            return new Reply.Refused(status, code, what + meaning(status, code));
        }
        if (status >= 200 && status < 300 && json.isPresent()
                && json.get().path("code").isString() && json.get().path("code").stringValue().equals("SUCCESS")) {
            return new Reply.Success(json.get().path("data"));
        }
        if (status >= 300 && status < 400) {
            return new Reply.Unclear(what + ", a redirect, which is never followed");
        }
        return new Reply.Unclear(status >= 200 && status < 300 ? what + " with a body that is not the documented one" : what);
    }

    private static String meaning(int status, String code) {
        if (status == 401 || code.equals("200")) {
            return " (key or signature not accepted)";
        }
        return switch (status) {
            case 403 -> " (the key lacks the right)";
            case 404 -> " (no such secret or job at this endpoint)";
            case 422 -> " (the job or the secret is not in a state that allows this)";
            default -> "";
        };
    }

    /** A request that never left is known not to be done; after that nothing is. */
    private static Reply failed(IOException failure, long millis) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof HttpConnectTimeoutException) {
                return new Reply.NotDone("no connection within " + Math.min(millis, CONNECT_MILLIS) + " ms");
            }
            if (t instanceof HttpTimeoutException) {
                return new Reply.Unclear("no reply within " + millis + " ms");
            }
            if (t instanceof ConnectException || t instanceof UnresolvedAddressException) {
                return new Reply.NotDone("no connection (" + t.getClass().getSimpleName() + ")");
            }
            if (t instanceof SSLHandshakeException) {
                return new Reply.NotDone("no TLS connection: the certificate is not trusted, or no common protocol");
            }
            if (t instanceof LimitedBody.TooLarge) {
                return new Reply.Unclear("a reply of more than 1 MiB");
            }
        }
        return new Reply.Unclear("the connection broke (" + failure.getClass().getSimpleName() + ")");
    }

    /** Shows neither key. */
    @Override
    public String toString() {
        return "HttpSecretManager[" + address + "]";
    }
}
