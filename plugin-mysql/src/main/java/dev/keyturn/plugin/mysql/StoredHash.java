package dev.keyturn.plugin.mysql;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/**
 * What MySQL keeps of an account's two passwords, as an administrator reads it. Tells which of them a value is, where a login
 * could not: a login does not say with which of the two it succeeded.
 */
record StoredHash(String method, String primary, String secondary) {

    private static final String NATIVE = "mysql_native_password";
    /** The methods whose passwords the server keeps itself. */
    static final Set<String> METHODS = Set.of("caching_sha2_password", "sha256_password", NATIVE);

    private static final int SALT = 20;
    private static final String DIGITS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    boolean primaryIs(Credential credential) throws TargetException {
        return matches(primary, credential.password());
    }

    boolean secondaryIs(Credential credential) throws TargetException {
        return matches(secondary, credential.password());
    }

    private static boolean matches(String stored, String password) {
        byte[] key = password.getBytes(StandardCharsets.UTF_8);
        if (stored.startsWith("*")) {
            return stored.equals(nativeHash(password));
        }
        // caching_sha2_password: $A$, thousands of rounds in hex, $, salt, digest. sha256_password: $5$, salt, $, digest.
        boolean caching = stored.startsWith("$A$");
        int salt = caching ? 7 : 3;
        int digest = salt + SALT + (caching ? 0 : 1);
        if (!caching && !stored.startsWith("$5$") || stored.length() <= digest) {
            return false;
        }
        int rounds = caching ? Integer.parseInt(stored.substring(3, 6), 16) * 1_000 : 5_000;
        byte[] salted = stored.substring(salt, salt + SALT).getBytes(StandardCharsets.UTF_8);
        return stored.substring(digest).equals(sha256Crypt(key, salted, rounds));
    }

    /** The hash of mysql_native_password, which is also what MariaDB takes in place of the password. */
    static String nativeHash(String password) {
        MessageDigest sha1 = digest("SHA-1");
        return "*" + hex(sha1.digest(sha1.digest(password.getBytes(StandardCharsets.UTF_8))));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().withUpperCase().formatHex(bytes);
    }

    /** The text behind the hex digits that the server was asked for: a salt may hold any byte below 128. */
    static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    }

    static byte[] sha256(byte[] bytes) {
        return digest("SHA-256").digest(bytes);
    }

    /** Ulrich Drepper's SHA-crypt with SHA-256. */
    private static String sha256Crypt(byte[] key, byte[] salt, int rounds) {
        MessageDigest sha = digest("SHA-256");
        sha.update(key);
        sha.update(salt);
        byte[] b = sha.digest(key);
        sha.update(key);
        sha.update(salt);
        sha.update(repeated(b, key.length));
        for (int bits = key.length; bits > 0; bits >>= 1) {
            sha.update((bits & 1) != 0 ? b : key);
        }
        byte[] a = sha.digest();
        for (int i = 0; i < key.length; i++) {
            sha.update(key);
        }
        byte[] p = repeated(sha.digest(), key.length);
        for (int i = 0; i < 16 + (a[0] & 0xff); i++) {
            sha.update(salt);
        }
        byte[] s = repeated(sha.digest(), salt.length);
        for (int round = 0; round < rounds; round++) {
            boolean odd = (round & 1) != 0;
            sha.update(odd ? p : a);
            if (round % 3 != 0) {
                sha.update(s);
            }
            if (round % 7 != 0) {
                sha.update(p);
            }
            a = sha.digest(odd ? a : p);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0, x = 0, y = 10, z = 20; i < 10; i++) {
            append(text, a[x], a[y], a[z], 4);
            int first = x;
            x = z + 1;
            z = y + 1;
            y = first + 1;
        }
        return append(text, (byte) 0, a[31], a[30], 3).toString();
    }

    private static StringBuilder append(StringBuilder text, byte x, byte y, byte z, int digits) {
        int bits = (x & 0xff) << 16 | (y & 0xff) << 8 | z & 0xff;
        for (int i = 0; i < digits; i++, bits >>= 6) {
            text.append(DIGITS.charAt(bits & 63));
        }
        return text;
    }

    private static byte[] repeated(byte[] bytes, int length) {
        byte[] all = Arrays.copyOf(bytes, length);
        for (int i = bytes.length; i < length; i++) {
            all[i] = bytes[i % bytes.length];
        }
        return all;
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no " + algorithm);
        }
    }

    /** Shows no hash. */
    @Override
    public String toString() {
        return "StoredHash[" + method + "]";
    }
}
