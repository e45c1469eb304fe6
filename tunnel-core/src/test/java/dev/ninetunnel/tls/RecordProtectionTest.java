package dev.ninetunnel.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.CryptoHashAlgorithm;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Records of TLS 1.3. */
class RecordProtectionTest {
    /** RFC 8448, section 3: the client's application traffic secret, what it sends, and the record of that. */
    private static final byte[] SECRET = hex("9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5");
    private static final byte[] RECORD = hex("1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819"
            + "a8a5b46b395bd54a9a20441e2b62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4");

    private static final int RECORDS = 500;

    private final JcaTlsCrypto crypto = new JcaTlsCryptoProvider().create(new SecureRandom());

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private TrafficKey key(int mode) throws Exception {
        return new TrafficKey(Aead.AES_128_GCM, Cipher.getInstance(Aead.AES_128_GCM.transformation), mode,
                crypto.createSecret(SECRET), new TrafficKey.Hash(CryptoHashAlgorithm.sha256, 32));
    }

    /** Whose records it would read itself. */
    private RecordProtection protection() throws Exception {
        return new RecordProtection(key(Cipher.ENCRYPT_MODE), key(Cipher.DECRYPT_MODE), RecordProtection.MOST_RECORDS);
    }

    /** A record whose inside is this: content, content type and padding. */
    private static byte[] sealed(TrafficKey key, byte[] inside) throws Exception {
        int length = inside.length + Aead.TAG_BYTES;
        byte[] record = new byte[TrafficKey.HEADER + length];
        System.arraycopy(new byte[]{23, 3, 3, (byte) (length >> 8), (byte) length}, 0, record, 0, TrafficKey.HEADER);
        key.apply(record, inside, 0, inside.length, record, TrafficKey.HEADER);
        return record;
    }

    /** As Bouncy Castle asks for it. */
    private static TlsDecodeResult decode(RecordProtection recordProtection, byte[] record) throws Exception {
        return recordProtection.decodeCiphertext(0, ContentType.application_data, ProtocolVersion.TLSv12, record,
                TrafficKey.HEADER, record.length - TrafficKey.HEADER);
    }

    private static void assertAlert(short alert, RecordProtection recordProtection, byte[] record) {
        assertThatThrownBy(() -> recordProtection.open(record, record.length, new byte[record.length]))
                .isInstanceOfSatisfying(TlsFatalAlert.class,
                        fatal -> assertThat(fatal.getAlertDescription()).isEqualTo(alert));
        assertThat(recordProtection.isOwed()).isFalse();
    }

    @Test
    @DisplayName("a record is what RFC 8448 says, both ways")
    void known() throws Exception {
        byte[] plain = new byte[51];
        for (int i = 0; i < 50; i++) {
            plain[i] = (byte) i;
        }
        byte[] record = new byte[RECORD.length];
        RecordProtection recordProtection = protection();
        assertThat(recordProtection.seal(plain, 50, record)).isEqualTo(RECORD.length);
        assertThat(record).isEqualTo(RECORD);
        byte[] opened = new byte[RECORD.length];
        assertThat(recordProtection.open(RECORD, RECORD.length, opened)).isEqualTo(50);
        assertThat(Arrays.copyOf(opened, 50)).isEqualTo(Arrays.copyOf(plain, 50));
    }

    @Test
    @DisplayName("no two records have the same nonce, whoever seals them")
    void nonces() throws Exception {
        RecordProtection recordProtection = protection();
        byte[] plain = new byte[51];
        byte[] first = new byte[72];
        recordProtection.seal(plain, 50, first);
        byte[] second = recordProtection.encodePlaintext(0, ContentType.application_data, ProtocolVersion.TLSv12, 5,
                plain, 0,
                50).buf;
        byte[] third = new byte[72];
        recordProtection.seal(plain, 50, third);
        assertThat(first).isNotEqualTo(second).isNotEqualTo(third);
        assertThat(second).isNotEqualTo(third);
        byte[] opened = new byte[72];
        assertThat(recordProtection.open(first, 72, opened)).isEqualTo(50);
        assertThat(decode(recordProtection, second).len).isEqualTo(50);
        assertThat(recordProtection.open(third, 72, opened)).isEqualTo(50);
    }

    @Test
    @DisplayName("padding is cut off, and a record may be empty (RFC 8446, 5.4)")
    void padding() throws Exception {
        RecordProtection recordProtection = protection();
        TrafficKey other = key(Cipher.ENCRYPT_MODE);
        byte[] plain = new byte[RecordProtection.MOST_RECORD];
        byte[] padded = sealed(other, new byte[]{1, 0, 23, 0, 0, 0});
        assertThat(recordProtection.open(padded, padded.length, plain)).isEqualTo(2);
        byte[] empty = sealed(other, new byte[]{23});
        assertThat(recordProtection.open(empty, empty.length, plain)).isZero();
    }

    @Test
    @DisplayName("what is no application data is for Bouncy Castle, once")
    void control() throws Exception {
        RecordProtection recordProtection = protection();
        byte[] alert = sealed(key(Cipher.ENCRYPT_MODE), new byte[]{1, 0, 21});
        assertThat(recordProtection.open(alert, alert.length, new byte[alert.length])).isEqualTo(-1);
        TlsDecodeResult given = decode(recordProtection, alert);
        assertThat(given.contentType).isEqualTo(ContentType.alert);
        assertThat(Arrays.copyOfRange(given.buf, given.off, given.off + given.len)).containsExactly(1, 0);
        assertThat(recordProtection.isOwed()).isFalse();
    }

    @Test
    @DisplayName("what breaks the rules for records is refused with the alert that is due")
    void refused() throws Exception {
        byte[] changed = RECORD.clone();
        changed[20] ^= 1;
        assertAlert(AlertDescription.bad_record_mac, protection(), changed);
        byte[] shortened = Arrays.copyOf(RECORD, RECORD.length - 1);
        assertAlert(AlertDescription.bad_record_mac, protection(), shortened);
        assertAlert(AlertDescription.unexpected_message, protection(), sealed(key(Cipher.ENCRYPT_MODE), new byte[100]));
        byte[] stub = {23, 3, 3, 0, 15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        assertAlert(AlertDescription.bad_record_mac, protection(), stub);
    }

    @Test
    @DisplayName("Bouncy Castle is told the same fault where it is the one that asks")
    void refusedForBouncyCastle() throws Exception {
        byte[] record = sealed(key(Cipher.ENCRYPT_MODE), new byte[100]);
        RecordProtection recordProtection = protection();
        assertThatThrownBy(() -> decode(recordProtection, record)).isInstanceOfSatisfying(TlsFatalAlert.class,
                fatal -> assertThat(fatal.getAlertDescription()).isEqualTo(AlertDescription.unexpected_message));
    }

    @Test
    @DisplayName("what is allocated for a record does not grow with what is in it")
    void allocation() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        RecordProtection recordProtection = protection();
        byte[] plain = new byte[RecordProtection.MOST_PLAIN + 1];
        byte[] record = new byte[RecordProtection.MOST_RECORD];
        byte[] opened = new byte[RecordProtection.MOST_RECORD];
        long before = 0;
        for (int i = 0; i < 2 * RECORDS; i++) {
            if (i == RECORDS) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            int length = recordProtection.seal(plain, RecordProtection.MOST_PLAIN, record);
            assertThat(recordProtection.open(record, length, opened)).isEqualTo(RecordProtection.MOST_PLAIN);
        }
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / RECORDS;
        assertThat(each).as("bytes for a record of 16 KiB, sealed and opened")
                .isLessThan(RecordProtection.MOST_PLAIN / 2);
    }
}
