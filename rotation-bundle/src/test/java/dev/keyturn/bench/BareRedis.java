package dev.keyturn.bench;

import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;

/** A session on Redis. A class of its own, because a bundle without Redis has no Jedis. */
final class BareRedis implements BareCalls.Session {

    private final Connection connection;

    BareRedis(int port, String user, String password) {
        connection = new Connection(new HostAndPort("localhost", port), DefaultJedisClientConfig.builder().user(user).password(password)
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED).build());
    }

    /** Of {@code ACL}. */
    @Override
    public void send(String statement) {
        CommandArguments command = new CommandArguments(Protocol.Command.ACL);
        for (String word : statement.split(" ")) {
            command.add(word);
        }
        connection.executeCommand(command);
    }

    @Override
    public void close() {
        connection.close();
    }
}
