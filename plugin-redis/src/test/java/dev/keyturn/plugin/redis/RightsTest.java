package dev.keyturn.plugin.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The rules of an access list, read by the plugin and by the server: both must come to the same result. */
class RightsTest {

    private static final List<String> RULES = List.of("+@all", "-@all", "+@admin", "-@admin", "+@dangerous", "-@dangerous", "+@slow", "-@slow",
            "+acl", "-acl", "+config", "-config", "+@read", "-@fast", "+@connection", "+get", "+acl|setuser", "+acl|save", "+acl|whoami",
            "+config|rewrite", "+config|get", "+acl|getuser");

    private static void compare(RedisServer server, List<String> rules) throws IOException {
        Random random = new Random(7);
        int allowed = 0;
        for (int i = 0; i < 400; i++) {
            String user = Rig.fresh("rules");
            List<String> own = new ArrayList<>();
            for (int n = 1 + random.nextInt(6); n > 0; n--) {
                own.add(rules.get(random.nextInt(rules.size())));
            }
            try {
                server.createUser(user, "x", own.toArray(String[]::new));
            } catch (RawRedis.Error combination) {
                continue;
            }
            AclUser read = AclUser.of(user, bytes((List<?>) server.admin("ACL", "GETUSER", user)));
            try (RawRedis client = new RawRedis(server.host(), server.port())) {
                client.ask("AUTH", user, "x");
                // Whatever else is wrong with a command: only one that is not allowed fails with NOPERM.
                for (String right : List.of("acl|setuser", "acl|save", "config|rewrite")) {
                    boolean may = may(client, right.split("\\|"));
                    assertEquals(may, read.may(right), right + " by " + own + ", shown as " + read.rules());
                    allowed += may ? 1 : 0;
                }
            }
        }
        assertTrue(allowed > 100, "the rules were not worth comparing: " + allowed);
    }

    private static boolean may(RawRedis client, String... command) throws IOException {
        try {
            client.ask((Object[]) (command[1].equals("setuser") ? new String[] {"acl", "setuser", "a b"} : command));
            return true;
        } catch (RawRedis.Error e) {
            return !e.getMessage().startsWith("NOPERM");
        }
    }

    private static List<?> bytes(List<?> reply) {
        return reply.stream().map(value -> value instanceof List<?> list ? bytes(list)
                : (Object) value.toString().getBytes(StandardCharsets.UTF_8)).toList();
    }

    @Test
    void whatTheSurveyReadsIsWhatTheServerAllows() throws IOException {
        try (RedisServer server = RedisServer.start()) {
            compare(server, RULES);
        }
    }

    @Test
    void andInANewerServerTooWithSubcommandsTakenAwayAndSelectors() throws IOException {
        try (RedisServer server = RedisServer.start(Rig.program("KEYTURN_REDIS7", "/usr/bin/redis-server"), true)) {
            List<String> rules = new ArrayList<>(RULES);
            rules.addAll(List.of("-acl|setuser", "-acl|save", "-config|rewrite", "(+acl|setuser)", "(+@all ~x -acl)", "(+get ~y)"));
            compare(server, rules);
        }
    }

    @Test
    void ofAnEmptyAnswerNothingIsAllowed() {
        assertEquals(false, AclUser.NOBODY.may("acl|setuser"));
        assertEquals(Optional.empty(), AclUser.NOBODY.hashes().stream().findAny());
    }
}
