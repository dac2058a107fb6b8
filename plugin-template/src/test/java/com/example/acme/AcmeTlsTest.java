package com.example.acme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The common options {@code tls} and {@code ca}: every plugin obeys them, and there is no way to fall back. */
class AcmeTlsTest {

    private static final char[] NO_SECRET = "changeit".toCharArray();

    @TempDir
    Path temp;

    /** A certificate for localhost, made by the JDK's own tool. */
    private KeyStore keys() throws Exception {
        Path file = temp.resolve("keys.p12");
        int exit = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "acme",
                "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost", "-validity", "2", "-storetype", "PKCS12",
                "-storepass", new String(NO_SECRET), "-keystore", file.toString()).redirectErrorStream(true)
                .redirectOutput(temp.resolve("keytool.log").toFile()).start().waitFor();
        assertEquals(0, exit);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, NO_SECRET);
        }
        return keys;
    }

    private static AcmeService service(KeyStore keys) throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, NO_SECRET);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        AcmeService service = AcmeService.start(context);
        service.put("app", "the-first-token-of-app", "writer");
        return service;
    }

    private static TargetSession open(AcmeService service, String host, String token, TlsSettings tls) throws TargetException {
        return new AcmeTarget().open(credential(service, host, token), TargetContext.of(10_000, 10_000, tls, Map.of()));
    }

    private static Credential credential(AcmeService service, String host, String token) {
        return Credential.of(Map.of("host", host, "port", Integer.toString(service.port()), "user", "app", "password", token));
    }

    @Test
    void chainAndNameAreChecked_unlessTheOptionsSayOtherwise() throws Exception {
        KeyStore keys = keys();
        String pem = "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(keys.getCertificate("acme").getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        try (AcmeService service = service(keys)) {
            String first = "the-first-token-of-app";
            Credential next = credential(service, "localhost", "the-second-token-of-app");
            try (TargetSession session = open(service, "localhost", first, TlsSettings.verify().withCa(pem))) {
                session.change(Change.of(credential(service, "localhost", first), next));
            }
            open(service, "127.0.0.1", next.password(), TlsSettings.required()).close();
            refused(service, "localhost", TlsSettings.verify());
            refused(service, "127.0.0.1", TlsSettings.verify().withCa(pem));
            Kind plain = assertThrows(TargetException.class, () -> open(service, "localhost", first, TlsSettings.off())).kind();
            assertTrue(plain == Kind.UNREACHABLE || plain == Kind.MISCONFIGURED, plain.name());
        }
    }

    private static void refused(AcmeService service, String host, TlsSettings tls) {
        TargetException refused = assertThrows(TargetException.class, () -> open(service, host, "the-second-token-of-app", tls));
        assertEquals(Kind.MISCONFIGURED, refused.kind(), refused.getMessage());
        assertTrue(refused.getMessage().contains("SHA-256 fingerprint"), refused.getMessage());
    }
}
