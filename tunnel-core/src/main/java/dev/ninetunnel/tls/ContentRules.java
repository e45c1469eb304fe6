package dev.ninetunnel.tls;

import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.TlsFatalAlert;

/**
 * What the contents of records may be, and what may follow what, in one direction under one key (RFC 8446, 5.1, 5.4 and 6). On
 * the connection's event loop.
 */
final class ContentRules {
    private static final int MESSAGE_HEADER = 4;
    private static final int MOST_MESSAGE = (1 << 24) - 1;
    private static final int ALERT_BYTES = 2;

    /** Of the message that has begun: the bytes of its header that have come, as a number, and how many. */
    private int header;
    private int headerBytes;
    /** How much of it is to come behind its header, in bytes. */
    private int rest;

    /**
     * Takes what is in the next record.
     *
     * @param content holds it between the two offsets, not the padding
     * @throws TlsFatalAlert with the alert that is due, if it may not be, or not here
     */
    void take(int type, byte[] content, int from, int to) throws TlsFatalAlert {
        if (type == ContentType.handshake) {
            requireSome(from, to);
            follow(content, from, to);
            return;
        }
        if (headerBytes > 0) {
            throw new TlsFatalAlert(AlertDescription.unexpected_message,
                    "other content between the parts of a message of the handshake");
        }
        switch (type) {
            case ContentType.application_data -> {}
            case ContentType.alert -> {
                requireSome(from, to);
                if (to - from != ALERT_BYTES) {
                    throw new TlsFatalAlert(AlertDescription.decode_error, "an alert of " + (to - from) + " bytes");
                }
            }
            default -> throw new TlsFatalAlert(AlertDescription.unexpected_message, "content of type " + type);
        }
    }

    /**
     * The level of an alert, which follows from what it says and not from what it says of itself (RFC 8446, 6): all are fatal
     * but two.
     */
    static byte level(byte description) {
        return (byte) (description == AlertDescription.close_notify || description == AlertDescription.user_canceled
                ? AlertLevel.warning
                : AlertLevel.fatal);
    }

    private static void requireSome(int from, int to) throws TlsFatalAlert {
        if (from == to) {
            throw new TlsFatalAlert(AlertDescription.unexpected_message,
                    "an alert or message of the handshake without content");
        }
    }

    private void follow(byte[] content, int from, int to) throws TlsFatalAlert {
        for (int at = from; at < to;) {
            if (headerBytes < MESSAGE_HEADER) {
                header = (header << Byte.SIZE) | (content[at++] & 0xFF);
                headerBytes++;
                rest = header & MOST_MESSAGE;
            } else {
                if (rest == (header & MOST_MESSAGE)) {
                    requireNoContext(header >>> 24, content[at]);
                }
                int part = Math.min(rest, to - at);
                at += part;
                rest -= part;
            }
            if (headerBytes == MESSAGE_HEADER && rest == 0) {
                headerBytes = 0;
                if (at < to && mayChangeKeys(header >>> 24)) {
                    throw new TlsFatalAlert(AlertDescription.unexpected_message,
                            "a message that changes keys does not end with its record");
                }
            }
        }
    }

    /** RFC 8446, 4.3.2 and 4.4.2: a context is for certificates that are asked for after the handshake, which is not done. */
    private static void requireNoContext(int message, byte contextBytes) throws TlsFatalAlert {
        if (contextBytes != 0
                && (message == HandshakeType.certificate || message == HandshakeType.certificate_request)) {
            throw new TlsFatalAlert(AlertDescription.illegal_parameter,
                    "a certificate_request_context in the handshake");
        }
    }

    private static boolean mayChangeKeys(int message) {
        return switch (message) {
            case HandshakeType.client_hello, HandshakeType.server_hello, HandshakeType.end_of_early_data,
                    HandshakeType.finished, HandshakeType.key_update ->
                true;
            default -> false;
        };
    }
}
