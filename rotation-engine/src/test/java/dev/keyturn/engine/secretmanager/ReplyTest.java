package dev.keyturn.engine.secretmanager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {

    @ParameterizedTest
    @ValueSource(strings = {"{\"code\":\"SUCCESS\",\"data\":null}", "{\"code\":\"SUCCESS\",\"data\":\"null\"}", "{\"code\":\"SUCCESS\"}"})
    void successMayBringNoData(String body) {
        assertInstanceOf(Reply.Success.class, HttpSecretManager.reply(200, body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "<html>", "{\"code\":\"FAIL\"}", "{\"data\":{}}", "[]", "{\"code\":\"SUCCESS\"} trailing"})
    void aBodyThatIsNotTheDocumentedOneProvesNothing(String body) {
        assertInstanceOf(Reply.Unclear.class, HttpSecretManager.reply(200, body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"error\":{\"errorCode\":\"300\",\"message\":\"m\"}}", "{\"error\":{\"errorCode\":300}}"})
    void anErrorCodeMayBeTextOrNumber(String body) {
        Reply.Refused refused = assertInstanceOf(Reply.Refused.class, HttpSecretManager.reply(404, body));
        assertEquals("300", refused.code());
    }

    @Test
    void anErrorsOwnWordsAreNotRepeated() {
        Reply.Refused refused = assertInstanceOf(Reply.Refused.class,
                HttpSecretManager.reply(400, "{\"error\":{\"errorCode\":\"<secret value>\",\"message\":\"secret\",\"details\":\"secret\"}}"));
        assertFalse(refused.what().contains("secret"), refused.what());
    }

    @Test
    void statusDecides() {
        assertInstanceOf(Reply.Throttled.class, HttpSecretManager.reply(429, "{}"));
        assertInstanceOf(Reply.Refused.class, HttpSecretManager.reply(422, "not JSON"));
        for (int unclear : new int[] {302, 408, 500, 502, 503, 504}) {
            assertInstanceOf(Reply.Unclear.class, HttpSecretManager.reply(unclear, "{}"), "HTTP " + unclear);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"previous\":null,\"pending\":null", "\"previous\":\"\",\"pending\":\"\"", "\"x\":1", "\"pending\":\"not JSON\""})
    void emptyStagesComeInManyForms(String others) throws Failure {
        SecretChain chain = SecretChain.of(Json.object(
                "{\"decryptedSecretChain\":{\"active\":\"{\\\"a\\\":1}\"," + others + "},\"rotationTargets\":[\"a\",\"a\",7]}").orElseThrow());
        assertTrue(chain.previous().isEmpty() && chain.pending().isEmpty());
        assertEquals(java.util.List.of("a"), chain.rotatingKeys());
        assertFalse(chain.toString().contains("{"), "no value in " + chain);
    }

    @Test
    void numbersOfASecretSurvive() {
        String text = "{\"a\":1.10,\"b\":12345678901234567890,\"c\":1e400,\"d\":\"\\u0041\"}";
        assertEquals("{\"a\":1.10,\"b\":12345678901234567890,\"c\":1E+400,\"d\":\"A\"}", Json.text(Json.object(text).orElseThrow()));
    }
}
