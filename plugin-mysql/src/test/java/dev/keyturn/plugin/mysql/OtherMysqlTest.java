package dev.keyturn.plugin.mysql;

import static dev.keyturn.api.TargetException.Kind.CONFLICT;
import static dev.keyturn.api.TargetException.Kind.REJECTED;
import static dev.keyturn.api.TargetException.Kind.VALUE_REFUSED;
import static dev.keyturn.plugin.mysql.Shared.name;
import static dev.keyturn.plugin.mysql.Shared.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import org.junit.jupiter.api.Test;

/** The same promises on another MySQL (9.x), where there is one; in one test, since the server takes its time to start. */
class OtherMysqlTest {

    private MysqlServer server;

    private TargetSession open(String user, String password) throws TargetException {
        return new MysqlTarget().open(Shared.credential(server, user, password),
                Shared.context(TlsSettings.verify().withCa(server.ca())));
    }

    private void change(String admin, String user, String from, String to, boolean keep) throws TargetException {
        Change change = Change.of(Shared.credential(server, user, from), Shared.credential(server, user, to));
        try (TargetSession session = admin.isEmpty() ? open(user, from) : open(admin, admin)) {
            assertTrue(session.survey(change.to()).overlap());
            session.change(keep ? change.keepingFrom() : change);
        }
    }

    private void logins(String user, String... passwords) {
        for (String password : passwords) {
            boolean refused = password.startsWith("!");
            assertEquals(refused ? MysqlServer.Login.REFUSED : MysqlServer.Login.ACCEPTED,
                    server.login(user, refused ? password.substring(1) : password), password);
        }
    }

    @Test
    void itKeepsItsPromisesThereToo() throws TargetException {
        server = MysqlServer.startOther().orElse(null);
        if (server == null) {
            System.out.println("No other MySQL was tested: set KEYTURN_MYSQLD9 to the path of its mysqld (see src/test/servers/fetch.sh)");
            return;
        }
        try (MysqlServer closed = server) {
            assertTrue(closed.port() > 0);
            System.out.println("Also tested: MySQL " + server.value("SELECT VERSION()"));
            for (String admin : new String[] {"", "root"}) {
                String user = name();
                server.createAccount(user, "old-1", Shared.OVERLAP);
                refused(REJECTED, () -> open(user, "wrong"));
                change(admin, user, "old-1", "lost", true);
                refused(CONFLICT, () -> change(admin, user, "old-1", "lost", true));
                change(admin, user, "old-1", "new-1", true);
                logins(user, "old-1", "new-1", "!lost");
                try (TargetSession session = open(admin.isEmpty() ? user : admin, admin.isEmpty() ? "new-1" : admin)) {
                    session.change(Change.of(Shared.credential(server, user, "new-1"), Shared.credential(server, user, "new-1"))
                            .retiring(Shared.credential(server, user, "old-1")));
                }
                logins(user, "!old-1", "new-1");
                change(admin, user, "new-1", "new-2", true);
                change(admin, user, "new-2", "new-3", false);
                logins(user, "!new-1", "!new-2", "new-3");
                String from = "new-3";
                for (String value : CharactersTest.values(1).subList(0, 60)) {
                    change(admin, user, from, value, true);
                    logins(user, from, value);
                    from = value;
                }
            }
            String user = name();
            server.createAccount(user, "old-1");
            server.execute("ALTER USER " + user + " PASSWORD EXPIRE");
            try (TargetSession session = open(user, "old-1")) {
                session.change(Change.of(Shared.credential(server, user, "old-1"), Shared.credential(server, user, "new\\'1")));
            }
            logins(user, "!old-1", "new\\'1");
            server.execute("INSTALL COMPONENT 'file://component_validate_password'");
            try (TargetSession session = open(user, "new\\'1")) {
                refused(VALUE_REFUSED, () -> session.change(
                        Change.of(Shared.credential(server, user, "new\\'1"), Shared.credential(server, user, "weak"))));
            }
            logins(user, "new\\'1");
        }
    }
}
