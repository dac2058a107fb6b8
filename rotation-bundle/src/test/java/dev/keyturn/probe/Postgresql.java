package dev.keyturn.probe;

import dev.keyturn.plugin.postgresql.PostgresqlServer;
import java.sql.DriverManager;

/** A real PostgreSQL. */
final class Postgresql implements Target {

    private final PostgresqlServer server = PostgresqlServer.start();

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
        return server.caPem();
    }

    @Override
    public void create(Account account) {
        server.createRole(account.user(), account.password());
    }

    @Override
    public Answer login(Account account) {
        return Answer.valueOf(server.login(account.user(), account.password()).name());
    }

    @Override
    public void changeAndTest(Account account, String to) {
        String address = "jdbc:postgresql://localhost:" + port() + "/" + server.database() + "?sslmode=require";
        Sql.changeAndTest(one -> DriverManager.getConnection(address, one.user(), one.password()), account, to,
                "ALTER USER " + account.user() + " WITH PASSWORD '" + to + "'");
    }

    @Override
    public void close() {
        server.close();
    }
}
