package dev.ninetunnel.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.KeyUpdateRequest;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsCryptoUtils;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.bouncycastle.tls.crypto.TlsEncodeResult;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/**
 * Protects the records of one connection under TLS 1.3 (RFC 8446, 5.2).
 *
 * <p>Two have records protected by it: Bouncy Castle, which does the handshake, the alerts and whatever else TLS has to say
 * ({@link TlsCipher}), and {@link RecordReader} and {@link RecordWriter}, which carry application data and need not copy it as
 * often as Bouncy Castle has to. They share the keys and the counts of records in here; the numbers that Bouncy Castle counts for
 * itself are not looked at. On the connection's event loop.
 */
final class RecordProtection implements TlsCipher {
    /** The most that one record carries, in bytes (RFC 8446, 5.1). */
    static final int MOST_PLAIN = 1 << 14;
    /** What a record without padding has more than its content: header, content type and tag, in bytes. */
    static final int OVERHEAD = TrafficKey.HEADER + 1 + Aead.TAG_BYTES;
    /**
     * The largest record that may come, with its header, in bytes. RFC 8446, 5.2, leaves room for longer tags than these
     * ciphers have; content and padding may be no more than this either way (5.4).
     */
    static final int MOST_RECORD = MOST_PLAIN + OVERHEAD;
    /**
     * After so many records the sender takes another key: well below the 2^24.5 that AES-GCM allows (RFC 8446, 5.5), and as
     * often as Bouncy Castle does.
     */
    static final long MOST_RECORDS = 1L << 20;

    private final TrafficKey sending;
    private final TrafficKey receiving;
    private final long mostRecords;
    private final ContentRules rules = new ContentRules();
    /** What was in a record that {@link #open} had to give to Bouncy Castle, which will ask for it to be opened. */
    private TlsDecodeResult opened;
    private boolean peerUpdated;

    /** With the secrets that the handshake has come to, and the number of records after which one of them is replaced. */
    static RecordProtection of(TlsCryptoParameters parameters, JcaTlsCrypto crypto, Aead aead, long mostRecords)
            throws IOException, GeneralSecurityException {
        SecurityParameters agreed = parameters.getSecurityParametersHandshake();
        int number = agreed.getPRFCryptoHashAlgorithm();
        TrafficKey.Hash hash = new TrafficKey.Hash(number, TlsCryptoUtils.getHashOutputSize(number));
        boolean server = parameters.isServer();
        TlsSecret ours = server ? agreed.getTrafficSecretServer() : agreed.getTrafficSecretClient();
        TlsSecret theirs = server ? agreed.getTrafficSecretClient() : agreed.getTrafficSecretServer();
        return new RecordProtection(key(crypto, aead, Cipher.ENCRYPT_MODE, ours, hash),
                key(crypto, aead, Cipher.DECRYPT_MODE, theirs, hash), mostRecords);
    }

    /** With a copy of the secret, for Bouncy Castle destroys its own. */
    private static TrafficKey key(JcaTlsCrypto crypto, Aead aead, int mode, TlsSecret secret, TrafficKey.Hash hash)
            throws IOException, GeneralSecurityException {
        return new TrafficKey(aead, crypto.getHelper().createCipher(aead.transformation), mode,
                crypto.adoptSecret(secret), hash);
    }

    RecordProtection(TrafficKey sending, TrafficKey receiving, long mostRecords) {
        this.sending = sending;
        this.receiving = receiving;
        this.mostRecords = mostRecords;
    }

    // ---- for application data

    /**
     * Seals a record of application data.
     *
     * @param plain holds the data, at most {@link #MOST_PLAIN} bytes, from its start; has room for one byte more
     * @param record takes the record, from its start
     * @return the record's length, {@link #OVERHEAD} more than the data's
     */
    int seal(byte[] plain, int bytes, byte[] record) throws GeneralSecurityException {
        return seal(ContentType.application_data, plain, bytes, record);
    }

    /** Whether the key for sending has been used for long enough. */
    boolean updateDue() {
        return sending.records() >= mostRecords;
    }

    /** Seals a record that tells the other side of a new key for sending, and takes that key (RFC 8446, 4.6.3). Returns its length. */
    int sealUpdate(byte[] record) throws IOException, GeneralSecurityException {
        byte[] update = {(byte) HandshakeType.key_update, 0, 0, 1, (byte) KeyUpdateRequest.update_not_requested, 0};
        int length = seal(ContentType.handshake, update, update.length - 1, record);
        sending.update();
        return length;
    }

    /** Whether the other side has taken a new key since this was last asked: it may want to hear of one in return. */
    boolean takePeerUpdated() {
        boolean updated = peerUpdated;
        peerUpdated = false;
        return updated;
    }

    /** Seals a record with a fatal alert (RFC 8446, 6.2). Returns its length. */
    int sealAlert(short description, byte[] record) throws GeneralSecurityException {
        byte[] alert = {(byte) AlertLevel.fatal, (byte) description, 0};
        return seal(ContentType.alert, alert, alert.length - 1, record);
    }

    /**
     * Opens a record.
     *
     * @param record the record with its header, at most {@link #MOST_RECORD} long
     * @param plain takes the application data in it, from its start; has room for the whole record
     * @return how many bytes of data; -1 if it is something else: then the record is for Bouncy Castle, which has to get it
     *     next
     * @throws TlsFatalAlert with the alert that is due, if it cannot be opened or what is in it may not be
     */
    int open(byte[] record, int length, byte[] plain) throws TlsFatalAlert {
        int bytes = decrypt(record, length, plain);
        int end = endOfContent(plain, bytes);
        int type = plain[end] & 0xFF;
        rules.take(type, plain, 0, end);
        if (type == ContentType.application_data) {
            return end;
        }
        byte[] content = Arrays.copyOf(plain, end);
        if (type == ContentType.alert) {
            content[0] = ContentRules.level(content[1]);
        }
        opened = new TlsDecodeResult(content, 0, end, (short) type);
        return -1;
    }

    private int decrypt(byte[] record, int length, byte[] plain) throws TlsFatalAlert {
        if (length > MOST_RECORD) {
            throw new TlsFatalAlert(AlertDescription.record_overflow);
        }
        if (length < TrafficKey.HEADER + Aead.TAG_BYTES) {
            throw new TlsFatalAlert(AlertDescription.bad_record_mac);
        }
        try {
            return receiving.apply(record, record, TrafficKey.HEADER, length - TrafficKey.HEADER, plain, 0);
        } catch (AEADBadTagException e) {
            throw new TlsFatalAlert(AlertDescription.bad_record_mac, e);
        } catch (GeneralSecurityException e) {
            throw new TlsFatalAlert(AlertDescription.internal_error, e);
        }
    }

    /** Whether a record that was given to Bouncy Castle has not been asked for, which must not be. */
    boolean isOwed() {
        return opened != null;
    }

    // ---- for Bouncy Castle

    @Override
    public TlsEncodeResult encodePlaintext(long number, short type, ProtocolVersion version, int headerBytes,
            byte[] plaintext, int offset, int bytes) throws IOException {
        byte[] plain = new byte[bytes + 1];
        System.arraycopy(plaintext, offset, plain, 0, bytes);
        byte[] record = new byte[bytes + OVERHEAD];
        try {
            seal(type, plain, bytes, record);
        } catch (GeneralSecurityException e) {
            throw new TlsFatalAlert(AlertDescription.internal_error, e);
        }
        return new TlsEncodeResult(record, TrafficKey.HEADER - headerBytes,
                record.length - TrafficKey.HEADER + headerBytes,
                ContentType.application_data);
    }

    @Override
    public TlsDecodeResult decodeCiphertext(long number, short type, ProtocolVersion version, byte[] ciphertext,
            int offset, int bytes) throws IOException {
        if (!isOwed()) {
            openForBouncyCastle(type, version, ciphertext, offset, bytes);
        }
        TlsDecodeResult content = opened;
        opened = null;
        return content;
    }

    private void openForBouncyCastle(short type, ProtocolVersion version, byte[] ciphertext, int offset, int bytes)
            throws IOException {
        byte[] record = new byte[TrafficKey.HEADER + bytes];
        header(record, type, version, bytes);
        System.arraycopy(ciphertext, offset, record, TrafficKey.HEADER, bytes);
        byte[] plain = new byte[bytes];
        int data = open(record, record.length, plain);
        if (data >= 0) {
            opened = new TlsDecodeResult(plain, 0, data, ContentType.application_data);
        }
    }

    @Override
    public void rekeyDecoder() throws IOException {
        receiving.update();
        peerUpdated = true;
    }

    @Override
    public void rekeyEncoder() throws IOException {
        sending.update();
    }

    @Override
    public int getCiphertextDecodeLimit(int plaintextLimit) {
        return plaintextLimit + 1 + Aead.TAG_BYTES;
    }

    @Override
    public int getCiphertextEncodeLimit(int plaintextLimit) {
        return plaintextLimit + 1 + Aead.TAG_BYTES;
    }

    @Override
    public int getPlaintextDecodeLimit(int ciphertextLimit) {
        return ciphertextLimit - 1 - Aead.TAG_BYTES;
    }

    @Override
    public int getPlaintextEncodeLimit(int ciphertextLimit) {
        return ciphertextLimit - 1 - Aead.TAG_BYTES;
    }

    @Override
    public boolean usesOpaqueRecordTypeDecode() {
        return true;
    }

    @Override
    public boolean usesOpaqueRecordTypeEncode() {
        return true;
    }

    // ---- for both

    private int seal(short type, byte[] plain, int bytes, byte[] record) throws GeneralSecurityException {
        plain[bytes] = (byte) type;
        header(record, ContentType.application_data, ProtocolVersion.TLSv12, bytes + 1 + Aead.TAG_BYTES);
        return TrafficKey.HEADER + sending.apply(record, plain, 0, bytes + 1, record, TrafficKey.HEADER);
    }

    private static void header(byte[] record, short type, ProtocolVersion version, int bytes) {
        record[0] = (byte) type;
        record[1] = (byte) version.getMajorVersion();
        record[2] = (byte) version.getMinorVersion();
        record[3] = (byte) (bytes >>> Byte.SIZE);
        record[4] = (byte) bytes;
    }

    /** Where the content type stands, behind the content and before the padding (RFC 8446, 5.4). */
    private static int endOfContent(byte[] plain, int bytes) throws TlsFatalAlert {
        int end = bytes - 1;
        while (end >= 0 && plain[end] == 0) {
            end--;
        }
        if (end < 0) {
            throw new TlsFatalAlert(AlertDescription.unexpected_message);
        }
        return end;
    }
}
