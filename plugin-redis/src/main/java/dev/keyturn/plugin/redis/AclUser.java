package dev.keyturn.plugin.redis;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A user as the server's access list shows it.
 *
 * @param name its name
 * @param flags such as {@code on} and {@code nopass}
 * @param hashes of the passwords that work, SHA-256 as lower-case hexadecimal digits
 * @param rules which commands are allowed, one rule list for the user and one for each selector
 * @param rights all that the user may do, as texts to compare
 */
record AclUser(String name, List<String> flags, List<String> hashes, List<String> rules, Set<String> rights) {

    /** Of whom nothing is known. */
    static final AclUser NOBODY = new AclUser("", List.of(), List.of(), List.of(), Set.of());

    /** Reads the reply to {@code ACL GETUSER}: names and values in turn. Redis 7 shows as one text what 6 shows as a list. */
    static AclUser of(String user, List<?> reply) {
        List<String> flags = List.of();
        List<String> hashes = List.of();
        List<String> rules = new ArrayList<>();
        Set<String> rights = new TreeSet<>();
        for (int i = 0; i + 1 < reply.size(); i += 2) {
            String name = Wire.text(reply.get(i));
            Object value = reply.get(i + 1);
            switch (name) {
                case "flags" -> flags = Wire.texts(value);
                case "passwords" -> hashes = Wire.texts(value);
                case "commands" -> {
                    // The order of these rules matters, so only the whole text can be compared.
                    rules.add(Wire.text(value));
                    rights.add("commands " + Wire.text(value));
                }
                case "selectors" -> {
                    for (Object selector : value instanceof List<?> selectors ? selectors : List.of()) {
                        List<String> texts = Wire.texts(selector);
                        int commands = texts.indexOf("commands");
                        rules.add(commands < 0 ? "" : texts.get(commands + 1));
                        rights.add("selector " + String.join(" ", texts));
                    }
                }
                default -> (value instanceof List<?> ? Wire.texts(value) : List.of(Wire.text(value).split(" ")))
                        .stream().filter(pattern -> !pattern.isEmpty())
                        .forEach(pattern -> rights.add(name + " " + pattern));
            }
        }
        return new AclUser(user, flags, hashes, rules, rights);
    }

    static String hash(String password) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(password.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256");
        }
    }

    /** Refuses a user whose login proves nothing. */
    void needsPassword() throws TargetException {
        if (flags.contains("nopass")) {
            throw new TargetException(Kind.NOT_PROVABLE, "the user has the flag nopass: any password logs in",
                    "give it a password (ACL SETUSER name #hash); clients that send none will then be refused");
        }
    }

    /** Whether an administrative subcommand such as {@code acl|save} is allowed. */
    boolean may(String right) {
        return rules.stream().anyMatch(list -> allows(list, right));
    }

    /** Goes through the rules as the server does: from left to right, and the last one that fits decides. */
    private static boolean allows(String rules, String right) {
        Set<String> fitting = Set.of("@all", "@admin", "@dangerous", "@slow", right, right.substring(0, right.indexOf('|')));
        boolean allowed = false;
        for (String rule : rules.split(" ")) {
            if (!rule.isEmpty() && fitting.contains(rule.substring(1))) {
                allowed = rule.charAt(0) == '+';
            }
        }
        return allowed;
    }

    /** Shows no hashes. */
    @Override
    public String toString() {
        return "AclUser[flags=" + flags + ", passwords=" + hashes.size() + "]";
    }
}
