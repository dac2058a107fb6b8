package dev.keyturn.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomTextTest {

    private final RandomText random = new RandomText();

    @RepeatedTest(50)
    void by_default_every_type_is_there_and_a_space_is_a_type() throws Refusal {
        String text = generate("{\"length\":5}");
        assertEquals(5, text.length());
        for (String type : new String[] {"[A-Z]", "[a-z]", "[0-9]", "[^A-Za-z0-9 ]", " "}) {
            assertTrue(text.matches(".*" + type + ".*"), type);
        }
    }

    @RepeatedTest(50)
    void what_is_excluded_is_not_there() throws Refusal {
        String text = generate("{\"length\":32,\"includeSpace\":false,\"excludeCharacters\":\"`&+\\\\\\\"'/abc0\"}");
        assertEquals(32, text.length());
        assertFalse(text.matches(".*[ `&+\\\\\"'/abc0].*"), text);
    }

    @RepeatedTest(20)
    void types_can_be_excluded() throws Refusal {
        assertTrue(generate("{\"length\":32,\"includeSpace\":false,\"excludePunctuation\":true,\"excludeUppercase\":true,"
                + "\"excludeLowercase\":true}").matches("[0-9]{32}"));
        assertTrue(generate("{\"length\":32,\"includeSpace\":false,\"excludeNumbers\":true,\"excludePunctuation\":true}")
                .matches("[A-Za-z]{32}"));
    }

    @Test
    void types_need_not_all_be_there_if_that_is_asked_for() throws Refusal {
        // Of 2,000 texts of 5 characters out of 95, fewer than 1 in 10 have a space; with the default all have.
        int spaces = 0;
        for (int i = 0; i < 2000; i++) {
            spaces += generate("{\"length\":5,\"requireEachIncludedType\":false}").contains(" ") ? 1 : 0;
        }
        assertTrue(spaces > 0 && spaces < 1000, "texts with a space: " + spaces);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"length\":null}", "{\"length\":4}", "{\"length\":33}",
        "{\"length\":\"12\"}", "{\"length\":12.5}", "{\"length\":12,\"includeSpace\":\"false\"}",
        "{\"length\":12,\"excludeCharacters\":[]}", "{\"length\":12,\"includeSpaces\":false}",
        "{\"length\":12,\"includeSpace\":false,\"excludePunctuation\":true,\"excludeUppercase\":true,"
            + "\"excludeLowercase\":true,\"excludeNumbers\":true}"})
    void anything_undocumented_is_refused(String body) {
        assertEquals(ApiError.INVALID_REQUEST, assertThrows(Refusal.class, () -> generate(body)).error);
    }

    @RepeatedTest(50)
    void a_pending_value_holds_what_many_targets_cannot_take() {
        String text = random.pendingValue();
        assertEquals(12, text.length());
        assertTrue(text.contains("{") && text.contains("="), text);
    }

    private String generate(String body) throws Refusal {
        return random.generate(Json.read(body, "the body"), true);
    }
}
