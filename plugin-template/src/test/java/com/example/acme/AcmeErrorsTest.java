package com.example.acme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kit cannot know your error codes, so they have a test of their own. */
class AcmeErrorsTest {

    @ParameterizedTest
    @CsvSource({"401, REJECTED", "403, LOCKED", "423, LOCKED", "429, UNREACHABLE", "500, UNREACHABLE", "503, UNREACHABLE",
        "302, MISCONFIGURED", "404, MISCONFIGURED", "-1, MISCONFIGURED"})
    void answersToALogin(int status, Kind kind) {
        assertEquals(kind, AcmeErrors.atLogin(status).kind());
    }

    @ParameterizedTest
    @CsvSource({"401, CONFLICT", "403, FORBIDDEN", "404, MISCONFIGURED", "400, VALUE_REFUSED", "422, VALUE_REFUSED", "405, READ_ONLY",
        "200, UNKNOWN", "500, UNKNOWN", "502, UNKNOWN", "504, UNKNOWN", "-1, UNKNOWN"})
    void answersToAChange(int status, Kind kind) {
        assertEquals(kind, AcmeErrors.atChange(status).kind());
    }

    private static Kind kind(AcmeService service, String user, Map<String, String> options) {
        return assertThrows(TargetException.class, () -> open(service, user, options)).kind();
    }

    private static TargetSession open(AcmeService service, String user, Map<String, String> options) throws TargetException {
        return new AcmeTarget().open(Credential.of(Map.of("host", "127.0.0.1", "port", Integer.toString(service.port()),
                "user", user, "password", "token-of-" + user)), TargetContext.of(10_000, 10_000, TlsSettings.off(), options));
    }

    @Test
    void whatThePreflightFinds() throws Exception {
        try (AcmeService service = AcmeService.start("")) {
            service.put("readonly", "token-of-readonly", "reader");
            service.put("app", "token-of-app", "writer");
            Credential other = Credential.of(Map.of("user", "readonly", "password", "token-of-readonly"));
            try (TargetSession reader = open(service, "readonly", Map.of()); TargetSession writer = open(service, "app", Map.of())) {
                assertEquals(Kind.FORBIDDEN, assertThrows(TargetException.class, () -> reader.survey(other)).kind());
                assertEquals(Kind.FORBIDDEN, assertThrows(TargetException.class, () -> writer.survey(other)).kind());
                Change change = Change.of(other, other.with(Credential.PASSWORD, "a-new-token-of-readonly"));
                assertEquals(Kind.FORBIDDEN, assertThrows(TargetException.class, () -> writer.change(change)).kind());
            }
        }
    }

    @Test
    void whatTheSecretOrTheOptionsGotWrong() throws Exception {
        try (AcmeService service = AcmeService.start("")) {
            service.put("app", "token-of-app", "writer");
            assertEquals(Kind.MISCONFIGURED, kind(service, "app", Map.of(AcmeTarget.BASE_PATH, "/elsewhere")));
            assertEquals(Kind.MISCONFIGURED, kind(service, "app", Map.of(AcmeTarget.BASE_PATH, "/?x=")));
            assertEquals(Kind.MISCONFIGURED, kind(service, "app:token", Map.of()));
            assertEquals(Kind.REJECTED, kind(service, "nobody", Map.of()));
        }
    }
}
