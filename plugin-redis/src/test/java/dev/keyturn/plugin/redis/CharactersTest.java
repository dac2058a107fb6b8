package dev.keyturn.plugin.redis;

import static dev.keyturn.plugin.redis.Rig.credential;
import static dev.keyturn.plugin.redis.Rig.fresh;
import static dev.keyturn.plugin.redis.Rig.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.plugin.redis.RedisServer.Login;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CharactersTest {

    private static final RedisServer SERVER = Rig.WithAclFile.SERVER;
    private static final PasswordRules RULES = Rig.TARGET.passwordRules();
    private static final int LONGEST = 16_384;

    private static List<String> values() {
        List<String> values = new ArrayList<>(List.of("'", "''", "\\", "\\'", "it's \"%{}", "%s%n", "?", "${x}", "{}", ";", "--", "/*", "*/",
                "$", "$$", " a", "a ", "  ", "\"", "`id`", ">plain", "<plain", "#hash", "!x", "nopass", "resetpass", "*3", "$5", "+OK", "-ERR",
                "pässwörd", "p\u00e4", "pa\u0308", "密码", "пароль", "\ud83d\ude00", "\u00a0", "\ufb01", "\u200b", "\ufeffx", "x".repeat(LONGEST),
                "é".repeat(LONGEST / 2), "x".repeat(512), "x".repeat(513)));
        for (char c = ' '; c <= '~'; c++) {
            for (int run : new int[] {1, 2, 3, 20, 128}) {
                values.add(String.valueOf(c).repeat(run));
            }
            values.add("a" + c + "b");
            values.add(c + "ab");
            values.add("ab" + c);
        }
        Random random = new Random(20261123);
        while (values.size() < 2_800) {
            values.add(random.ints(1 + random.nextInt(40), random.nextInt(4) == 0 ? 0 : ' ', random.nextInt(4) == 0 ? 0x2ff : 0x7f)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString());
        }
        return values;
    }

    @Test
    void R9_everyValueIsHeldOrRefusedBeforeTheServerHearsOfIt() throws TargetException {
        Credential account = credential(SERVER, fresh("chars"), "first");
        SERVER.createUser(account.user(), "first");
        int held = 0;
        for (String value : values()) {
            if (RULES.refusal(value).isPresent()) {
                assertTrue(value.chars().anyMatch(Character::isISOControl), "refused without a reason");
                continue;
            }
            Credential next = account.with("password", value);
            if (next.sameLogin(account)) {
                continue;
            }
            try (TargetSession session = open(account)) {
                session.change(Change.of(account, next));
            }
            assertEquals(Login.ACCEPTED, SERVER.login(account.user(), value), () -> "characters " + value.chars().boxed().toList());
            assertEquals(Login.REFUSED, SERVER.login(account.user(), account.password()));
            account = next;
            held++;
        }
        assertTrue(held >= 2_000, "only " + held);
        open(account).close();
    }

    @Test
    void R9_theLimitIsTheServersOwn() throws TargetException {
        String user = fresh("long");
        SERVER.createUser(user, "x".repeat(LONGEST + 1));
        assertEquals(Login.REFUSED, SERVER.login(user, "x".repeat(LONGEST + 1)));
        assertTrue(RULES.refusal("x".repeat(LONGEST + 1)).isPresent());
        assertFalse(RULES.refusal("x".repeat(LONGEST)).isPresent());
        // Not the engine's way, which asks the rules first. The server hangs up, maybe before its reply is read.
        TargetException e = assertThrows(TargetException.class, () -> open(credential(SERVER, user, "x".repeat(LONGEST + 1))));
        assertNotEquals(Kind.REJECTED, e.kind());
    }

    @Test
    void R9_userNamesAreTakenAsTheyAre() throws TargetException {
        for (String odd : new String[] {"a'b", "a\"b", "back\\slash", "$x{}", "%s", ";--", "/*", "#hash", "@all", "~k", "näme", "名", "a|b"}) {
            String user = odd + fresh("");
            SERVER.createUser(user, "old");
            Credential from = credential(SERVER, user, "old");
            try (TargetSession session = open(from)) {
                assertTrue(session.identity().startsWith(user + "@"));
                session.survey(from);
                session.change(Change.of(from, from.with("password", "new")));
            }
            assertEquals(Login.ACCEPTED, SERVER.login(user, "new"));
            assertEquals(Login.REFUSED, SERVER.login(user, "old"));
        }
    }
}
