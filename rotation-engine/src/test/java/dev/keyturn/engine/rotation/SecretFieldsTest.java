package dev.keyturn.engine.rotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetSchema;
import dev.keyturn.api.TargetSchema.Field;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.secretmanager.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Which key is which field: a wrong guess would change another account or send a password elsewhere. */
class SecretFieldsTest {

    private static final TargetSchema SCHEMA = TargetSchema.of(Field.required("host", "hostname"), Field.defaulted("port", "5432"),
            Field.required("user", "username", "login"), Field.required("password"), Field.optional("ca"));

    private static SecretFields fields(Map<String, String> mapping, String key) {
        return new SecretFields(SCHEMA, mapping, key);
    }

    private static ObjectNode document() {
        return Json.object().put("hostname", "db1").put("username", "app").put("secret", "value");
    }

    @Test
    void theRotatingKeyIsThePassword_whateverItsName_andAliasesAndDefaultsFillTheRest() throws Failure {
        Credential credential = fields(Map.of(), "secret").credential(document());
        assertEquals(List.of(Optional.of("db1"), Optional.of("5432"), Optional.of("app"), Optional.of("value"), Optional.empty()),
                List.of("host", "port", "user", "password", "ca").stream().map(credential::find).toList());
    }

    @Test
    void theArgumentFieldsHasTheLastWord() throws Failure {
        ObjectNode document = document().put("other", "app2").put("number", 6543).put("yes", true);
        SecretFields fields = fields(Map.of("user", "other", "port", "number", "ca", "yes"), "secret");
        Credential credential = fields.credential(document);
        assertEquals(List.of(Optional.of("app2"), Optional.of("6543"), Optional.of("true")), List.of("user", "port",
                "ca").stream().map(credential::find).toList());
        assertEquals(Optional.of("other"), fields.userKey(document));
        assertEquals(Optional.of("other"), fields.mappedUser());
        assertEquals(Optional.of("username"), fields(Map.of(), "secret").userKey(document()));
        assertEquals(Optional.empty(), fields(Map.of(), "secret").mappedUser());
        assertEquals(Optional.empty(), fields(Map.of(), "secret").userKey(Json.object()));
        assertEquals(Optional.empty(), new SecretFields(TargetSchema.of(Field.required("password")), Map.of(), "x").userKey(document()));
    }

    @Test
    void aFieldThatIsMissingIsNamed_withWhatWasLookedFor() {
        Failure failure = assertThrows(Failure.class, () -> fields(Map.of(), "secret").credential(Json.object().put("host", "db1").put("secret", "value")));
        assertEquals(ErrorCode.FIELD_MISSING, failure.code());
        assertEquals("the secret has no key for the field \"user\": looked for [user, username, login], found [host, secret]", failure.text());
        failure = assertThrows(Failure.class, () -> fields(Map.of("user", "who"), "secret").credential(document()));
        assertEquals("the secret has no key for the field \"user\": looked for \"who\" (argument \"fields\"), found [hostname, username, secret]",
                failure.text());
    }

    @Test
    void twoKeysForOneFieldAreAmbiguous_onlyIfTheyDiffer() throws Failure {
        Failure failure = assertThrows(Failure.class, () -> fields(Map.of(), "secret").credential(document().put("login", "app2")));
        assertEquals(ErrorCode.FIELD_AMBIGUOUS, failure.code());
        assertEquals("the field \"user\" could be any of the secret's keys [username, login], and their values differ", failure.text());
        assertEquals(Optional.of("app"), fields(Map.of(), "secret").credential(document().put("login", "app")).find("user"));
        assertEquals(Optional.of("app"), fields(Map.of(), "login").credential(document().put("login", "app2")).find("user"));
    }

    @Test
    void r12_aKeyThatIsAnotherFieldCannotRotate() throws Failure {
        for (String key : List.of("host", "hostname", "username", "ca")) {
            Failure failure = assertThrows(Failure.class, () -> fields(Map.of(), key).checkRotatingKey(document().put(key, "x")), key);
            assertEquals(ErrorCode.KEY_CANNOT_ROTATE, failure.code());
            assertTrue(failure.text().startsWith("the secret rotates the key \"" + key + "\", which is the target's "), failure.text());
        }
        assertEquals(ErrorCode.KEY_CANNOT_ROTATE,
                assertThrows(Failure.class, () -> fields(Map.of("host", "secret"), "secret").checkRotatingKey(document())).code());
        assertEquals("the secret rotates the key \"secret\", but the argument \"fields\" says that the password is \"other\"",
                assertThrows(Failure.class, () -> fields(Map.of("password", "other"), "secret").checkRotatingKey(document())).getMessage());
        fields(Map.of("password", "secret"), "secret").checkRotatingKey(document());
        fields(Map.of("host", "hostname"), "host").checkRotatingKey(document().put("host", "x"));
        fields(Map.of(), "password").checkRotatingKey(document().put("password", "x"));
    }

    @Test
    void aRotatingKeyWithoutATextIsRefused() throws Failure {
        ObjectNode nested = Json.object();
        nested.putObject("secret");
        for (ObjectNode document : List.of(Json.object(), Json.object().put("secret", ""), Json.object().putNull("secret"), nested)) {
            Failure failure = assertThrows(Failure.class, () -> fields(Map.of(), "secret").checkRotatingKey(document));
            assertEquals(ErrorCode.FIELD_MISSING, failure.code());
            assertEquals("add the key to the secret, or choose another rotation target in Secret Manager", failure.fix());
        }
        fields(Map.of(), "secret").checkRotatingKey(Json.object().put("secret", 4711));
    }

    @Test
    void aKeyThatIsTheUserRotatesTheUser() {
        assertTrue(fields(Map.of(), "username").rotatesUser());
        assertTrue(fields(Map.of("user", "who"), "who").rotatesUser());
        assertFalse(fields(Map.of("user", "who"), "username").rotatesUser());
        assertFalse(fields(Map.of(), "host").rotatesUser());
    }

    @Test
    void twoDocumentsAreTheSameIfAllRotatingValuesAre() {
        ObjectNode one = Json.object().put("a", "1").put("b", "2").put("c", "3");
        assertTrue(SecretFields.same(one, Json.object().put("a", 1).put("b", "2"), List.of("a", "b")));
        assertFalse(SecretFields.same(one, Json.object().put("a", "1").put("b", "other"), List.of("a", "b")));
        assertFalse(SecretFields.same(one, Json.object().put("a", "1"), List.of("a", "b")));
    }
}
