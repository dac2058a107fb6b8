package dev.keyturn.plugin.mssql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.plugin.mssql.TdsStandIn.Answer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R9: no field of a secret changes a statement or a connection setting. */
class InjectionTest {

    private TdsStandIn server;

    @BeforeEach
    void start() throws IOException {
        server = TdsStandIn.startWithoutTls();
        server.createLogin("app", "Old-1st_Value");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"o'brien", "a]b", "]", "[a]", "x] WITH PASSWORD = N'y'; --", "x'); ALTER LOGIN [app] DISABLE; --",
        "app;databaseName=evil;encrypt=false", "app;trustServerCertificate=true", "?allowLoadLocalInfile=true", "\"quoted\"",
        "{braced}", "{call x}", "a{b", "app@server", "dom\\user", "/*", "--", "%s", "${user}", " lead", "trail ", "\u00fcnicode",
        "\uc0ac\uc6a9\uc790", "N'x'"})
    void aHostileNameIsAName(String name) throws Exception {
        for (String database : new String[] {null, "shop;user=sa", "d]b'x"}) {
            if (database == null) {
                server.createLogin(name, "Old-1st_Value");
            } else {
                server.createContainedUser(database, name, "Old-1st_Value");
            }
            Credential from = Plain.credential(server, name, "Old-1st_Value");
            Credential admin = Plain.credential(server, server.adminUser(), server.adminPassword());
            if (database != null) {
                from = from.with("database", database);
                admin = admin.with("database", database);
            }
            Credential second = from.with("password", "New-2nd_Value");
            try (TargetSession session = new MssqlTarget().open(from, Plain.context(5_000))) {
                assertEquals(name + (database == null ? "@STAND-IN" : "@STAND-IN/" + database), session.identity());
                session.survey(from);
                session.change(Change.of(from, second));
            }
            assertEquals(Answer.ACCEPTED, server.attempt(name, "New-2nd_Value", database));
            try (TargetSession session = new MssqlTarget().open(admin, Plain.context(5_000))) {
                session.survey(from);
                session.change(Change.of(second, from.with("password", "Third-3rd_Value")));
            }
            assertEquals(Answer.ACCEPTED, server.attempt(name, "Third-3rd_Value", database));
        }
        assertEquals(Answer.ACCEPTED, server.attempt("app", "Old-1st_Value"), "nobody else was changed");
        assertEquals(Answer.ACCEPTED, server.attempt(server.adminUser(), server.adminPassword()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "a\nb", "a\r", "\t", "\u0085"})
    void aControlCharacterInANameIsRefusedBeforeAnyConnection(String name) {
        for (String field : new String[] {"user", "database"}) {
            Credential credential = Plain.credential(server, "app", "Old-1st_Value").with(field, name);
            assertEquals(Kind.MISCONFIGURED, assertThrows(TargetException.class,
                    () -> new MssqlTarget().open(credential, Plain.context(5_000))).kind());
        }
        assertEquals(0, server.acceptedLogins() + server.refusedLogins());
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1;encrypt=false", "127.0.0.1\\SQLEXPRESS", "127.0.0.1,1433", "a/b", "a b", "a?b=c", "[::1]"})
    void aHostIsAHost(String host) {
        Credential credential = Plain.credential(server, "app", "Old-1st_Value").with("host", host);
        assertEquals(Kind.MISCONFIGURED, assertThrows(TargetException.class,
                () -> new MssqlTarget().open(credential, Plain.context(5_000))).kind());
    }

    @Test
    void anIpv6AddressIsAHost() throws Exception {
        // Nobody listens there; what counts is that the driver takes the address for one.
        Credential credential = Plain.credential(server, "app", "Old-1st_Value").with("host", "::1");
        TargetException e = assertThrows(TargetException.class,
                () -> new MssqlTarget().open(credential, Plain.context(5_000)));
        assertEquals(Kind.UNREACHABLE, e.kind(), e.getMessage());
    }

    @Test
    void aNameThatIsTooLongIsRefused() {
        Credential credential = Plain.credential(server, "x".repeat(129), "Old-1st_Value");
        TargetException e = assertThrows(TargetException.class,
                () -> new MssqlTarget().open(credential, Plain.context(5_000)));
        assertEquals(Kind.MISCONFIGURED, e.kind());
        assertTrue(e.getMessage().contains("\"user\""), e.getMessage());
    }
}
