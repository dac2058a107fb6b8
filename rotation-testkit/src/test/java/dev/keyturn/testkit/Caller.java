package dev.keyturn.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the tests: signs as documented, and lets a test spoil anything. */
final class Caller {

    static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final LocalSecretManager manager;

    Caller(LocalSecretManager manager) {
        this.manager = manager;
    }

    static String job(String secretId, String jobToken, String call) {
        return "/action/v1/secrets/" + secretId + "/jobs/" + jobToken + "/" + call;
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, body);
    }

    HttpResponse<String> put(String path, String value) throws IOException, InterruptedException {
        return send("PUT", path, JSON.writeValueAsString(JSON.createObjectNode().put("value", value)));
    }

    HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        return send(method, path, body, signed(method, path, System.currentTimeMillis()));
    }

    HttpResponse<String> send(String method, String path, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        return client.send(request(method, path, body, headers), BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> sendLater(String method, String path) {
        return client.sendAsync(request(method, path, "", signed(method, path, System.currentTimeMillis())),
                BodyHandlers.ofString());
    }

    /** The three headers, signed over the path as the server gets it. */
    Map<String, String> signed(String method, String path, long timestamp) {
        Map<String, String> headers = new LinkedHashMap<>();
        String time = Long.toString(timestamp);
        headers.put(Gate.TIMESTAMP, time);
        headers.put(Gate.ACCESS_KEY, manager.accessKey());
        headers.put(Gate.SIGNATURE, SignatureV2.sign(method, path, time, manager.accessKey(), manager.secretKey()));
        return headers;
    }

    private HttpRequest request(String method, String path, String body, Map<String, String> headers) {
        URI uri = URI.create("http://127.0.0.1:" + manager.endpoint().getPort() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return request.build();
    }

    static JsonNode data(HttpResponse<String> response) {
        JsonNode envelope = JSON.readTree(response.body());
        if (response.statusCode() != 200 || !envelope.path("code").asString("").equals("SUCCESS")) {
            throw new AssertionError("no success: " + response.statusCode() + " " + response.body());
        }
        return envelope.get("data");
    }

    /** Status and code of a refusal, such as {@code 422 UNPROCESSABLE_ENTITY}. */
    static String refusal(HttpResponse<String> response) {
        JsonNode error = JSON.readTree(response.body()).path("error");
        if (!error.path("message").isString() || !error.path("details").isString()) {
            throw new AssertionError("no error envelope: " + response.body());
        }
        return response.statusCode() + " " + error.path("errorCode").asString();
    }
}
