package dev.keyturn.plugin.redis;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** With what Redis 5.0.14 was seen to answer; {@link Redis5Test} asks a real one. */
class RequirepassTest extends RequirepassScenario {

    private final FakeRedis server = new FakeRedis(this::answer);
    private String password = RedisServer.ADMIN_PASSWORD;
    private String saved = password;
    private boolean broken;

    RequirepassTest() throws IOException {
    }

    private String answer(List<String> command) {
        return switch (String.join(" ", command.subList(0, Math.min(command.size(), 2)))) {
            case "CONFIG GET" -> command.get(2).equals("requirepass") ? FakeRedis.encode(List.of("requirepass", password)) : "*0\r\n";
            case "CONFIG SET" -> {
                password = command.get(3);
                yield FakeRedis.OK;
            }
            case "CONFIG REWRITE" -> {
                saved = broken ? saved : password;
                yield broken ? FakeRedis.error("ERR Rewriting config file: No such file or directory") : FakeRedis.OK;
            }
            case "INFO server" -> FakeRedis.encode("# Server\r\nredis_version:5.0.14\r\nredis_mode:standalone\r\nrun_id:" + "0a".repeat(20)
                    + "\r\nconfig_file:/etc/redis.conf\r\n");
            case "INFO replication" -> FakeRedis.encode("# Replication\r\nrole:master\r\nconnected_slaves:0\r\n");
            default -> !command.get(0).equals("AUTH")
                    ? FakeRedis.error("ERR unknown command `" + command.get(0) + "`, with args beginning with: `" + command.get(1) + "`, ")
                    : command.size() > 2 ? FakeRedis.error("ERR wrong number of arguments for 'auth' command")
                    : command.get(1).equals(password) ? FakeRedis.OK : FakeRedis.error("ERR invalid password");
        };
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Override
    int port() {
        return server.port();
    }

    @Override
    String saved() {
        return saved;
    }

    @Override
    void breakDisk(boolean broken) {
        this.broken = broken;
    }
}
