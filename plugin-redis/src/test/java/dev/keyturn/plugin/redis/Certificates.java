package dev.keyturn.plugin.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A key and a certificate that signs itself, made with the JDK's keytool. */
record Certificates(Path certificate, Path key) {

    private static final char[] PASSWORD = "changeit".toCharArray();

    /** For these names, as keytool writes them: {@code dns:localhost,ip:127.0.0.1}. */
    static Certificates make(Path folder, String names) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
                "-alias", "redis", "-keyalg", "EC", "-validity", "2", "-dname", "CN=test", "-ext", "san=" + names, "-storetype", "PKCS12",
                "-keystore", store.toString(), "-storepass", new String(PASSWORD)).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException(said);
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return new Certificates(pem(folder.resolve("cert.pem"), "CERTIFICATE", keys.getCertificate("redis").getEncoded()),
                pem(folder.resolve("key.pem"), "PRIVATE KEY", keys.getKey("redis", PASSWORD).getEncoded()));
    }

    private static Path pem(Path file, String what, byte[] bytes) throws IOException {
        return Files.writeString(file, "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n");
    }
}
