package dev.keyturn.probe;

import dev.keyturn.plugin.redis.RedisServer;

/** A real Redis. */
final class Redis implements Target {

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
    public void create(Account account) {
        server.createUser(account.user(), account.password());
    }

    @Override
    public Answer login(Account account) {
        return Answer.valueOf(server.login(account.user(), account.password()).name());
    }

    /** The sample knows no Redis. This is its one password replaced by another; the administrator's connection is at hand. */
    @Override
    public void changeAndTest(Account account, String to) {
        Answer before = login(account);
        server.admin("ACL", "SETUSER", account.user(), "resetpass", ">" + to);
        if (before != Answer.ACCEPTED || login(new Account(account.user(), to)) != Answer.ACCEPTED) {
            throw new IllegalStateException("the server refused a login of the rotation");
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
