package dev.keyturn.plugin.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A real server from before Redis 6, if there is one here. */
class Redis5Test extends RequirepassScenario {

    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.start(Rig.program("KEYTURN_REDIS5", ""), false);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    int port() {
        return server.port();
    }

    @Override
    String saved() throws IOException {
        return Files.readAllLines(server.files().resolve("redis.conf")).stream().filter(line -> line.startsWith("requirepass "))
                .map(line -> line.substring(13, line.length() - 1).replace("\\\"", "\"")).findFirst().orElseThrow();
    }

    @Override
    void breakDisk(boolean broken) throws IOException {
        Path away = server.files().resolveSibling("away");
        Files.move(broken ? server.files() : away, broken ? away : server.files());
    }
}
