package dev.keyturn.engine.rotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.PasswordRules;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class NewValueTest {

    private static final PasswordRules RULES = PasswordRules.standard();

    @Test
    void everyValueHasEveryClass_beginsWithALetter_andAvoidsTheUser() {
        NewValue wish = NewValue.of(RULES, 8, "");
        for (int seed = 0; seed < 5_000; seed++) {
            String value = wish.make(new Random(seed), "abc");
            assertEquals(8, value.length());
            assertTrue(value.matches("(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[!#*_=^~-])[A-Za-z][A-Za-z0-9!#*_=^~-]{7}"), value);
            assertFalse(value.toLowerCase(java.util.Locale.ROOT).contains("abc"), value);
        }
    }

    @Test
    void noCharacterIsFavoured() {
        Map<Character, Integer> counts = new HashMap<>();
        Random random = new Random(42);
        NewValue wish = NewValue.of(RULES, 20, "");
        int values = 20_000;
        for (int i = 0; i < values; i++) {
            for (char c : wish.make(random, "").substring(1).toCharArray()) {
                counts.merge(c, 1, Integer::sum);
            }
        }
        assertEquals(70, counts.size());
        // Within its class each is as likely as any other: 19 places, classes slightly shifted by the demand for one of each.
        for (String same : new String[] {"abcdefghijklmnopqrstuvwxyz", "0123456789", PasswordRules.SAFE_SYMBOLS}) {
            double mean = same.chars().map(c -> counts.get((char) c)).average().orElseThrow();
            same.chars().forEach(c -> assertEquals(1.0, counts.get((char) c) / mean, 0.06, Character.toString(c)));
        }
    }

    @Test
    void excludedCharactersNeverAppear_andSymbolsMayBeExcludedWhole() {
        NewValue wish = NewValue.of(RULES, 20, "abc123" + PasswordRules.SAFE_SYMBOLS);
        for (int seed = 0; seed < 1_000; seed++) {
            assertTrue(wish.make(new Random(seed), "").matches("[A-Zd-z4-90]+"));
        }
    }

    @Test
    void aWishThatNoValueMeetsIsFoundOut() {
        assertTrue(NewValue.impossible(RULES, 7, "").isPresent());
        assertTrue(NewValue.impossible(RULES, 21, "").isPresent());
        assertTrue(NewValue.impossible(RULES, null, "0123456789").isPresent());
        assertTrue(NewValue.impossible(RULES, null, "").isEmpty());
    }

    @Test
    void theServiceIsNeverAskedForASpace() {
        ObjectNode body = NewValue.of(RULES, 16, "").wish();
        assertEquals("{\"length\":16,\"excludeCharacters\":\"\\\"$%&'()+,./:;<>?@[\\\\]`{|}\",\"excludePunctuation\":false,"
                + "\"includeSpace\":false,\"requireEachIncludedType\":true}", body.toString());
    }

    @Test
    void aMisfitIsToldWithoutItself() {
        NewValue wish = NewValue.of(RULES, 8, "");
        assertTrue(wish.misfit("Ab1!Ab1!", "").isEmpty());
        for (String bad : new String[] {"Ab1!Ab1", "Ab1 Ab1!", "ab1!ab1!", "AB1!AB1!", "Abx!Abx!", "Ab12Ab12", "Ab1!user"}) {
            String reason = wish.misfit(bad, "user").orElseThrow();
            assertFalse(reason.contains(bad));
        }
    }
}
