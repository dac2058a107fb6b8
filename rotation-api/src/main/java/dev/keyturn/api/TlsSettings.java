package dev.keyturn.api;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How a connection to a target is protected: the argument {@code options.tls} and the certificate authority to trust.
 * Immutable. There is no way to fall back: a connection is what the settings say, or there is none.
 */
public final class TlsSettings {

    private final String mode;
    private final @Nullable String ca;

    private TlsSettings(String mode, @Nullable String ca) {
        this.mode = mode;
        this.ca = ca;
    }

    /**
     * Encrypted, and both the certificate's chain and the host name are checked. The default.
     *
     * @return the settings
     */
    public static TlsSettings verify() {
        return new TlsSettings("verify", null);
    }

    /**
     * Encrypted, with whatever certificate the server shows: safe from eyes, not from impostors.
     *
     * @return the settings
     */
    public static TlsSettings required() {
        return new TlsSettings("required", null);
    }

    /**
     * Not encrypted.
     *
     * @return the settings
     */
    public static TlsSettings off() {
        return new TlsSettings("off", null);
    }

    /**
     * The settings of a name: {@code verify}, {@code required} or {@code off}.
     *
     * @param mode the name
     * @return the settings, unless there is no such name
     */
    public static Optional<TlsSettings> named(String mode) {
        return switch (mode) {
            case "verify" -> Optional.of(verify());
            case "required" -> Optional.of(required());
            case "off" -> Optional.of(off());
            default -> Optional.empty();
        };
    }

    /**
     * The same settings with a certificate authority of one's own, instead of the JDK's.
     *
     * @param pem one or more certificates as PEM text
     * @return the settings
     */
    public TlsSettings withCa(String pem) {
        return new TlsSettings(mode, Objects.requireNonNull(pem, "pem"));
    }

    /**
     * Whether the connection is encrypted.
     *
     * @return false for {@link #off()} only
     */
    public boolean encrypted() {
        return !mode.equals("off");
    }

    /**
     * Whether chain and host name are checked.
     *
     * @return true for {@link #verify()} only
     */
    public boolean verified() {
        return mode.equals("verify");
    }

    /**
     * The certificate authority to trust instead of the JDK's.
     *
     * @return PEM text, if one was given
     */
    public Optional<String> ca() {
        return Optional.ofNullable(ca);
    }

    /**
     * A TLS context that checks as these settings say. Where it refuses a certificate, {@link #refusal} can tell which.
     * Host names are checked on sockets and engines whose parameters ask for it
     * ({@link javax.net.ssl.SSLParameters#setEndpointIdentificationAlgorithm}).
     *
     * @return a new context
     * @throws TargetException {@link TargetException.Kind#MISCONFIGURED} if the certificate authority cannot be read
     */
    public SSLContext sslContext() throws TargetException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trustManager()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS: " + e.getClass().getSimpleName());
        }
    }

    /**
     * What checks the certificate in {@link #sslContext()}, for a driver that makes its own TLS context and takes a trust
     * manager. Host names are checked as described there.
     *
     * @return a new trust manager
     * @throws TargetException {@link TargetException.Kind#MISCONFIGURED} if the certificate authority cannot be read
     */
    public X509ExtendedTrustManager trustManager() throws TargetException {
        try {
            return verified() ? new ExplainingTrust(platformTrust(trusted())) : new BlindTrust();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS: " + e.getClass().getSimpleName());
        }
    }

    /**
     * Which certificate was refused, and why, if that is what lies behind an exception of a connection made with
     * {@link #sslContext()}.
     *
     * @param failure what the connection threw; its causes are searched
     * @return subject, issuer, names, SHA-256 fingerprint and reason, for a message; empty if it was something else
     */
    public static Optional<String> refusal(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (cause instanceof ExplainingTrust.Refused) {
                return Optional.ofNullable(cause.getMessage());
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /** Shows the mode, and whether a certificate authority was given. */
    @Override
    public String toString() {
        return "TlsSettings[" + mode + (ca == null ? "" : ", own ca") + "]";
    }

    private static X509ExtendedTrustManager platformTrust(@Nullable KeyStore trusted) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager trust) {
                return trust;
            }
        }
        throw new GeneralSecurityException("no X.509 trust manager");
    }

    /** The given authorities; null stands for the JDK's own. */
    private @Nullable KeyStore trusted() throws TargetException, GeneralSecurityException {
        if (ca == null) {
            return null;
        }
        try {
            Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(ca.getBytes(StandardCharsets.UTF_8)));
            if (certificates.isEmpty()) {
                throw new CertificateException("none");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            return store;
        } catch (CertificateException | java.io.IOException e) {
            throw new TargetException(TargetException.Kind.MISCONFIGURED,
                    "the certificate authority in \"ca\" is not PEM text of an X.509 certificate",
                    "give the text from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, line breaks included");
        }
    }
}
