package dev.keyturn.plugin.mssql;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TlsSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** What the same tests run against: the stand-in always, a real SQL Server when the environment names one. */
interface TestServer {

    String HOST = "KEYTURN_MSSQL_HOST";

    String host();

    int port();

    Credential admin();

    TlsSettings tls();

    /** A login without password policy, so that any value can be tried. */
    Credential newLogin(String password) throws SQLException;

    TdsStandIn.Answer attempt(Credential credential);

    /** Sessions of this login that the server has. */
    int sessions(Credential credential) throws SQLException;

    default Credential credential(String user, String password) {
        return Credential.of(Map.of("host", host(), "port", Integer.toString(port()), "user", user, "password", password));
    }

    default TargetContext context(Map<String, String> options) {
        return TargetContext.of(10_000, 10_000, tls(), options);
    }

    default TargetSession open(Credential credential) throws TargetException {
        return new MssqlTarget().open(credential, context(Map.of()));
    }

    /** One plain line for a run of the tests is enough. */
    AtomicBoolean TOLD = new AtomicBoolean();

    /** For {@code @MethodSource}. */
    static Stream<TestServer> all() {
        if (System.getenv(HOST) != null) {
            return Stream.of(StandIn.SHARED, new Real());
        }
        if (TOLD.compareAndSet(false, true)) {
            System.out.println("SQL Server: the TDS stand-in only; no real SQL Server was tried (" + HOST + ", KEYTURN_MSSQL_PORT,"
                    + " KEYTURN_MSSQL_USER and KEYTURN_MSSQL_PASSWORD are not set).");
        }
        return Stream.of(StandIn.SHARED);
    }

    static String newName() {
        return "kt_" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    }

    /** One stand-in for the whole JVM; it ends with it. */
    record StandIn(TdsStandIn server) implements TestServer {

        static final StandIn SHARED = shared();

        private static StandIn shared() {
            try {
                return new StandIn(TdsStandIn.start());
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
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
        public Credential admin() {
            return credential(server.adminUser(), server.adminPassword());
        }

        @Override
        public TlsSettings tls() {
            return TlsSettings.verify().withCa(server.ca());
        }

        @Override
        public Credential newLogin(String password) {
            String name = newName();
            server.createLogin(name, password);
            return credential(name, password);
        }

        @Override
        public TdsStandIn.Answer attempt(Credential credential) {
            return server.attempt(credential.find("user").orElseThrow(), credential.find("password").orElseThrow());
        }

        @Override
        public int sessions(Credential credential) {
            String user = credential.find("user").orElseThrow();
            return (int) server.sessions().stream().filter(user::equals).count();
        }

        @Override
        public String toString() {
            return "TDS stand-in";
        }
    }

    /** A real one, encrypted without a check of its certificate. */
    record Real() implements TestServer {

        @Override
        public String host() {
            return System.getenv(HOST);
        }

        @Override
        public int port() {
            return Integer.parseInt(System.getenv().getOrDefault("KEYTURN_MSSQL_PORT", "1433"));
        }

        @Override
        public Credential admin() {
            return credential(System.getenv("KEYTURN_MSSQL_USER"), System.getenv("KEYTURN_MSSQL_PASSWORD"));
        }

        @Override
        public TlsSettings tls() {
            return TlsSettings.required();
        }

        @Override
        public Credential newLogin(String password) throws SQLException {
            String name = newName();
            try (Connection connection = connect(admin()); Statement statement = connection.createStatement()) {
                statement.execute("CREATE LOGIN [" + name + "] WITH PASSWORD = N'" + password.replace("'", "''")
                        + "', CHECK_POLICY = OFF");
            }
            return credential(name, password);
        }

        @Override
        public TdsStandIn.Answer attempt(Credential credential) {
            try {
                connect(credential).close();
                return TdsStandIn.Answer.ACCEPTED;
            } catch (SQLException e) {
                return e.getErrorCode() == 18456 ? TdsStandIn.Answer.REFUSED : TdsStandIn.Answer.UNREACHABLE;
            }
        }

        @Override
        public int sessions(Credential credential) throws SQLException {
            try (Connection connection = connect(admin()); Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM sys.dm_exec_sessions WHERE login_name = N'"
                            + credential.find("user").orElseThrow() + "'")) {
                row.next();
                return row.getInt(1);
            }
        }

        private Connection connect(Credential credential) throws SQLException {
            Properties properties = new Properties();
            properties.setProperty("serverName", host());
            properties.setProperty("portNumber", Integer.toString(port()));
            properties.setProperty("user", credential.find("user").orElseThrow());
            properties.setProperty("password", credential.find("password").orElseThrow());
            properties.setProperty("trustServerCertificate", "true");
            properties.setProperty("connectRetryCount", "0");
            return new com.microsoft.sqlserver.jdbc.SQLServerDriver().connect("jdbc:sqlserver://", properties);
        }

        @Override
        public String toString() {
            return "SQL Server";
        }
    }
}
