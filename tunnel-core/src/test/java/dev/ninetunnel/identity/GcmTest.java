package dev.ninetunnel.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HexFormat;
import javax.crypto.Cipher;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Records under AES-GCM. */
class GcmTest {
    private static final int MAC = 16;
    /** Test case 4 of the specification of GCM (McGrew and Viega), which NIST SP 800-38D refers to. */
    private static final byte[] KEY = hex("feffe9928665731c6d6a8f9467308308");
    private static final byte[] NONCE = hex("cafebabefacedbaddecaf888");
    private static final byte[] HEAD = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    private static final byte[] PLAIN = hex(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c959568"
                    + "09532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    private static final byte[] SECRET = hex(
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b254"
                    + "66931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47");

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static Gcm cipher(boolean encrypting) throws Exception {
        Gcm gcm = new Gcm(Cipher.getInstance(Gcm.TRANSFORMATION), "AES", KEY.length, encrypting);
        gcm.setKey(KEY, 0, KEY.length);
        return gcm;
    }

    private static byte[] done(Gcm gcm, byte[] in) {
        gcm.init(NONCE, MAC);
        byte[] out = new byte[gcm.getOutputSize(in.length)];
        assertThat(gcm.doFinal(HEAD, in, 0, in.length, out, 0)).isEqualTo(out.length);
        return out;
    }

    @Test
    @DisplayName("a record is what the specification of GCM says, both ways")
    void known() throws Exception {
        assertThat(done(cipher(true), PLAIN)).isEqualTo(SECRET);
        Gcm opening = cipher(false);
        assertThat(done(opening, SECRET)).isEqualTo(PLAIN);
        assertThat(done(opening, SECRET)).isEqualTo(PLAIN);
    }

    @Test
    @DisplayName("a record in which one bit was changed is refused, and so is a key of another length")
    void refused() throws Exception {
        byte[] changed = SECRET.clone();
        changed[3] ^= 1;
        assertThatIllegalStateException().isThrownBy(() -> done(cipher(false), changed));
        assertThatIllegalStateException().isThrownBy(() -> cipher(true).setKey(KEY, 0, KEY.length - 1));
    }
}
