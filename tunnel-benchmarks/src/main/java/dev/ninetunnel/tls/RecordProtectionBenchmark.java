package dev.ninetunnel.tls;

import dev.ninetunnel.benchmarks.Jvm;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import org.bouncycastle.tls.crypto.CryptoHashAlgorithm;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Records of TLS 1.3 with 16 KiB of data. A record is opened once and in its turn, so none is opened without being sealed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = {Jvm.NATIVE, Jvm.UNSAFE, Jvm.LEAKS, Jvm.COLLECTOR})
public class RecordProtectionBenchmark {
    private static final byte[] SECRET = new byte[32];

    /** What they are protected with. */
    @Param({"AES_128_GCM", "AES_256_GCM", "CHACHA20_POLY1305"})
    public String aead;

    private final byte[] plain = new byte[RecordProtection.MOST_RECORD];
    private final byte[] record = new byte[RecordProtection.MOST_RECORD];
    private final byte[] opened = new byte[RecordProtection.MOST_RECORD];
    private RecordProtection writer;
    private RecordProtection pair;

    @Setup
    public void keys() throws Exception {
        writer = protection(Aead.valueOf(aead));
        pair = protection(Aead.valueOf(aead));
    }

    /** Whose records it opens itself. */
    private static RecordProtection protection(Aead cipher) throws Exception {
        return new RecordProtection(key(cipher, Cipher.ENCRYPT_MODE), key(cipher, Cipher.DECRYPT_MODE),
                RecordProtection.MOST_RECORDS);
    }

    private static TrafficKey key(Aead cipher, int mode) throws Exception {
        JcaTlsCrypto crypto = new JcaTlsCryptoProvider().create(new SecureRandom());
        return new TrafficKey(cipher, Cipher.getInstance(cipher.transformation), mode, crypto.createSecret(SECRET),
                new TrafficKey.Hash(CryptoHashAlgorithm.sha256, SECRET.length));
    }

    @Benchmark
    public int seal() throws Exception {
        return writer.seal(plain, RecordProtection.MOST_PLAIN, record);
    }

    @Benchmark
    public int sealAndOpen() throws Exception {
        int bytes = pair.open(record, pair.seal(plain, RecordProtection.MOST_PLAIN, record), opened);
        if (bytes != RecordProtection.MOST_PLAIN) {
            throw new IllegalStateException("a record that cannot be opened");
        }
        return bytes;
    }
}
