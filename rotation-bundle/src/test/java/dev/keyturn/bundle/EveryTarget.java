package dev.keyturn.bundle;

import dev.keyturn.plugin.mssql.TdsStandIn;
import dev.keyturn.plugin.mysql.MysqlServer;
import dev.keyturn.plugin.postgresql.PostgresqlServer;
import dev.keyturn.plugin.redis.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The servers that every plugin's rotation is shown on, each asked without its plugin. The SQL Server is a stand-in. */
public enum EveryTarget {

    POSTGRESQL {
        private PostgresqlServer server;

        @Override
        void start() {
            server = Scene.SERVER;
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
        boolean accepts(String user, String password) {
            return server.login(user, password) == PostgresqlServer.Login.ACCEPTED;
        }

        @Override
        public long refusedLogins(String user) {
            return server.refusedLogins(user);
        }
    },

    MYSQL {
        private MysqlServer server;

        @Override
        public boolean available() {
            return MysqlServer.available();
        }

        @Override
        public boolean overlaps() {
            return true;
        }

        @Override
        void start() {
            server = MysqlServer.start();
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
        boolean accepts(String user, String password) {
            return server.login(user, password) == MysqlServer.Login.ACCEPTED;
        }

        @Override
        public long refusedLogins(String user) {
            return server.refusedLogins(user);
        }
    },

    MSSQL {
        private TdsStandIn server;

        @Override
        void start() {
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
        boolean accepts(String user, String password) {
            return server.attempt(user, password) == TdsStandIn.Answer.ACCEPTED;
        }

        @Override
        public long refusedLogins(String user) {
            return server.refusedLogins();
        }
    },

    REDIS {
        private RedisServer server;

        @Override
        public boolean overlaps() {
            return true;
        }

        @Override
        void start() {
            server = RedisServer.start();
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
        boolean accepts(String user, String password) {
            return server.login(user, password) == RedisServer.Login.ACCEPTED;
        }

        /** The access log has one entry for all refusals of a user within a minute, with a count. */
        @Override
        public long refusedLogins(String user) {
            long count = 0;
            for (Object entry : (List<?>) server.admin("ACL", "LOG", "128")) {
                List<?> fields = (List<?>) entry;
                if (text(fields, "reason").equals("auth") && text(fields, "username").equals(user)) {
                    count += Long.parseLong(text(fields, "count"));
                }
            }
            return count;
        }

        private static String text(List<?> fields, String name) {
            for (int i = 0; i + 1 < fields.size(); i += 2) {
                if (String.valueOf(fields.get(i)).equals(name)) {
                    return String.valueOf(fields.get(i + 1));
                }
            }
            return "";
        }
    };

    private boolean started;

    public boolean available() {
        return true;
    }

    /** Whether an account as these tests make it can have two passwords. */
    public boolean overlaps() {
        return false;
    }

    abstract void start();

    /** A name or address that the server's certificate holds. */
    public String host() {
        return "localhost";
    }

    public abstract int port();

    /** PEM text of the server's authority; empty where the server of the tests has no TLS. */
    public abstract String ca();

    public abstract void create(String user, String password);

    abstract boolean accepts(String user, String password);

    /** How many logins were refused so far, as the server counts; of the user where it tells. */
    public abstract long refusedLogins(String user);

    public synchronized void started() {
        if (!started) {
            start();
            started = true;
        }
    }

    public String type() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
