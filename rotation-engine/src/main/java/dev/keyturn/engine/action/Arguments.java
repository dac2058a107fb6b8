package dev.keyturn.engine.action;

import dev.keyturn.api.PasswordRules;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Redactor;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.plugin.Plugins;
import dev.keyturn.engine.rotation.RotationRequest;
import dev.keyturn.engine.secretmanager.JobAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The arguments of a run, checked: nothing is sent anywhere before they are.
 *
 * @param address which job, and where; without the parts that the purpose does not need
 * @param accessKey NAVER Cloud access key; empty where the purpose needs none
 * @param secretKey its secret key; empty where the purpose needs none
 * @param request the rest
 */
record Arguments(JobAddress address, String accessKey, String secretKey, RotationRequest request) {

    private static final int DEFAULT_TIMEOUT_MILLIS = 60_000;
    private static final Set<String> NAMES = Set.of("secretId", "jobToken", "accessKey", "secretKey", "endpoint", "targetType", "fields",
            "generator", "password", "options", "admin", "overlap", "secondAccount", "maxRefusedLogins", "timeoutMillis", "targets");

    /** What the arguments are for, and so which of them must be there. What is there is checked in any case. */
    enum Purpose { ROTATE, READ_CHAIN, GIVEN_CHAIN }

    static Arguments of(ObjectNode tree, Purpose purpose, boolean strict, Map<String, String> environment, Plugins plugins, Redactor redactor)
            throws Failure {
        hideSecrets(tree, redactor);
        List<String> warnings = new ArrayList<>();
        ArgumentReader reader = new ArgumentReader(tree, "", strict, warnings);
        reader.onlyKnown(NAMES);
        boolean calls = purpose != Purpose.GIVEN_CHAIN;
        String secretId = id(reader, "secretId", calls, "the trigger injects it");
        String jobToken = id(reader, "jobToken", purpose == Purpose.ROTATE, "the trigger injects it, a new one for each run");
        String accessKey = key(reader, "accessKey", calls, environment.get("NCLOUD_ACCESS_KEY"));
        String secretKey = key(reader, "secretKey", calls, environment.get("NCLOUD_SECRET_KEY"));
        redactor.hide(secretKey);
        JobAddress address = new JobAddress(endpoint(reader), secretId, jobToken);
        RotationRequest.Generator generator = reader.choice("generator", RotationRequest.Generator.class, RotationRequest.Generator.LOCAL);
        int timeoutMillis = reader.integer("timeoutMillis", 1_000, 300_000, DEFAULT_TIMEOUT_MILLIS);
        int maxRefused = reader.integer("maxRefusedLogins", 1, 3, 3);

        Map<String, RotationRequest.Target> targets = new LinkedHashMap<>();
        ArgumentReader named = reader.object("targets");
        for (String key : named.names()) {
            targets.put(key, new TargetReader(named.object(key), reader, plugins).read());
        }
        // With targets, a type for the rest is needed only if the secret rotates a key that targets does not name.
        boolean needsCommon = targets.isEmpty() || reader.has("targetType");
        Optional<RotationRequest.Target> common = needsCommon ? Optional.of(new TargetReader(reader, reader, plugins).read()) : onlyPlugin(reader, plugins);
        for (RotationRequest.Target target : targets.values()) {
            checkGenerator(generator, target);
        }
        if (common.isPresent()) {
            checkGenerator(generator, common.get());
        }
        return new Arguments(address, accessKey, secretKey,
                new RotationRequest(secretId, jobToken, generator, timeoutMillis, maxRefused, common, targets, List.copyOf(warnings)));
    }

    /** The same, with what was noticed elsewhere. */
    Arguments warned(List<String> warnings) {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(request.warnings());
        return new Arguments(address, accessKey, secretKey, new RotationRequest(request.secretId(), request.jobToken(), request.generator(),
                request.timeoutMillis(), request.maxRefusedLogins(), request.common(), request.targets(), List.copyOf(all)));
    }

    private static Optional<RotationRequest.Target> onlyPlugin(ArgumentReader reader, Plugins plugins) throws Failure {
        return plugins.usable().size() == 1 ? Optional.of(new TargetReader(reader, reader, plugins).read()) : Optional.empty();
    }

    private static void checkGenerator(RotationRequest.Generator generator, RotationRequest.Target target) throws Failure {
        PasswordRules rules = target.plugin().target().passwordRules();
        Integer length = target.length();
        int wanted = length == null ? rules.length() : length;
        if (generator == RotationRequest.Generator.SERVICE && (wanted < 5 || wanted > 32)) {
            throw new Failure(ErrorCode.ARGUMENT_WRONG, Step.ARGUMENTS,
                    "argument \"generator\": Secret Manager makes values of 5 to 32 characters, not " + wanted);
        }
    }

    private static String id(ArgumentReader reader, String name, boolean needed, String whence) throws Failure {
        if (!needed && !reader.has(name)) {
            return "";
        }
        String id = reader.text(name).orElseThrow(() -> new Failure(ErrorCode.ARGUMENT_MISSING, Step.ARGUMENTS,
                "argument \"" + name + "\" is missing; " + whence));
        if (!JobAddress.isId(id)) {
            throw reader.wrong(name, "letters, digits, '-', '_', '.' and '~' without \"..\"");
        }
        return id;
    }

    private static String key(ArgumentReader reader, String name, boolean needed, @Nullable String fallback) throws Failure {
        Optional<String> key = reader.text(name).or(() -> Optional.ofNullable(fallback)).filter(text -> !text.isEmpty());
        if (key.isEmpty() && !needed) {
            return "";
        }
        if (key.isEmpty()) {
            throw new Failure(ErrorCode.ARGUMENT_MISSING, Step.ARGUMENTS, "argument \"" + name + "\" is missing",
                    "set it as a default parameter of the action, encrypted; in a shell, the environment can hold it");
        }
        if (!key.get().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw reader.wrong(name, "printable ASCII without spaces");
        }
        return key.get();
    }

    private static URI endpoint(ArgumentReader reader) throws Failure {
        String text = reader.text("endpoint").orElse(JobAddress.DEFAULT_ENDPOINT.toString());
        String expectation = "https://host[/path], or http:// on loopback";
        try {
            URI uri = new URI(text.replaceAll("/+$", ""));
            String host = uri.getHost();
            boolean plain = uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null
                    && host != null && uri.normalize().equals(uri);
            boolean loopback = host != null && (host.equals("localhost") || host.startsWith("127.") && host.matches("[0-9.]+") || host.equals("[::1]"));
            if (plain && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()) && loopback)) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw reader.wrong("endpoint", expectation);
        }
        throw reader.wrong("endpoint", expectation);
    }

    /** Before anything can go wrong, and wherever they stand: an error message may quote a name, never these. */
    private static void hideSecrets(ObjectNode tree, Redactor redactor) {
        List<JsonNode> secrets = new ArrayList<>(List.of(tree.path("secretKey"), tree.path("jobToken"), tree.path("admin").path("password"),
                tree.path("secondAccount").path("password")));
        tree.path("targets").forEach(target -> {
            secrets.add(target.path("admin").path("password"));
            secrets.add(target.path("secondAccount").path("password"));
        });
        secrets.stream().filter(JsonNode::isString).map(JsonNode::stringValue).forEach(redactor::hide);
    }

    /** Shows neither key. */
    @Override
    public String toString() {
        return "Arguments[" + address + "]";
    }
}
