package dev.keyturn.engine.secretmanager;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** NAVER Cloud's API gateway signature, version 2: method, path with query, time and access key; not the body. */
final class Signature {

    private Signature() {
    }

    static String of(String method, String pathAndQuery, String timestamp, String accessKey, String secretKey) {
        String message = method + " " + pathAndQuery + "\n" + timestamp + "\n" + accessKey;
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HmacSHA256");
        }
    }
}
