package dev.keyturn.api;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The fields of a secret that one login needs, by the names of the plugin's {@link TargetSchema}. Immutable.
 *
 * <p>A value is the text of a JSON string, number or boolean of the secret. {@link #toString()} shows names only, and there
 * is no {@code equals}: a credential belongs in no log and in no set.
 */
public final class Credential {

    /** Name of the field that holds the account's name. */
    public static final String USER = "user";
    /** Name of the field that holds what rotates. Every schema has it. */
    public static final String PASSWORD = "password";
    /** Name of the field that holds the target's host name or address. */
    public static final String HOST = "host";
    /** Name of the field that holds the target's port. */
    public static final String PORT = "port";

    // What may stand in a URL or a driver's host list without meaning anything there (R9).
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,253})");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");

    private final Map<String, String> fields;

    private Credential(Map<String, String> fields) {
        this.fields = fields;
    }

    /**
     * A credential of these fields.
     *
     * @param fields name and value; copied
     * @return the credential
     */
    public static Credential of(Map<String, String> fields) {
        return new Credential(new TreeMap<>(fields));
    }

    /**
     * The same credential with one field of another value.
     *
     * @param field its name
     * @param value its value
     * @return the other credential
     */
    public Credential with(String field, String value) {
        Map<String, String> copy = new TreeMap<>(fields);
        copy.put(field, value);
        return new Credential(copy);
    }

    /**
     * A field that may be missing.
     *
     * @param field its name
     * @return its value, unless it is missing or empty
     */
    public Optional<String> find(String field) {
        return Optional.ofNullable(fields.get(field)).filter(value -> !value.isEmpty());
    }

    /**
     * A field that must be there.
     *
     * @param field its name
     * @return its value, not empty
     * @throws TargetException {@link TargetException.Kind#MISCONFIGURED}, naming the field
     */
    public String text(String field) throws TargetException {
        Optional<String> value = find(field);
        if (value.isEmpty()) {
            throw new TargetException(TargetException.Kind.MISCONFIGURED,
                    "the secret has no value for the field \"" + field + "\"",
                    "add the field to the secret, or name the key that holds it with the argument \"fields\"");
        }
        return value.get();
    }

    /**
     * The account's name.
     *
     * @return {@link #USER}'s value
     * @throws TargetException if it is missing
     */
    public String user() throws TargetException {
        return text(USER);
    }

    /**
     * The password, token or key.
     *
     * @return {@link #PASSWORD}'s value
     * @throws TargetException if it is missing
     */
    public String password() throws TargetException {
        return text(PASSWORD);
    }

    /**
     * The target's host: a DNS name or an IP address, an IPv6 address without brackets. It holds no character that
     * has a meaning in a URL.
     *
     * @return {@link #HOST}'s value
     * @throws TargetException if it is missing or is anything else
     */
    public String host() throws TargetException {
        String host = text(HOST);
        if (!HOST_NAME.matcher(host).matches() && !IPV6.matcher(host).matches()) {
            throw new TargetException(TargetException.Kind.MISCONFIGURED,
                    "the field \"" + HOST + "\" is neither a host name nor an IP address",
                    "write the bare name or address there: no port, no scheme, no brackets, no list");
        }
        return host;
    }

    /**
     * The target's port.
     *
     * @return {@link #PORT}'s value, 1 to 65535
     * @throws TargetException if it is missing or is no port
     */
    public int port() throws TargetException {
        String port = text(PORT);
        if (port.matches("[0-9]{1,5}")) {
            int number = Integer.parseInt(port);
            if (number >= 1 && number <= 65535) {
                return number;
            }
        }
        throw new TargetException(TargetException.Kind.MISCONFIGURED,
                "the field \"" + PORT + "\" is not a number from 1 to 65535", "correct the port in the secret");
    }

    /**
     * Whether the other credential has this one's user and password.
     *
     * @param other the other
     * @return true if a login with either is the same login
     */
    public boolean sameLogin(Credential other) {
        return find(USER).equals(other.find(USER)) && find(PASSWORD).equals(other.find(PASSWORD));
    }

    /** Shows the names of the fields, none of the values. */
    @Override
    public String toString() {
        return "Credential" + fields.keySet();
    }
}
