package dev.keyturn.crash;

import dev.keyturn.plugin.redis.RedisServer;
import java.util.Collection;
import java.util.List;

/** A real Redis. */
final class Redis implements Server {

    private final RedisServer server = RedisServer.start();

    @Override
    public String host() {
        return server.host();
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public String ca() {
        return "";
    }

    @Override
    public void create(String user, String password) {
        server.createUser(user, password);
    }

    @Override
    public boolean accepts(String user, String password) {
        return Server.yes(server.login(user, password).name());
    }

    /** The server's log of refusals has one entry for a user, with a count. */
    @Override
    public long refused(Collection<String> users) {
        long count = 0;
        for (Object entry : (List<?>) server.admin("ACL", "LOG", "128")) {
            if (field(entry, "reason").equals("auth") && users.contains(field(entry, "username"))) {
                count += Long.parseLong(field(entry, "count").toString());
            }
        }
        return count;
    }

    private static Object field(Object entry, String name) {
        List<?> fields = (List<?>) entry;
        return fields.get(fields.indexOf(name) + 1);
    }

    @Override
    public long sessions(String user) {
        return server.sessions(user);
    }

    @Override
    public boolean overlaps() {
        return true;
    }

    @Override
    public boolean keepsMore() {
        return true;
    }

    @Override
    public long passwords(String user) {
        return ((List<?>) field(server.admin("ACL", "GETUSER", user), "passwords")).size();
    }

    @Override
    public long locks() {
        return 0;
    }

    @Override
    public String address(int port) {
        return "redis:" + port;
    }

    @Override
    public String statement(String user, String from, String to) {
        return "ACL SETUSER " + user + " <" + from + " >" + to;
    }

    @Override
    public void close() {
        server.close();
    }
}
