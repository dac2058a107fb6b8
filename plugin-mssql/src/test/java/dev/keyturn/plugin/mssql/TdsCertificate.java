package dev.keyturn.plugin.mssql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A key and a certificate for 127.0.0.1, and for no name, made with the JDK's keytool when first asked for. */
final class TdsCertificate {

    private static TdsCertificate loopback;

    private final SSLContext context;
    private final String pem;

    private TdsCertificate(SSLContext context, String pem) {
        this.context = context;
        this.pem = pem;
    }

    static synchronized TdsCertificate forLoopback() throws IOException {
        if (loopback == null) {
            Path folder = Files.createTempDirectory("tds-stand-in");
            Path file = folder.resolve("server.p12");
            try {
                make(file);
                loopback = read(file);
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(folder);
            }
        }
        return loopback;
    }

    private static void make(Path file) throws IOException {
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "server", "-keyalg", "EC", "-groupname", "secp256r1", "-dname",
                "CN=TDS stand-in,O=Keyturn tests", "-ext", "san=ip:127.0.0.1", "-ext", "bc:c", "-validity", "30",
                "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", "stand-in")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try {
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool made no certificate");
            }
        } catch (InterruptedException e) {
            keytool.destroy();
            throw new IOException("interrupted", e);
        }
    }

    private static TdsCertificate read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, "stand-in".toCharArray());
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, "stand-in".toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return new TdsCertificate(context, "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(keys.getCertificate("server").getEncoded()) + "\n-----END CERTIFICATE-----\n");
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    SSLContext context() {
        return context;
    }

    String pem() {
        return pem;
    }
}
