package dev.keyturn.testkit;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a method and a path ask for. */
record Route(Operation operation, String secretId, String jobToken) {

    private static final Pattern JOB = Pattern.compile("/action/v1/secrets/([^/]+)/jobs/([^/]+)/([^/]+)");
    private static final Pattern VALUES = Pattern.compile("/api/v1/secrets/([^/]+)/values");

    private static final Map<String, Operation> CALLS = Map.of(
            "POST start", Operation.START,
            "POST pending", Operation.ADD_PENDING,
            "PUT pending", Operation.UPDATE_PENDING,
            "POST generate-random-secret", Operation.GENERATE_RANDOM,
            "POST complete", Operation.COMPLETE,
            "POST fail", Operation.FAIL);

    /**
     * Finds the route.
     *
     * @param rawPath still percent-encoded; the ids made here need no encoding, so they are compared as they come
     * @param prefix a path under which everything is served as well; may be empty
     */
    static Route of(String method, String rawPath, String prefix) {
        String path = !prefix.isEmpty() && rawPath.startsWith(prefix + "/") ? rawPath.substring(prefix.length()) : rawPath;
        Matcher job = JOB.matcher(path);
        if (job.matches()) {
            Operation operation = CALLS.get(method + " " + job.group(3));
            if (operation != null) {
                return new Route(operation, job.group(1), job.group(2));
            }
        }
        Matcher values = VALUES.matcher(path);
        if (values.matches() && method.equals("GET")) {
            return new Route(Operation.GET_VALUES, values.group(1), "");
        }
        return new Route(Operation.UNKNOWN, "", "");
    }
}
