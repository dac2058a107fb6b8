package dev.keyturn.plugin.postgresql;

import static dev.keyturn.plugin.postgresql.Fixture.NEW;
import static dev.keyturn.plugin.postgresql.Fixture.OLD;
import static dev.keyturn.plugin.postgresql.Fixture.refused;
import static dev.keyturn.plugin.postgresql.Fixture.server;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TlsSettings;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;

/**
 * Behind a PgBouncer, where there is one: what it says of a password is not the server's word, and must not lead to trying
 * another stage (R5). It answers from a list of its own, or from what it asked the server for.
 */
class PgbouncerTest {

    /** Until 1.18 at least it takes no login with settings that it does not know, unless it is told so, as many are for JDBC's sake. */
    private static final String LENIENT = "ignore_startup_parameters = extra_float_digits, search_path";

    private static String program = "";

    @BeforeAll
    static void find() throws Exception {
        Optional<Path> found = Stream.concat(Stream.of(System.getenv().getOrDefault("KEYTURN_PGBOUNCER", "")),
                        Stream.of((System.getenv("PATH") + File.pathSeparator + "/usr/sbin").split(File.pathSeparator))
                                .map(folder -> folder + "/pgbouncer"))
                .map(Path::of).filter(Files::isExecutable).filter(Files::isRegularFile).findFirst();
        if (found.isEmpty()) {
            leaveOut("set KEYTURN_PGBOUNCER to the path of pgbouncer");
        }
        program = found.orElseThrow().toAbsolutePath().toString();
        Process version = shell(Pooler.NOT_AS_ROOT + "exec $as \"$0\" --version", program);
        String answer = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (version.waitFor() != 0) {
            leaveOut(program + " cannot be started here: " + answer.strip());
        }
        System.out.println("Also tested: " + answer.lines().findFirst().orElse(""));
    }

    private static void leaveOut(String why) {
        System.out.println("PgBouncer was not tested: " + why);
        Assumptions.abort(why);
    }

    private static Process shell(String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** One PgBouncer. It ends with the test, and also when the JVM is killed: a shell waits for the end of its own input. */
    private static final class Pooler implements AutoCloseable {

        // It refuses to run as root, who in a name space of its own is nobody. The PostgreSQL of these tests is started like that, too.
        static final String NOT_AS_ROOT = "as=; [ \"$(id -u)\" != 0 ] || as='unshare -U'\n";
        private static final String WATCH = NOT_AS_ROOT + """
                $as "$1" "$0/ini" > "$0/log" 2>&1 &
                cat > /dev/null
                kill -9 $!
                wait
                rm -rf "$0"
                """;

        private final Process process;
        private final int port;

        /** Passes logins on to a port of this machine; users are the lines of its list. */
        Pooler(int serverPort, String users, String... settings) throws IOException {
            Path folder = Files.createTempDirectory("keyturn-pgbouncer");
            port = freePort();
            Path list = Files.writeString(folder.resolve("users"), users);
            List<String> lines = new ArrayList<>(List.of("[databases]", "* = host=127.0.0.1 port=" + serverPort, "[pgbouncer]",
                    "listen_addr = 127.0.0.1", "listen_port = " + port, "unix_socket_dir =", "auth_type = scram-sha-256",
                    "auth_file = " + list, "default_pool_size = 1", "query_wait_timeout = 1"));
            lines.addAll(List.of(settings));
            Files.write(folder.resolve("ini"), lines);
            process = shell(WATCH, folder.toString(), program);
            Fixture.until("PgBouncer listens", this::listens);
        }

        private boolean listens() {
            try {
                new Socket(InetAddress.getByName("127.0.0.1"), port).close();
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        /** The answer to a question, by a login with nothing but the driver. */
        String ask(String user, String password, String question) throws SQLException {
            Properties properties = new Properties();
            properties.setProperty("user", user);
            properties.setProperty("password", password);
            properties.setProperty("sslmode", "disable");
            properties.setProperty("gssEncMode", "disable");
            try (Connection connection = new Driver().connect("jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
                    Statement statement = connection.createStatement(); ResultSet answer = statement.executeQuery(question)) {
                answer.next();
                return answer.getString(1);
            }
        }

        private Credential at(String user, String password) {
            return Fixture.credential(user, password).with(Credential.HOST, "127.0.0.1").with(Credential.PORT, Integer.toString(port));
        }

        void open(String user, String password) throws Exception {
            Fixture.open(at(user, password), TlsSettings.off()).close();
        }

        /** The same, with the survey's question, which asks for a lock. */
        void openForSurvey(String user, String password) throws Exception {
            new PostgresqlTarget().open(at(user, password), Fixture.context(TlsSettings.off(), 5_000).beforeSurvey()).close();
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            try {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    /** A line of the list: the verifier as the server has it now, with which PgBouncer can log in there itself. */
    private static String listed(String role) {
        return '"' + role + "\" \"" + server().query("SELECT rolpassword FROM pg_authid WHERE rolname = '" + role + "'").get(0) + "\"\n";
    }

    private static void changeOnTheServer(String role) {
        server().execute("ALTER ROLE " + role + " PASSWORD '" + NEW + "'");
    }

    @Test
    void asItComesItProvesNothing() throws Exception {
        String role = Fixture.role();
        try (Pooler pooler = new Pooler(server().port(), listed(role))) {
            refused(Kind.NOT_PROVABLE, () -> pooler.open(role, OLD));
            refused(Kind.NOT_PROVABLE, () -> pooler.open(role, NEW));
        }
    }

    @Test
    void theRightPasswordIsNotProvable() throws Exception {
        String role = Fixture.role();
        try (Pooler pooler = new Pooler(server().port(), listed(role), LENIENT)) {
            assertEquals(role, pooler.ask(role, OLD, "SELECT session_user"));
            refused(Kind.NOT_PROVABLE, () -> pooler.open(role, OLD));
        }
        try (Pooler pooler = asking()) {
            assertEquals(role, pooler.ask(role, OLD, "SELECT session_user"));
            refused(Kind.NOT_PROVABLE, () -> pooler.open(role, OLD));
        }
    }

    /** It goes on working, and says nothing about the server. */
    @Test
    void theOldPasswordIsNotProvableWhereTheListIsOld() throws Exception {
        String role = Fixture.role();
        try (Pooler pooler = new Pooler(server().port(), listed(role), LENIENT)) {
            assertEquals(role, pooler.ask(role, OLD, "SELECT session_user"));
            changeOnTheServer(role);
            assertEquals(role, pooler.ask(role, OLD, "SELECT session_user"));
            refused(Kind.NOT_PROVABLE, () -> pooler.open(role, OLD));
        }
        assertEquals(PostgresqlServer.Login.REFUSED, server().login(role, OLD));
    }

    /** Newer ones pass the server's refusal on, with its state. */
    @Test
    void aRefusalOfItsOwnLoginIsNotProvable() throws Exception {
        String role = Fixture.role();
        String list = listed(role);
        changeOnTheServer(role);
        try (Pooler pooler = new Pooler(server().port(), list, LENIENT)) {
            refused(Kind.NOT_PROVABLE, () -> pooler.open(role, OLD));
        }
        Fixture.until("the server has logged it", () -> server().refusedLogins(role) > 0);
    }

    /** It may be another client's, which goes on with it. */
    @Test
    void theSessionBehindItIsLeftAsItWas() throws Exception {
        String role = Fixture.role();
        String settings = "SELECT concat_ws(' ', pg_backend_pid(), current_setting('statement_timeout'), current_setting('synchronous_commit'))";
        try (Pooler pooler = new Pooler(server().port(), listed(role), LENIENT, "pool_mode = transaction")) {
            String before = pooler.ask(role, OLD, settings);
            refused(Kind.NOT_PROVABLE, () -> pooler.open(role, OLD));
            refused(Kind.NOT_PROVABLE, () -> pooler.openForSurvey(role, OLD));
            assertEquals(before, pooler.ask(role, OLD, settings));
            assertEquals("0", pooler.ask(role, OLD, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"));
        }
    }

    @Test
    void aPasswordOrARoleThatIsNotInItsListIsNotProvable() throws Exception {
        String role = Fixture.role();
        String unlisted = Fixture.role();
        try (Pooler pooler = new Pooler(server().port(), listed(role), LENIENT)) {
            refused(Kind.NOT_PROVABLE, () -> pooler.open(role, NEW));
            refused(Kind.NOT_PROVABLE, () -> pooler.open(unlisted, OLD));
        }
        assertEquals(0, server().refusedLogins(role) + server().refusedLogins(unlisted), "the server was not asked");
    }

    @Test
    void theNewPasswordIsNotProvableWhereTheListIsOld() throws Exception {
        String role = Fixture.role();
        try (Pooler pooler = new Pooler(server().port(), listed(role), LENIENT)) {
            changeOnTheServer(role);
            refused(Kind.NOT_PROVABLE, () -> pooler.open(role, NEW));
        }
    }

    @Test
    void aWrongPasswordIsNotProvableWhereItAsksTheServerForTheVerifier() throws Exception {
        String role = Fixture.role();
        try (Pooler pooler = asking()) {
            refused(Kind.NOT_PROVABLE, () -> pooler.open(role, NEW));
            refused(Kind.NOT_PROVABLE, () -> pooler.open("nobody", OLD));
            changeOnTheServer(role);
            refused(Kind.NOT_PROVABLE, () -> pooler.open(role, OLD));
        }
    }

    private static Pooler asking() throws IOException {
        return new Pooler(server().port(), '"' + server().adminUser() + "\" \"" + server().adminPassword() + "\"\n", LENIENT,
                "auth_user = " + server().adminUser());
    }

    @Test
    void aDeadServerBehindItIsNotProvableWhateverThePassword() throws Exception {
        String role = Fixture.role();
        try (Pooler pooler = new Pooler(freePort(), listed(role), LENIENT)) {
            refused(Kind.NOT_PROVABLE, () -> pooler.open(role, OLD));
            refused(Kind.NOT_PROVABLE, () -> pooler.open(role, NEW));
        }
    }
}
