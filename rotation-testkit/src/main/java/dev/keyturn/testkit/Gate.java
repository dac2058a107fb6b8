package dev.keyturn.testkit;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks who calls, as the platform's gateway does. */
final class Gate {

    static final String TIMESTAMP = "x-ncp-apigw-timestamp";
    static final String ACCESS_KEY = "x-ncp-iam-access-key";
    static final String SIGNATURE = "x-ncp-apigw-signature-v2";
    static final String TOKEN = "SECRET-JOB-TOKEN";

    private static final Duration MAX_SKEW = Duration.ofMinutes(5);

    private final String accessKey;
    private final String secretKey;
    private final Clock clock;

    Gate(String accessKey, String secretKey, Clock clock) {
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.clock = clock;
    }

    /** What is wrong, for the record of calls; empty if nothing is. The caller itself is not told, as on the platform. */
    String problem(String method, String pathAndQuery, Headers headers) {
        String timestamp = only(headers, TIMESTAMP);
        String key = only(headers, ACCESS_KEY);
        String signature = only(headers, SIGNATURE);
        if (timestamp == null || key == null || signature == null) {
            return "not exactly one each of " + TIMESTAMP + ", " + ACCESS_KEY + ", " + SIGNATURE;
        }
        if (!timestamp.matches("[0-9]{1,18}")) {
            return TIMESTAMP + " is not a number of milliseconds";
        }
        Duration skew = Duration.ofMillis(Long.parseLong(timestamp) - clock.millis()).abs();
        if (skew.compareTo(MAX_SKEW) > 0) {
            return TIMESTAMP + " is off by " + skew.toSeconds() + " s, more than " + MAX_SKEW.toSeconds();
        }
        if (!key.equals(accessKey)) {
            return ACCESS_KEY + " is not this server's";
        }
        String expected = SignatureV2.sign(method, pathAndQuery, timestamp, key, secretKey);
        return same(expected, signature) ? "" : SIGNATURE + " is not the one of this method, path and query, and timestamp";
    }

    static CallRecord.TokenHeader tokenHeader(String jobToken, Headers headers) {
        if (!headers.containsKey(TOKEN)) {
            return CallRecord.TokenHeader.ABSENT;
        }
        return jobToken.equals(only(headers, TOKEN)) ? CallRecord.TokenHeader.MATCHES : CallRecord.TokenHeader.DIFFERS;
    }

    private static @Nullable String only(Headers headers, String name) {
        List<String> values = headers.get(name);
        return values == null || values.size() != 1 ? null : values.get(0);
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
