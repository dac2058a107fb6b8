package dev.keyturn.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Calls to Secret Manager and to a target as one writes them without a framework: JDK, Jackson, the driver, and no questions asked. */
final class BareCalls {

    static final JsonMapper JSON = JsonMapper.shared();
    static final String KEY = "cdbPassword";

    private final JsonNode arguments;

    BareCalls(JsonNode arguments) {
        this.arguments = arguments;
    }

    /** A session of the account's. */
    interface Session extends AutoCloseable {

        void send(String statement) throws SQLException;

        @Override
        void close() throws SQLException;
    }

    static String newValue() {
        return "New-" + UUID.randomUUID() + "-1";
    }

    /** The address and the class of the driver are among the arguments. */
    Session login(String user, String password) throws ClassNotFoundException, SQLException {
        String address = text("address");
        if (address.startsWith("redis:")) {
            return new BareRedis(Integer.parseInt(address.substring("redis:".length())), user, password);
        }
        Class.forName(text("driver"));
        Connection connection = DriverManager.getConnection(address, user, password);
        return new Session() {
            @Override
            public void send(String statement) throws SQLException {
                try (Statement sender = connection.createStatement()) {
                    sender.execute(statement);
                }
            }

            @Override
            public void close() throws SQLException {
                connection.close();
            }
        };
    }

    String statement(String user, String from, String to) {
        return text("statement").replace("{user}", user).replace("{from}", from).replace("{to}", to);
    }

    JsonNode call(HttpClient client, String method, String what, String body) throws IOException, InterruptedException, GeneralSecurityException {
        URI uri = URI.create(text("endpoint") + "/action/v1/secrets/" + text("secretId") + "/jobs/" + text("jobToken") + "/" + what);
        String time = Long.toString(System.currentTimeMillis());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(text("secretKey").getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String signature = Base64.getEncoder().encodeToString(mac.doFinal(
                (method + " " + uri.getRawPath() + "\n" + time + "\n" + text("accessKey")).getBytes(StandardCharsets.UTF_8)));
        HttpRequest request = HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json").header("x-ncp-apigw-timestamp", time)
                .header("x-ncp-iam-access-key", text("accessKey")).header("x-ncp-apigw-signature-v2", signature).build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(what + " was answered " + response.statusCode());
        }
        return JSON.readTree(response.body()).path("data");
    }

    static ObjectNode active(JsonNode started) {
        return (ObjectNode) JSON.readTree(started.path("decryptedSecretChain").path("active").stringValue());
    }

    static String value(ObjectNode document) {
        return JSON.createObjectNode().put("value", document.toString()).toString();
    }

    private String text(String name) {
        return arguments.path(name).stringValue();
    }
}
