package dev.keyturn.probe;

import dev.keyturn.plugin.mssql.TdsStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The stand-in for SQL Server, in this process. */
final class Mssql implements Target {

    private final TdsStandIn server;

    Mssql() {
        try {
            server = TdsStandIn.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        server.createLogin(account.user(), account.password());
    }

    @Override
    public Answer login(Account account) {
        return Answer.valueOf(server.attempt(account.user(), account.password()).name());
    }

    /** A login that changes itself has to name its old password, which the table in the platform's guide leaves out. */
    @Override
    public void changeAndTest(Account account, String to) {
        Sql.changeAndTest(one -> server.connect(one.user(), one.password(), null), account, to,
                "ALTER LOGIN [" + account.user() + "] WITH PASSWORD = N'" + to + "' OLD_PASSWORD = N'" + account.password() + "'");
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
