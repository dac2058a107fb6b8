package dev.keyturn.plugin.redis;

import static dev.keyturn.plugin.redis.Rig.fresh;
import static dev.keyturn.plugin.redis.Rig.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import dev.keyturn.plugin.redis.RedisServer.Login;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A proxy stands before the server and loses one command or one reply after the other. */
class LostReplyTest {

    private static final RedisServer SERVER = Rig.WithAclFile.SERVER;

    private enum Fault { BEFORE, AFTER, PROXY_ERROR_AFTER, SILENT_AFTER }

    /** Rotates through the proxy with a fault at one command; the commands that came through. */
    private static List<String> rotate(int faultAt, Fault fault) throws IOException {
        String user = fresh("lost");
        SERVER.createUser(user, "old");
        List<String> commands = new ArrayList<>();
        try (RawRedis server = new RawRedis(SERVER.host(), SERVER.port());
                FakeRedis proxy = new FakeRedis(command -> {
                    commands.add(command.get(0) + " " + (command.get(0).equals("AUTH") ? "" : command.get(1)));
                    if (commands.size() - 1 != faultAt) {
                        return FakeRedis.forward(server, command);
                    }
                    if (fault != Fault.BEFORE) {
                        FakeRedis.forward(server, command);
                    }
                    return fault == Fault.SILENT_AFTER ? FakeRedis.SILENT
                            : fault == Fault.PROXY_ERROR_AFTER ? FakeRedis.error("ERR upstream failure") : FakeRedis.CUT;
                })) {
            Credential from = Credential.of(SERVER.fields(user, "old")).with("port", String.valueOf(proxy.port()));
            Kind kind = null;
            try (TargetSession session = Rig.TARGET.open(from, Rig.context(fault == Fault.SILENT_AFTER ? 300 : 5_000, TlsSettings.off()))) {
                session.survey(from);
                session.change(Change.of(from, from.with("password", "new")));
            } catch (TargetException e) {
                kind = e.kind();
            }
            boolean sent = commands.contains("ACL SETUSER");
            boolean live = SERVER.login(user, "new") == Login.ACCEPTED;
            String seen = fault + " at " + commands + ": " + kind + ", live " + live;
            assertEquals(live ? Login.REFUSED : Login.ACCEPTED, SERVER.login(user, "old"), seen);
            if (faultAt >= 0 && fault != Fault.PROXY_ERROR_AFTER) {
                assertEquals(sent ? Kind.UNKNOWN : Kind.UNREACHABLE, kind, seen);
            }
            if (live) {
                assertTrue(kind == null || kind == Kind.UNKNOWN, seen);
            } else {
                assertTrue(kind != null, seen);
            }
        }
        return commands;
    }

    @Test
    void R5_aLostReplyIsUnknownFromTheChangeOnAndUnreachableBefore() throws IOException {
        List<String> all = rotate(-1, Fault.BEFORE);
        assertTrue(all.contains("ACL SETUSER") && all.contains("ACL SAVE"), all.toString());
        for (Fault fault : Fault.values()) {
            for (int at = 0; at < all.size(); at++) {
                rotate(at, fault);
            }
        }
    }

    @Test
    void aServerThatClosedTheConnectionIsNotAskedOnASecondOne() throws Exception {
        String user = fresh("closed");
        SERVER.createUser(user, "old");
        Credential from = Credential.of(SERVER.fields(user, "old"));
        int logins = SERVER.logins();
        try (TargetSession session = Rig.open(from)) {
            SERVER.admin("CLIENT", "KILL", "USER", user);
            refused(Kind.UNREACHABLE, () -> session.survey(from));
            refused(Kind.UNREACHABLE, () -> session.change(Change.of(from, from.with("password", "new"))));
        }
        assertEquals(logins + 1, SERVER.logins());
        assertEquals(Login.ACCEPTED, SERVER.login(user, "old"));
    }
}
