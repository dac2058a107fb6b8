package dev.keyturn.probe;

import dev.keyturn.plugin.mysql.MysqlServer;
import java.sql.DriverManager;

/** A real MySQL. */
final class Mysql implements Target {

    private final MysqlServer server = MysqlServer.start();

    static boolean available() {
        return MysqlServer.available();
    }

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
        return server.ca();
    }

    @Override
    public void create(Account account) {
        server.createAccount(account.user(), account.password(), "APPLICATION_PASSWORD_ADMIN ON *.*");
    }

    @Override
    public Answer login(Account account) {
        return Answer.valueOf(server.login(account.user(), account.password()).name());
    }

    @Override
    public void changeAndTest(Account account, String to) {
        String address = "jdbc:mysql://127.0.0.1:" + port() + "/?sslMode=REQUIRED";
        Sql.changeAndTest(one -> DriverManager.getConnection(address, one.user(), one.password()), account, to,
                "ALTER USER '" + account.user() + "'@'%' IDENTIFIED BY '" + to + "'");
    }

    @Override
    public void close() {
        server.close();
    }
}
