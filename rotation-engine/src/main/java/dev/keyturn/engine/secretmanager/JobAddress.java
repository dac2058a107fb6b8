package dev.keyturn.engine.secretmanager;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * Which job of which secret, and where. All parts are checked before they become part of an address.
 *
 * @param endpoint scheme, host and maybe a path, without a slash at the end
 * @param secretId the secret's id
 * @param jobToken the job's token; empty where the chain is only read
 */
public record JobAddress(URI endpoint, String secretId, String jobToken) {

    /** Where secrets under a global key live; new secrets live elsewhere, see docs/parameters.md. */
    public static final URI DEFAULT_ENDPOINT = URI.create("https://secretmanager.apigw.ntruss.com");

    // No slash, no dot segment, nothing that a URL encodes: the address is what stands here.
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._~-]{0,511}");

    /**
     * Whether a text can be a secret's id or a job's token.
     *
     * @param text the text
     * @return true if it can stand in a path as it is
     */
    public static boolean isId(String text) {
        return ID.matcher(text).matches() && !text.contains("..");
    }

    URI job(String call) {
        return URI.create(endpoint + "/action/v1/secrets/" + secretId + "/jobs/" + jobToken + "/" + call);
    }

    URI values() {
        return URI.create(endpoint + "/api/v1/secrets/" + secretId + "/values");
    }

    /** The token lets its holder end the job, so only its beginning is shown. */
    @Override
    public String toString() {
        return "secret " + secretId + ", job " + jobToken.substring(0, Math.min(8, jobToken.length())) + ", " + endpoint;
    }
}
