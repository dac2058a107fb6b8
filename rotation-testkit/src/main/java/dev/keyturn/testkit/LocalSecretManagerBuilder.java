package dev.keyturn.testkit;

import java.io.UncheckedIOException;
import java.time.Clock;

/** What a {@link LocalSecretManager} is to be like. Everything has a default; nothing needs to be set. */
public final class LocalSecretManagerBuilder {

    // A value of 10,000 bytes fits, even if every byte of it is escaped.
    private static final int MAX_BODY_BYTES = 64 * 1024;

    private final RandomText random = new RandomText();
    private Behaviour behaviour = Behaviour.standard();
    private String prefix = "";
    private int port;
    private String accessKey = "LOCAL" + random.name(15);
    private String secretKey = random.name(40);
    private Clock clock = Clock.systemUTC();
    private int maxBodyBytes = MAX_BODY_BYTES;

    LocalSecretManagerBuilder() {
    }

    /**
     * What it does where the documentation is silent.
     *
     * @param answers the default is {@link Behaviour#standard()}
     * @return this
     */
    public LocalSecretManagerBuilder behaviour(Behaviour answers) {
        this.behaviour = answers;
        return this;
    }

    /**
     * A path under which everything is served, as some hosts of the platform do. It is part of what is signed. Paths
     * without it are served as well.
     *
     * @param path starts with a slash and does not end with one, such as {@code /secretmanager}; empty for none, the default
     * @return this
     */
    public LocalSecretManagerBuilder prefix(String path) {
        if (!path.matches("(/[A-Za-z0-9._~-]+)*")) {
            throw new IllegalArgumentException("a prefix is a path like /secretmanager");
        }
        this.prefix = path;
        return this;
    }

    /**
     * The port to listen on.
     *
     * @param number 0, the default, for any that is free
     * @return this
     */
    public LocalSecretManagerBuilder port(int number) {
        if (number < 0 || number > 65535) {
            throw new IllegalArgumentException("not a port: " + number);
        }
        this.port = number;
        return this;
    }

    /**
     * The keys of the only caller that is let in.
     *
     * @param access the access key; not empty. The default is a new one for each builder
     * @param secret the secret key; not empty. The default is a new one for each builder
     * @return this
     */
    public LocalSecretManagerBuilder keys(String access, String secret) {
        if (access.isEmpty() || secret.isEmpty()) {
            throw new IllegalArgumentException("a key is empty");
        }
        this.accessKey = access;
        this.secretKey = secret;
        return this;
    }

    /**
     * The clock that timestamps are compared with.
     *
     * @param source the default is the system's
     * @return this
     */
    public LocalSecretManagerBuilder clock(Clock source) {
        this.clock = source;
        return this;
    }

    /**
     * The largest request body that is not refused with 413.
     *
     * @param bytes the default is 65,536; the platform's own limit is not published
     * @return this
     */
    public LocalSecretManagerBuilder maxBodyBytes(int bytes) {
        if (bytes < 0 || bytes == Integer.MAX_VALUE) {
            throw new IllegalArgumentException("not a limit: " + bytes);
        }
        this.maxBodyBytes = bytes;
        return this;
    }

    /**
     * Starts. The server runs until it is closed, or the JVM has no other thread that keeps it alive.
     *
     * @return the running server
     * @throws UncheckedIOException if the port cannot be had
     */
    public LocalSecretManager start() {
        return new LocalSecretManager(
                new Settings(behaviour, prefix, port, accessKey, secretKey, clock, maxBodyBytes));
    }
}
