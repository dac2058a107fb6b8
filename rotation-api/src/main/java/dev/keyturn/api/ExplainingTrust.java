package dev.keyturn.api;

import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts what another trust manager trusts, and says which certificate it was that it did not: with the fingerprint at hand
 * an operator can compare and pass the right authority, and need not switch the check off.
 */
final class ExplainingTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager trust;

    ExplainingTrust(X509ExtendedTrustManager trust) {
        this.trust = trust;
    }

    /** Its message holds only what the server showed to anybody who connected. */
    static final class Refused extends CertificateException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    private interface Check {
        void run() throws CertificateException;
    }

    private static void explained(X509Certificate[] chain, Check check) throws CertificateException {
        try {
            check.run();
        } catch (CertificateException e) {
            throw new Refused(describe(chain, e));
        }
    }

    private static String describe(X509Certificate[] chain, CertificateException reason) {
        if (chain == null || chain.length == 0) {
            return "the server showed no certificate";
        }
        X509Certificate own = chain[0];
        // A mismatch of names is told by the JDK in the exception itself; a missing path has a cause.
        String why = reason.getCause() == null && reason.getMessage() != null
                ? reason.getMessage() : "no trusted authority signed it, or it is not valid now";
        return "the server's certificate is not trusted: subject \"" + own.getSubjectX500Principal().getName()
                + "\", names " + names(own) + ", issuer \"" + own.getIssuerX500Principal().getName()
                + "\", valid until " + own.getNotAfter().toInstant() + ", SHA-256 fingerprint " + fingerprint(own)
                + " (" + why + ")";
    }

    private static String names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? "[]"
                    : names.stream().map(name -> String.valueOf(name.get(1))).collect(Collectors.joining(", ", "[", "]"));
        } catch (CertificateParsingException e) {
            return "unreadable";
        }
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.ofDelimiter(":").withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            return "unknown";
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        explained(chain, () -> trust.checkServerTrusted(chain, authType));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        explained(chain, () -> trust.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        explained(chain, () -> trust.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        trust.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        trust.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        trust.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}
