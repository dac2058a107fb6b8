package dev.keyturn.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

/**
 * A rotation that does it in the order of the platform's own sample: the target is changed first and the new value stored
 * afterwards. It is here to be caught: a harness that does not see it lose accounts sees nothing.
 */
final class WrongOrder {

    static final String FROM = "{from}";
    static final String TO = "{to}";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String KEY = "cdbPassword";

    private final JsonNode arguments;

    private WrongOrder(JsonNode arguments) {
        this.arguments = arguments;
    }

    /**
     * Rotates once.
     *
     * @param args the file with the arguments
     */
    public static void main(String[] args) throws Exception {
        try {
            new WrongOrder(JSON.readTree(Path.of(args[0]))).rotate();
            System.out.println("{\"job\":\"completed\"}");
        } catch (IOException | SQLException e) {
            System.out.println("{\"job\":\"unknown\"}");
            System.exit(1);
        }
    }

    private void rotate() throws Exception {
        JsonNode chain = call("POST", "start", "").path("data").path("decryptedSecretChain");
        ObjectNode document = (ObjectNode) JSON.readTree(chain.path("active").stringValue());
        String to = "New-" + UUID.randomUUID() + "-1!";
        String user = document.path("cdbUser").stringValue();
        try {
            change(user, document.path(KEY).stringValue(), to);
        } catch (IOException | SQLException e) {
            // The sample tries the other stages too, whatever the error was.
            change(user, JSON.readTree(chain.path("pending").asString("{}")).path(KEY).asString(""), to);
        }
        call("PUT", "pending", JSON.createObjectNode().put("value", document.put(KEY, to).toString()).toString());
        call("POST", "complete", "");
    }

    private void change(String user, String from, String to) throws IOException, SQLException {
        String address = text("address");
        String statement = text("statement").replace(FROM, from).replace(TO, to);
        if (address.startsWith("redis:")) {
            redis(Integer.parseInt(address.substring("redis:".length())), "AUTH " + user + " " + from, statement);
            return;
        }
        try (Connection connection = DriverManager.getConnection(address, user, from); Statement sender = connection.createStatement()) {
            sender.execute(statement);
        }
    }

    /** A line is a command too. */
    private static void redis(int port, String... commands) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port);
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            OutputStream out = socket.getOutputStream();
            for (String command : commands) {
                out.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
                if (!"+OK".equals(in.readLine())) {
                    throw new IOException("refused");
                }
            }
        }
    }

    private JsonNode call(String method, String what, String body) throws IOException, InterruptedException, GeneralSecurityException {
        URI uri = URI.create(text("endpoint") + "/action/v1/secrets/" + text("secretId") + "/jobs/" + text("jobToken") + "/" + what);
        String time = Long.toString(System.currentTimeMillis());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(text("secretKey").getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String signature = Base64.getEncoder().encodeToString(mac.doFinal(
                (method + " " + uri.getRawPath() + "\n" + time + "\n" + text("accessKey")).getBytes(StandardCharsets.UTF_8)));
        HttpRequest request = HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json").header("x-ncp-apigw-timestamp", time)
                .header("x-ncp-iam-access-key", text("accessKey")).header("x-ncp-apigw-signature-v2", signature).build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(what + " was answered " + response.statusCode());
        }
        return JSON.readTree(response.body());
    }

    private String text(String name) {
        return arguments.path(name).stringValue();
    }
}
