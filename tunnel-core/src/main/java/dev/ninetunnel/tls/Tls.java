package dev.ninetunnel.tls;

import dev.ninetunnel.identity.Credentials;
import dev.ninetunnel.identity.ExpectedPeer;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.identity.Purpose;
import dev.ninetunnel.identity.invitation.Invitations;
import io.netty.util.concurrent.FastThreadLocal;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.bouncycastle.jcajce.util.DefaultJcaJceHelper;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Begins TLS handshakes in this endpoint's name: TLS 1.3, both sides authenticated, through Bouncy Castle's JSSE on the
 * ciphers of the JDK. Every connection has a context of its own, which costs little and lets each be judged, and
 * described, by itself; what is the same for all of them, the list of what there is to be had, they share. Any thread may call.
 */
public final class Tls {
    /** The ALPN name by which two endpoints know that the other is one. */
    public static final String ALPN = "ninetunnel/1";
    /** The ALPN name of a connection on which an invitation is used, and nothing else can be done. */
    public static final String PAIRING_ALPN = "ninetunnel-pair/1";

    /** Kept, because java.util.logging would forget a logger that nobody holds, and its level with it. */
    private static final List<Logger> BOUNCY_CASTLE = bridge();

    private final Credentials credentials;
    private final Clock clock;
    private final Recording recording;
    private final BouncyCastleJsseProvider provider;
    private final SecureRandom random = new SecureRandom();
    private final FastThreadLocal<RecordArrays> scratch = new FastThreadLocal<>() {
        @Override
        protected RecordArrays initialValue() {
            return new RecordArrays();
        }
    };

    /** With what this endpoint shows to others, and the clock by which certificates are in date. */
    public Tls(Identity identity, Clock clock) {
        this(Credentials.of(identity, clock), clock);
    }

    /** With papers that may be others later, from the next handshake on. */
    public Tls(Credentials credentials, Clock clock) {
        this(credentials, clock, RecordProtection.MOST_RECORDS);
    }

    /** The same, with another number of records after which a connection takes a new key. */
    Tls(Credentials credentials, Clock clock, long mostRecords) {
        this.recording = new Recording(mostRecords, random);
        this.provider = new BouncyCastleJsseProvider(false, recording);
        this.credentials = credentials;
        this.clock = clock;
        // It tells of every refusal and goodbye at INFO, which is told here better.
        BOUNCY_CASTLE.getFirst().setLevel(Level.WARNING);
        // It warns of entries in the JDK's own security settings that it does not understand; and, with a stack trace each, of
        // some kinds of nonsense that anybody can send.
        BOUNCY_CASTLE.stream().skip(1).forEach(logger -> logger.setLevel(Level.SEVERE));
    }

    /** This endpoint's own id. */
    public PeerId self() {
        return credentials.identity().id();
    }

    /** Prepares the accepting side of a handshake with any peer that is in the list at that moment. */
    public TlsHandshake accept(Peers peers) {
        return begin(new TrustPolicy.Listed(peers, credentials.authority()), Purpose.CLIENT);
    }

    /** The same, and besides with a user of an invitation, for that alone ({@link TlsHandshake#pairing}). */
    public TlsHandshake accept(Peers peers, Invitations invitations) {
        AlpnSelector alpnSelector = new AlpnSelector(invitations);
        return begin(
                new TrustPolicy.OrInvited(new TrustPolicy.Listed(peers, credentials.authority()), invitations,
                        alpnSelector),
                Purpose.CLIENT).choosing(alpnSelector);
    }

    /** Prepares the dialling side of a handshake with this peer and no other, to use an invitation of it. */
    public TlsHandshake pair(PeerId inviter) {
        return dial(inviter).toPair();
    }

    /** Prepares the dialling side of a handshake with this peer and no other. */
    public TlsHandshake dial(PeerId expected) {
        return begin(new TrustPolicy.Only(expected, Optional.empty()), Purpose.SERVER);
    }

    /** The same, with this peer. */
    public TlsHandshake dial(ExpectedPeer expected) {
        return switch (expected) {
            case Peer(PeerId id, String name) -> begin(new TrustPolicy.Only(id, Optional.of(name)), Purpose.SERVER);
            case ExpectedPeer.Certified(String name) ->
                begin(new TrustPolicy.Named(name, credentials.authority()), Purpose.SERVER);
        };
    }

    /**
     * Whether the JDK's own AES-GCM is the one in force. Any other that is to be had here is pure Java and 15 times
     * slower; it takes the JDK's place when somebody puts Bouncy Castle's provider in front.
     */
    public static boolean fastCiphers() {
        return aesProvider().equals("SunJCE");
    }

    /** The name of the JCA provider whose AES-GCM protects the links. */
    public static String aesProvider() {
        try {
            return new DefaultJcaJceHelper().createCipher(Aead.AES_256_GCM.transformation).getProvider().getName();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }

    private TlsHandshake begin(TrustPolicy trustPolicy, Purpose purpose) {
        PeerTrustManager trustManager = new PeerTrustManager(trustPolicy, clock);
        OwnKeyManager keys = new OwnKeyManager(credentials.identity());
        try {
            SSLContext context = SSLContext.getInstance("TLS", provider);
            HandshakeCrypto crypto = recording
                    .madeBy(() -> context.init(new KeyManager[]{keys}, new TrustManager[]{trustManager}, random));
            return new TlsHandshake(context.createSSLEngine(), trustManager, crypto, scratch,
                    purpose == Purpose.SERVER,
                    (peer, shown, vouched) -> credentials.met(peer, shown, vouched, purpose));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Bouncy Castle has no TLS", e);
        }
    }

    private static List<Logger> bridge() {
        Logger all = Logger.getLogger("org.bouncycastle");
        all.setUseParentHandlers(false);
        all.addHandler(new SLF4JBridgeHandler());
        return List.of(all, Logger.getLogger("org.bouncycastle.jsse.provider.DisabledAlgorithmConstraints"),
                Logger.getLogger("org.bouncycastle.jsse.provider.ProvTlsServer"),
                Logger.getLogger("org.bouncycastle.jsse.provider.ProvTlsClient"));
    }

    /** Makes the cryptography of each context; a context asks once, while it is set up, on the thread that does that. */
    private static final class Recording extends JcaTlsCryptoProvider {
        private final long mostRecords;
        private final AvailableAlgorithms available;
        private final FastThreadLocal<HandshakeCrypto> last = new FastThreadLocal<>();

        Recording(long mostRecords, SecureRandom random) {
            this.mostRecords = mostRecords;
            this.available = new AvailableAlgorithms(getHelper(), random);
        }

        /** Sets a context up, and returns the cryptography that it has asked for. */
        HandshakeCrypto madeBy(SetUp setUp) throws GeneralSecurityException {
            try {
                setUp.run();
                return last.get();
            } finally {
                last.remove();
            }
        }

        @Override
        public JcaTlsCrypto create(SecureRandom random) {
            HandshakeCrypto made = new HandshakeCrypto(available, random, mostRecords);
            last.set(made);
            return made;
        }
    }

    @FunctionalInterface
    private interface SetUp {
        void run() throws GeneralSecurityException;
    }
}
