package dev.keyturn.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes HTTP requests, lets go wrong what shall go wrong, and asks the service. */
final class HttpFront implements HttpHandler {

    private static final System.Logger LOG = System.getLogger(HttpFront.class.getName());
    private static final int CHUNKED_FROM = 1024 * 1024;
    // A body that is too large is still read up to here: a client that cannot finish sending never sees the answer.
    private static final int MAX_DISCARDED = 16 * 1024 * 1024;

    private final Settings settings;
    private final Gate gate;
    private final JobService service;
    private final FaultPlan plan;
    private final CallLog log;
    private final Closing closing;

    HttpFront(Settings settings, JobService service, FaultPlan plan, CallLog log, Closing closing) {
        this.settings = settings;
        this.gate = new Gate(settings.accessKey(), settings.secretKey(), settings.clock());
        this.service = service;
        this.plan = plan;
        this.log = log;
        this.closing = closing;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = body(exchange.getRequestBody());
            URI uri = exchange.getRequestURI();
            Route route = Route.of(exchange.getRequestMethod(), uri.getRawPath(), settings.prefix());
            CallLog.Entry entry = log.open(record(exchange, route, body == null ? "" : body));
            try {
                Reply reply = answer(route, body, plan.arrived(route.operation()), entry);
                entry.end(reply.status());
                send(exchange, reply);
            } catch (Cut e) {
                LOG.log(System.Logger.Level.DEBUG, "connection closed: {0}", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "connection closed: a listener or the server itself threw", e);
            } finally {
                entry.end(CallRecord.CLOSED);
            }
        }
    }

    private Reply answer(Route route, @Nullable String body, FaultPlan.Due due, CallLog.Entry entry)
            throws Cut, InterruptedException {
        entry.tell(log.beforeEffect);
        Reply instead = happen(due.before());
        if (instead != null) {
            return instead;
        }
        Reply reply = perform(route, body, entry);
        entry.tell(log.afterEffect);
        instead = happen(due.after());
        return instead != null ? instead : reply;
    }

    private Reply perform(Route route, @Nullable String body, CallLog.Entry entry) {
        Behaviour behaviour = settings.behaviour();
        if (route.operation() == Operation.UNKNOWN) {
            return Reply.error(ApiError.URL_NOT_FOUND, "URL not found.", behaviour);
        }
        if (!entry.now().headersOk()) {
            return Reply.error(ApiError.AUTHENTICATION_FAILED, "Invalid authentication information.", behaviour);
        }
        if (body == null) {
            return Reply.error(ApiError.TOO_LARGE, "The body is too large.", behaviour);
        }
        try {
            Reply reply = Reply.success(service.perform(route, body), behaviour);
            entry.effect();
            return reply;
        } catch (Refusal e) {
            return Reply.error(e.error, e.details, behaviour);
        }
    }

    private @Nullable Reply happen(List<Fault> faults) throws Cut, InterruptedException {
        for (Fault fault : faults) {
            Reply instead = fault.happen(settings.behaviour(), closing);
            if (instead != null) {
                return instead;
            }
        }
        return null;
    }

    private CallRecord record(HttpExchange exchange, Route route, String body) {
        String method = exchange.getRequestMethod();
        URI uri = exchange.getRequestURI();
        String path = uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
        return new CallRecord(route.operation(), method, path, route.secretId(), route.jobToken(), body,
                gate.problem(method, path, exchange.getRequestHeaders()),
                Gate.tokenHeader(route.jobToken(), exchange.getRequestHeaders()), false, CallRecord.OPEN);
    }

    /** Reads all; null if that is more than the limit. */
    private @Nullable String body(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(settings.maxBodyBytes() + 1);
        if (bytes.length <= settings.maxBodyBytes()) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        byte[] waste = new byte[64 * 1024];
        for (int discarded = 0, read = 0; read >= 0 && discarded < MAX_DISCARDED; discarded += read) {
            read = in.read(waste);
        }
        return null;
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        if (reply.location() != null) {
            exchange.getResponseHeaders().set("Location", reply.location().toString());
        }
        if (bytes.length == 0 || exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(reply.status(), bytes.length > CHUNKED_FROM ? 0 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
