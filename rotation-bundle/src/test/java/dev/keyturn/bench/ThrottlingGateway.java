package dev.keyturn.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A gateway in front of Secret Manager, as the platform has one: of the calls that arrive it lets so many a second through, up to a
 * quarter of them at once, and answers 429 to the others.
 */
final class ThrottlingGateway implements AutoCloseable {

    private static final byte[] REFUSAL = """
            {"error":{"errorCode":"410","message":"Throttle Limited","details":""}}""".getBytes(StandardCharsets.UTF_8);
    private static final List<String> HEADERS = List.of("Content-Type", "x-ncp-apigw-timestamp", "x-ncp-iam-access-key",
            "x-ncp-apigw-signature-v2", "SECRET-JOB-TOKEN");

    /** A call that arrived: when, of which secret, what for, and whether it was let through. */
    record Call(long millis, String secretId, String operation, boolean passed) {
    }

    private final URI service;
    private final long perSecond;
    private final long since = System.nanoTime();
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(threads).build();
    private final HttpServer server;
    // Guarded by this: how many calls may pass now, and as of when.
    private double credit;
    private long asOf = since;

    ThrottlingGateway(URI service, int perSecond) throws IOException {
        this.service = service;
        this.perSecond = perSecond;
        this.credit = perSecond / 4.0;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 1_000);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    private synchronized boolean passes() {
        long now = System.nanoTime();
        credit = Math.min(perSecond / 4.0, credit + perSecond * (now - asOf) / 1e9);
        asOf = now;
        if (credit < 1) {
            return false;
        }
        credit--;
        return true;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean passed = passes();
            String path = exchange.getRequestURI().getRawPath();
            calls.add(new Call(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since), path.replaceAll(".*/secrets/([^/]+)/.*", "$1"),
                    exchange.getRequestMethod() + " " + path.replaceAll(".*/", ""), passed));
            if (passed) {
                HttpResponse<byte[]> answer = forward(exchange, path, body);
                answer(exchange, answer.statusCode(), answer.body());
            } else {
                answer(exchange, 429, REFUSAL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, String path, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service + path))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        for (String name : HEADERS) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
