package dev.keyturn.plugin.mssql;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TlsSettings;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/** Checks the server's certificate, because the driver itself takes authorities from files and system properties only. */
final class MssqlTrust {

    private MssqlTrust() {
    }

    /**
     * Made by the driver, by name, hence public. Chain and host name: with a trust manager of one's own the driver
     * leaves the name unchecked, but it does tell the socket which host it meant, so the JDK can check it.
     */
    public static final class Verifying extends X509ExtendedTrustManager {

        private final X509ExtendedTrustManager trust;

        /**
         * Called by the driver.
         *
         * @param pem the authorities to trust; empty for the JDK's own
         * @throws TargetException if the text holds no certificate
         */
        public Verifying(String pem) throws TargetException {
            trust = (pem.isEmpty() ? TlsSettings.verify() : TlsSettings.verify().withCa(pem)).trustManager();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
            SSLSocket tls = (SSLSocket) socket;
            tls.setSSLParameters(withNameCheck(tls.getSSLParameters()));
            trust.checkServerTrusted(chain, authType, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            engine.setSSLParameters(withNameCheck(engine.getSSLParameters()));
            trust.checkServerTrusted(chain, authType, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("no host name to check the certificate against");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("a client checks no clients");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
            checkClientTrusted(chain, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return trust.getAcceptedIssuers();
        }

        private static SSLParameters withNameCheck(SSLParameters parameters) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            return parameters;
        }
    }
}
