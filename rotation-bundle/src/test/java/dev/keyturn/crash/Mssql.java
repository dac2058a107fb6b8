package dev.keyturn.crash;

import dev.keyturn.plugin.mssql.TdsStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;

/** The stand-in for SQL Server. It counts refused logins of all accounts together, so only one case at a time may use it. */
final class Mssql implements Server {

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
    public void create(String user, String password) {
        server.createLogin(user, password);
    }

    @Override
    public boolean accepts(String user, String password) {
        return Server.yes(server.attempt(user, password).name());
    }

    @Override
    public long refused(Collection<String> users) {
        return server.refusedLogins();
    }

    @Override
    public long sessions(String user) {
        return server.sessions().stream().filter(user::equals).count();
    }

    @Override
    public boolean overlaps() {
        return false;
    }

    @Override
    public long passwords(String user) {
        return 1;
    }

    @Override
    public long locks() {
        return 0;
    }

    @Override
    public String address(int port) {
        return "jdbc:sqlserver://127.0.0.1:" + port + ";encrypt=true;trustServerCertificate=true;connectRetryCount=0";
    }

    @Override
    public String statement(String user, String from, String to) {
        return "ALTER LOGIN [" + user + "] WITH PASSWORD = N'" + to + "' OLD_PASSWORD = N'" + from + "'";
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
