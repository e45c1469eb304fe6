package dev.ninetunnel.identity;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipherImpl;

/**
 * AES-GCM of the JDK for the records of one direction of one connection. Bouncy Castle's own way to it asks the JDK's
 * providers for a new object to hold the nonce for every record; this hands the nonce over as it is. Nonces, keys and
 * what is authenticated besides are the business of the caller, which is Bouncy Castle's TLS (RFC 8446, 5.2 and 5.3).
 * Used on the connection's event loop.
 */
final class Gcm implements TlsAEADCipherImpl {
    static final String TRANSFORMATION = "AES/GCM/NoPadding";

    private static final int BITS = 8;

    private final Cipher cipher;
    private final String algorithm;
    private final int keyBytes;
    private final int mode;
    private SecretKeySpec key;

    Gcm(Cipher cipher, String algorithm, int keyBytes, boolean encrypting) {
        this.cipher = cipher;
        this.algorithm = algorithm;
        this.keyBytes = keyBytes;
        this.mode = encrypting ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE;
    }

    @Override
    public void setKey(byte[] from, int offset, int length) {
        if (length != keyBytes) {
            throw new IllegalStateException("a key of " + length + " bytes, where one of " + keyBytes + " is due");
        }
        key = new SecretKeySpec(from, offset, length, algorithm);
    }

    @Override
    public void init(byte[] nonce, int macBytes) {
        try {
            cipher.init(mode, key, new GCMParameterSpec(macBytes * BITS, nonce));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public int getOutputSize(int inputBytes) {
        return cipher.getOutputSize(inputBytes);
    }

    @Override
    public int doFinal(byte[] additional, byte[] in, int inOffset, int inBytes, byte[] out, int outOffset) {
        try {
            if (additional != null && additional.length > 0) {
                cipher.updateAAD(additional);
            }
            return cipher.doFinal(in, inOffset, inBytes, out, outOffset);
        } catch (GeneralSecurityException e) {
            // What is caught of this kind becomes the alert bad_record_mac.
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
