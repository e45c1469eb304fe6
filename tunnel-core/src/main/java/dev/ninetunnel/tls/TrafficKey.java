package dev.ninetunnel.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.tls.crypto.TlsCryptoUtils;
import org.bouncycastle.tls.crypto.TlsSecret;

/**
 * What protects the records of one direction of one connection under TLS 1.3: the key in force, and the number of
 * the next record, out of which its nonce is made (RFC 8446, 5.3). This is the one place where nonces are made, so that none is
 * used twice, by the library or here. On the connection's event loop.
 */
final class TrafficKey {
    /** The record's header, which is authenticated with it (RFC 8446, 5.2). */
    static final int HEADER = 5;

    private static final int NONCE_BYTES = 12;
    private static final byte[] NO_CONTEXT = {};

    /** Which hash a cipher suite derives its keys with, as Bouncy Castle numbers them, and its length in bytes. */
    record Hash(int number, int bytes) {}

    private final Cipher cipher;
    private final int mode;
    private final Hash hash;
    private final Aead aead;
    private TlsSecret secret;
    private SecretKeySpec key;
    private byte[] iv;
    private long records;

    /**
     * A direction that begins with its first record.
     *
     * @param cipher of that transformation
     * @param mode in which it is used
     * @param secret the traffic secret (RFC 8446, 7.1), which nobody else destroys
     */
    TrafficKey(Aead aead, Cipher cipher, int mode, TlsSecret secret, Hash hash) throws IOException {
        this.cipher = cipher;
        this.mode = mode;
        this.secret = secret;
        this.hash = hash;
        this.aead = aead;
        derive();
    }

    /** How many records this key has protected. */
    long records() {
        return records;
    }

    /** Takes the next key of this direction (RFC 8446, 7.2). */
    void update() throws IOException {
        TlsSecret next = TlsCryptoUtils.hkdfExpandLabel(secret, hash.number, "traffic upd", NO_CONTEXT, hash.bytes);
        secret.destroy();
        secret = next;
        derive();
    }

    /** RFC 8446, 7.3. */
    private void derive() throws IOException {
        key = new SecretKeySpec(expand("key", aead.keyBytes), aead.keyAlgorithm);
        iv = expand("iv", NONCE_BYTES);
        records = 0;
    }

    private byte[] expand(String label, int bytes) throws IOException {
        return TlsCryptoUtils.hkdfExpandLabel(secret, hash.number, label, NO_CONTEXT, bytes).extract();
    }

    /**
     * Seals or opens the body of the next record. The two arrays are different ones, or the same from the same place on.
     *
     * @param header begins with the {@value #HEADER} bytes of the record's header
     * @return how many bytes were put out
     * @throws javax.crypto.AEADBadTagException if the record to be opened is not as it was sealed
     */
    int apply(byte[] header, byte[] in, int inOffset, int bytes, byte[] out, int outOffset)
            throws GeneralSecurityException {
        cipher.init(mode, key, aead.with(nonce(records++)));
        cipher.updateAAD(header, 0, HEADER);
        return cipher.doFinal(in, inOffset, bytes, out, outOffset);
    }

    private byte[] nonce(long record) {
        byte[] nonce = iv.clone();
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[NONCE_BYTES - 1 - i] ^= (byte) (record >>> (Byte.SIZE * i));
        }
        return nonce;
    }
}
