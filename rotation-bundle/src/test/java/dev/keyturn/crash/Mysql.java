package dev.keyturn.crash;

import dev.keyturn.plugin.mysql.MysqlServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.regex.Pattern;

/** A real MySQL. */
final class Mysql implements Server {

    private final MysqlServer server = MysqlServer.start();
    private final Connection admin;
    private final Refusals refusals = new Refusals(server.folder().resolve("error.log"), Pattern.compile("Access denied for user '([^']*)'@"));

    Mysql() {
        try {
            admin = server.admin();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

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
    public void create(String user, String password) {
        server.createAccount(user, password, "APPLICATION_PASSWORD_ADMIN ON *.*");
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
        return Sql.number(admin, "SELECT count(*) FROM performance_schema.processlist WHERE USER = '" + user + "'");
    }

    @Override
    public boolean overlaps() {
        return true;
    }

    @Override
    public long passwords(String user) {
        return Sql.number(admin, "SELECT 1 + count(JSON_EXTRACT(User_attributes, '$.additional_password')) FROM mysql.user"
                + " WHERE User = '" + user + "'");
    }

    @Override
    public long locks() {
        return Sql.number(admin, "SELECT count(*) FROM performance_schema.metadata_locks WHERE OBJECT_TYPE = 'USER LEVEL LOCK'");
    }

    @Override
    public String address(int port) {
        return "jdbc:mysql://127.0.0.1:" + port + "/?sslMode=REQUIRED";
    }

    @Override
    public String statement(String user, String from, String to) {
        return "ALTER USER '" + user + "'@'%' IDENTIFIED BY '" + to + "'";
    }

    @Override
    public void close() {
        server.close();
    }
}
