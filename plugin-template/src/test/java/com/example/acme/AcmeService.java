package com.example.acme;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** The API that the tests rotate: real HTTP on 127.0.0.1, accounts in memory. Yours is a server that your tests start. */
final class AcmeService implements AutoCloseable {

    private static final Pattern TOKEN = Pattern.compile("/v1/accounts/([A-Za-z0-9._-]+)/token");

    private record Account(String token, String role) {

        @Override
        public String toString() {
            return "Account[" + role + "]";
        }
    }

    private final String instance = UUID.randomUUID().toString();
    private final Map<String, Account> accounts = new HashMap<>(); // Guarded by this.
    private final HttpServer server;
    private int refused; // Guarded by this.

    private AcmeService(HttpServer server, String basePath) {
        this.server = server;
        server.createContext(basePath + "/", exchange -> {
            // Not closed here: without a body the exchange ends with this call, and closing it might be faster than the answer.
            exchange.sendResponseHeaders(answer(exchange, exchange.getRequestURI().getRawPath().substring(basePath.length())), -1);
        });
        server.start();
    }

    static AcmeService start(String basePath) throws IOException {
        return new AcmeService(HttpServer.create(loopback(), 0), basePath);
    }

    static AcmeService start(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new AcmeService(server, "");
    }

    private static InetSocketAddress loopback() throws IOException {
        return new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
    }

    int port() {
        return server.getAddress().getPort();
    }

    synchronized void put(String name, String token, String role) {
        accounts.put(name, new Account(token, role));
    }

    synchronized boolean accepts(String name, String token) {
        Account account = accounts.get(name);
        return account != null && account.token().equals(token);
    }

    synchronized int refused() {
        return refused;
    }

    /** Looks at the token and replaces it under one lock, so of two changes from the same token one is refused. */
    private synchronized int answer(HttpExchange exchange, String path) throws IOException {
        String token = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        Matcher replaces = TOKEN.matcher(path);
        boolean login = exchange.getRequestMethod().equals("POST") && path.equals("/v1/login");
        if (!login && !(exchange.getRequestMethod().equals("PUT") && replaces.matches())) {
            return 404;
        }
        String name = caller(exchange).orElse("");
        if (name.isEmpty()) {
            refused += login ? 1 : 0;
            return 401;
        }
        exchange.getResponseHeaders().set(AcmeApi.INSTANCE, instance);
        exchange.getResponseHeaders().set(AcmeApi.ROLE, accounts.get(name).role());
        return login ? 200 : replace(name, replaces.group(1), token);
    }

    private int replace(String caller, String name, String token) {
        String role = accounts.get(caller).role();
        if (role.equals("reader") || !caller.equals(name) && !role.equals("admin")) {
            return 403;
        }
        if (!accounts.containsKey(name)) {
            return 404;
        }
        if (token.isEmpty() || token.getBytes(UTF_8).length > 256 || token.chars().anyMatch(c -> c < ' ' || c > '~')) {
            return 422;
        }
        accounts.put(name, new Account(token, accounts.get(name).role()));
        return 204;
    }

    private Optional<String> caller(HttpExchange exchange) {
        String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!header.startsWith("Basic ")) {
            return Optional.empty();
        }
        String login = new String(Base64.getDecoder().decode(header.substring("Basic ".length())), UTF_8);
        int colon = login.indexOf(':');
        return Optional.of(login.substring(0, Math.max(0, colon))).filter(name -> accepts(name, login.substring(colon + 1)));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** For trying things out: an account and its token. Says its port, and runs until its standard input ends. */
    public static void main(String[] args) throws IOException {
        try (AcmeService service = start("")) {
            service.put(args[0], args[1], "writer");
            System.out.println(service.port());
            System.in.transferTo(System.err);
        }
    }
}
