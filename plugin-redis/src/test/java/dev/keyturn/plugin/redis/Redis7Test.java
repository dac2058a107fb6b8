package dev.keyturn.plugin.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A newer Redis with an ACL file, if there is one here. */
class Redis7Test extends RotationScenario {

    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.start(Rig.program("KEYTURN_REDIS7", "/usr/bin/redis-server"), true);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    RedisServer server() {
        return server;
    }
}
