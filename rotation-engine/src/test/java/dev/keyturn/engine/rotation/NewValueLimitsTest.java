package dev.keyturn.engine.rotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.PasswordRules;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where a wish for a new value just can be met, and where it just cannot. */
class NewValueLimitsTest {

    private static final PasswordRules RULES = PasswordRules.standard();

    @Test
    void theShortestAndTheLongestLengthAreAllowed() {
        assertEquals(List.of(true, false, false, true), List.of(7, 8, 20, 21).stream().map(length -> NewValue.impossible(RULES, length,
                "").isPresent()).toList());
    }

    @Test
    void eachClassOfLettersAndDigitsIsNeeded_symbolsAreNot() {
        for (String all : List.of("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789")) {
            assertEquals(Optional.of("no lower-case letter, no upper-case letter or no digit is left"), NewValue.impossible(RULES, null, all));
            assertTrue(NewValue.impossible(RULES, null, all.substring(1)).isEmpty());
        }
        assertTrue(NewValue.impossible(RULES, null, PasswordRules.SAFE_SYMBOLS).isEmpty());
    }

    @Test
    void aNameOfThreeCharactersIsAvoided_aShorterOneWouldLeaveTooLittle() {
        NewValue wish = NewValue.of(RULES, 8, "");
        assertEquals(Optional.of("it contains the account's name"), wish.misfit("xAbC1!yz", "abc"));
        assertTrue(wish.misfit("xAbC1!yz", "ab").isEmpty());
    }
}
