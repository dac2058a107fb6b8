package dev.keyturn.plugin.mssql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code options.tls} means what it says, and there is no way down from it. */
class TlsTest {

    private static TdsStandIn encrypted;
    private static TdsStandIn plain;

    @BeforeAll
    static void start() throws IOException {
        encrypted = TdsStandIn.start();
        plain = TdsStandIn.startWithoutTls();
        encrypted.createLogin("app", "Old-1st_Value");
        plain.createLogin("app", "Old-1st_Value");
    }

    @AfterAll
    static void stop() throws IOException {
        encrypted.close();
        plain.close();
    }

    private static String login(TdsStandIn server, String host, TlsSettings tls) throws TargetException {
        Credential credential = Plain.credential(server, "app", "Old-1st_Value").with("host", host);
        try (TargetSession session = new MssqlTarget().open(credential, TargetContext.of(10_000, 10_000, tls, Map.of()))) {
            return session.identity();
        }
    }

    private static TargetException refused(TdsStandIn server, String host, TlsSettings tls) {
        int logins = server.acceptedLogins() + server.refusedLogins();
        TargetException e = assertThrows(TargetException.class, () -> login(server, host, tls));
        assertEquals(logins, server.acceptedLogins() + server.refusedLogins(), "no password crossed");
        return e;
    }

    @Test
    void theRightAuthorityAndNameAreAccepted() throws Exception {
        assertEquals("app@STAND-IN", login(encrypted, "127.0.0.1", TlsSettings.verify().withCa(encrypted.ca())));
    }

    @Test
    void anUnknownAuthorityIsExplainedWithTheFingerprint() throws Exception {
        byte[] certificate = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(encrypted.ca().getBytes(StandardCharsets.UTF_8))).getEncoded();
        String fingerprint = HexFormat.ofDelimiter(":").withUpperCase()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate));

        TargetException e = refused(encrypted, "127.0.0.1", TlsSettings.verify());

        assertEquals(Kind.MISCONFIGURED, e.kind());
        assertTrue(e.getMessage().contains(fingerprint), e.getMessage());
        assertTrue(e.getMessage().contains("TDS stand-in"), e.getMessage());
        assertTrue(e.fix().orElseThrow().contains("options.ca"));
    }

    @Test
    void aCertificateForAnotherNameIsRefused() {
        TargetException e = refused(encrypted, "localhost", TlsSettings.verify().withCa(encrypted.ca()));

        assertEquals(Kind.MISCONFIGURED, e.kind());
        assertTrue(e.getMessage().contains("localhost"), e.getMessage());
    }

    @Test
    void requiredTakesAnyCertificate() throws Exception {
        assertEquals("app@STAND-IN", login(encrypted, "localhost", TlsSettings.required()));
    }

    @Test
    void aServerWithoutTlsIsNotSpokenToInClear() {
        for (TlsSettings tls : new TlsSettings[] {TlsSettings.verify(), TlsSettings.required()}) {
            TargetException e = refused(plain, "127.0.0.1", tls);
            assertEquals(Kind.MISCONFIGURED, e.kind(), e.getMessage());
            assertTrue(e.fix().orElseThrow().contains("options.tls"));
        }
    }

    @Test
    void offIsPlainTextAndSaysSo() throws Exception {
        for (TdsStandIn server : new TdsStandIn[] {plain, encrypted}) {
            Credential credential = Plain.credential(server, "app", "Old-1st_Value");
            try (TargetSession session = new MssqlTarget().open(credential, Plain.context(10_000))) {
                Survey survey = session.survey(credential);
                assertTrue(survey.warnings().toString().contains("clear text"), survey.toString());
                session.change(Change.of(credential, credential.with("password", "New-2nd_Value")));
            }
            server.createLogin("app", "Old-1st_Value");
        }
    }

    @Test
    void anAuthorityThatIsNoneIsNamed() {
        TargetException e = refused(encrypted, "127.0.0.1", TlsSettings.verify().withCa("not a certificate"));

        assertEquals(Kind.MISCONFIGURED, e.kind());
        assertTrue(e.getMessage().contains("\"ca\""), e.getMessage());
    }
}
