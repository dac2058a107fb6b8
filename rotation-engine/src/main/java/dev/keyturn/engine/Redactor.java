package dev.keyturn.engine;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Knows every secret of a run and takes them out of any text that leaves it (R8), raw and as URLs, JSON and Base64 write
 * them. The last of several guards: nothing is meant to put a secret into a text in the first place.
 */
public final class Redactor {

    private static final String MASK = "***";
    // A shorter "secret" would mask parts of ordinary words and tell nothing worth hiding.
    private static final int SHORTEST = 4;

    // Longest first: a value that contains another must go as a whole.
    private final Set<String> hidden = new ConcurrentSkipListSet<>(
            Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    /**
     * From now on this value is hidden.
     *
     * @param secret the value; a very short one is left alone
     */
    public void hide(String secret) {
        if (secret.length() < SHORTEST) {
            return;
        }
        for (String form : forms(secret)) {
            hidden.add(form);
        }
    }

    /**
     * The text without secrets.
     *
     * @param text any text
     * @return the same, with a mask for each secret, and control characters escaped so that a line stays a line
     */
    public String clean(String text) {
        String clean = text;
        for (String secret : hidden) {
            clean = clean.replace(secret, MASK);
        }
        StringBuilder out = new StringBuilder(clean.length());
        clean.chars().forEach(c -> {
            if (Character.isISOControl(c)) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }

    private static Set<String> forms(String secret) {
        Set<String> forms = new TreeSet<>();
        String json = secret.replace("\\", "\\\\").replace("\"", "\\\"");
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        String url = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        for (String form : List.of(secret, json, json.replace("/", "\\/"), url, url.replace("+", "%20"),
                secret.replace("'", "''"), Base64.getEncoder().encodeToString(bytes),
                Base64.getEncoder().withoutPadding().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))) {
            forms.add(form);
        }
        return forms;
    }

    /** Shows no value. */
    @Override
    public String toString() {
        return "Redactor[" + hidden.size() + " forms]";
    }
}
