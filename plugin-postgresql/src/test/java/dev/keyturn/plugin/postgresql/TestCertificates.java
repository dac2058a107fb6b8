package dev.keyturn.plugin.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority and a server certificate of its making, new for each server, made with the JDK's own tool. */
record TestCertificates(String caPem, Path certificate, Path key) {

    private static final String STORE_PASSWORD = "changeit";

    static TestCertificates make(Path folder) throws IOException {
        Path store = folder.resolve("store.p12");
        keytool(store, "-alias", "ca", "-dname", "CN=Keyturn test authority", "-ext", "bc:critical=ca:true");
        keytool(store, "-alias", "server", "-dname", "CN=Keyturn test server", "-signer", "ca",
                "-ext", "san=dns:localhost,ip:127.0.0.1");
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, STORE_PASSWORD.toCharArray());
            Path certificate = Files.writeString(folder.resolve("server.crt"),
                    pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
            Path key = Files.writeString(folder.resolve("server.key"),
                    pem("PRIVATE KEY", keys.getKey("server", STORE_PASSWORD.toCharArray()).getEncoded()));
            PostgresqlServer.restrict(key);
            return new TestCertificates(pem("CERTIFICATE", keys.getCertificate("ca").getEncoded()), certificate, key);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + what + "-----\n";
    }

    private static void keytool(Path store, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", STORE_PASSWORD,
                "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30"));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IOException("keytool: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
