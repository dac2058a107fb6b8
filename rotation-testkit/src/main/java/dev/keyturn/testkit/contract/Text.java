package dev.keyturn.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;

/** Text for messages. */
final class Text {

    private Text() {
    }

    /** The text in quotation marks, with an escape for everything that a terminal might swallow. */
    static String visible(String text) {
        StringBuilder visible = new StringBuilder("\u201c");
        text.codePoints().forEach(c -> {
            if (c < ' ' || c > 0x7e) {
                visible.append("\\u{").append(Integer.toHexString(c)).append('}');
            } else {
                visible.appendCodePoint(c);
            }
        });
        return visible.append('\u201d').toString();
    }

    /** How a password looks when a driver, a log layout or a URL has had its hands on it. */
    static Set<String> forms(String secret) {
        byte[] bytes = secret.getBytes(UTF_8);
        Set<String> forms = new LinkedHashSet<>();
        forms.add(secret);
        forms.add(URLEncoder.encode(secret, UTF_8));
        forms.add(URLEncoder.encode(secret, UTF_8).replace("+", "%20"));
        forms.add(secret.replace("'", "''"));
        forms.add(secret.replace("\"", "\"\""));
        forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
        forms.add(secret.replace("\\", "\\\\").replace("'", "\\'"));
        forms.add(secret.replace("\\", "\\\\").replace("'", "''"));
        forms.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
        forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        forms.add(HexFormat.of().formatHex(bytes));
        forms.add(Arrays.toString(bytes));
        forms.add(Arrays.toString(secret.toCharArray()));
        return forms;
    }
}
