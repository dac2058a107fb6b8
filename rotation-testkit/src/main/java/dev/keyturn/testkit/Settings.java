package dev.keyturn.testkit;

import java.time.Clock;

/** What a server was built with. */
record Settings(Behaviour behaviour, String prefix, int port, String accessKey, String secretKey, Clock clock,
        int maxBodyBytes) {

    /** Shows no key. */
    @Override
    public String toString() {
        return "Settings[behaviour=" + behaviour + ", prefix=" + prefix + ", port=" + port + "]";
    }
}
