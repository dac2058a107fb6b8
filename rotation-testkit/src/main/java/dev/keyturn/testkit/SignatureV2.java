package dev.keyturn.testkit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The platform's signature of a request, version 2. Written apart from the engine's, so that one checks the other. */
final class SignatureV2 {

    private static final String ALGORITHM = "HmacSHA256";

    private SignatureV2() {
    }

    /**
     * The signature of one request.
     *
     * @param method in upper case
     * @param pathAndQuery all that stands after the host, still percent-encoded
     * @param timestamp the text of the timestamp header
     * @param accessKey the text of the access key header
     * @param secretKey the key to sign with; not empty
     * @return the text of the signature header
     */
    static String sign(String method, String pathAndQuery, String timestamp, String accessKey, String secretKey) {
        String text = method + " " + pathAndQuery + "\n" + timestamp + "\n" + accessKey;
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
