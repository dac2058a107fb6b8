package dev.keyturn.crash;

import dev.keyturn.plugin.postgresql.PostgresqlServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.regex.Pattern;

/** A real PostgreSQL. */
final class Postgresql implements Server {

    private final PostgresqlServer server = PostgresqlServer.start();
    private final Connection admin;
    private final Refusals refusals;

    Postgresql() {
        try {
            admin = server.admin();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        // Its log stands beside its certificate.
        refusals = new Refusals(Path.of(server.query("SHOW ssl_cert_file").get(0)).resolveSibling("log"),
                Pattern.compile("password authentication failed for user \"([^\"]*)\""));
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
        return server.caPem();
    }

    @Override
    public void create(String user, String password) {
        server.createRole(user, password);
    }

    @Override
    public boolean accepts(String user, String password) {
        return Server.yes(server.login(user, password).name());
    }

    @Override
    public long refused(Collection<String> users) {
        return refusals.of(users);
    }

    @Override
    public long sessions(String user) {
        return Sql.number(admin, "SELECT count(*) FROM pg_stat_activity WHERE usename = '" + user + "'");
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
        return Sql.number(admin, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'");
    }

    @Override
    public String address(int port) {
        return "jdbc:postgresql://localhost:" + port + "/" + server.database() + "?sslmode=require";
    }

    @Override
    public String statement(String user, String from, String to) {
        return "ALTER ROLE \"" + user + "\" PASSWORD '" + to + "'";
    }

    @Override
    public void close() {
        server.close();
    }
}
