package dev.ninetunnel.tls;

import dev.ninetunnel.errno.SystemWords;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.UntrustedException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;

/**
 * Why a TLS connection failed, taken from the exception that it failed with.
 *
 * @param detail for people: what was wrong with the other side, as the end of a sentence that begins with its address
 * @param untrusted the verdict on its certificate where that was the reason, otherwise null
 */
public record TlsFailure(Kind kind, String detail, UntrustedException untrusted) {
    /** The ways to fail that call for different action. */
    public enum Kind {
        /** This side refused the other's certificate; {@link TlsFailure#untrusted} says why. */
        UNTRUSTED,
        /** The other side brought no certificate. */
        NO_CERTIFICATE,
        /** What came was not TLS. */
        NOT_TLS,
        /** Nothing, or not enough, came in time. */
        TIMEOUT,
        /** The other side refused this endpoint's certificate. */
        REFUSED_BY_PEER,
        /** The two sides have no version, cipher or key exchange in common. */
        NO_COMMON_TERMS,
        /** The connection ended without a word of TLS. */
        CLOSED,
        /** Anything else, such as a forged record. */
        OTHER
    }

    /** Reads it from what Netty's TLS handler failed with. */
    public static TlsFailure of(Throwable thrown) {
        // The verdict on a certificate is the innermost cause, and says more than what surrounds it.
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof UntrustedException untrusted) {
                return new TlsFailure(Kind.UNTRUSTED, untrusted.getMessage(), untrusted);
            }
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            TlsFailure failure = ofCause(cause);
            if (failure != null) {
                return failure;
            }
        }
        return plain(Kind.OTHER, thrown.getMessage() == null ? thrown.toString() : thrown.getMessage());
    }

    /** Why, in a word for programs, such as {@code not-tls} or {@code unknown-peer}. */
    public String word() {
        return (untrusted == null ? kind.name() : untrusted.kind().name()).toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static TlsFailure ofCause(Throwable cause) {
        return switch (cause) {
            case TlsFatalAlertReceived alert -> received(alert.getAlertDescription());
            case TlsFatalAlert alert -> raised(alert);
            case NotSslRecordException notTls -> plain(Kind.NOT_TLS, "what it sent is not TLS");
            case SslHandshakeTimeoutException late ->
                plain(Kind.TIMEOUT, "it did not finish the TLS handshake in time");
            case ClosedChannelException closed -> plain(Kind.CLOSED, "it closed the connection");
            case IOException lost when cause.getCause() == null && !(cause instanceof javax.net.ssl.SSLException) ->
                plain(Kind.CLOSED, "the connection broke (" + SystemWords.of(lost) + ")");
            default -> null;
        };
    }

    /** What the other side said before it closed: RFC 8446, 6.2. */
    private static TlsFailure received(short description) {
        Kind kind = switch (description) {
            case AlertDescription.bad_certificate, AlertDescription.unsupported_certificate,
                    AlertDescription.certificate_revoked, AlertDescription.certificate_expired,
                    AlertDescription.certificate_unknown, AlertDescription.unknown_ca, AlertDescription.access_denied,
                    AlertDescription.certificate_required ->
                Kind.REFUSED_BY_PEER;
            case AlertDescription.handshake_failure, AlertDescription.protocol_version,
                    AlertDescription.insufficient_security, AlertDescription.no_application_protocol ->
                Kind.NO_COMMON_TERMS;
            default -> Kind.OTHER;
        };
        return plain(kind, "it sent the TLS alert " + AlertDescription.getName(description));
    }

    private static TlsFailure raised(TlsFatalAlert alert) {
        short description = alert.getAlertDescription();
        String why = alert.getMessage();
        return switch (description) {
            case AlertDescription.certificate_required ->
                plain(Kind.NO_CERTIFICATE, "it brought no certificate, or none for a key on P-256 or an Ed25519 one");
            case AlertDescription.protocol_version -> plain(Kind.NO_COMMON_TERMS, "it does not speak TLS 1.3");
            case AlertDescription.handshake_failure, AlertDescription.insufficient_security,
                    AlertDescription.missing_extension ->
                plain(Kind.NO_COMMON_TERMS, "it shares no cipher, key exchange or kind of signature (" + why + ")");
            case AlertDescription.bad_certificate ->
                plain(Kind.OTHER, "its certificate cannot be read (" + root(alert) + ")");
            default -> plain(Kind.OTHER, "what came from it breaks TLS (" + why + ")");
        };
    }

    private static String root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return PeerId.printable(root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage());
    }

    private static TlsFailure plain(Kind kind, String detail) {
        return new TlsFailure(kind, detail, null);
    }
}
