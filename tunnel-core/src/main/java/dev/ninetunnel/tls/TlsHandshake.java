package dev.ninetunnel.tls;

import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.Proof;
import dev.ninetunnel.identity.Signatures;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.FastThreadLocal;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.bouncycastle.jsse.BCSSLEngine;
import org.bouncycastle.jsse.BCSSLParameters;

/**
 * One handshake: the engine that does it, and what it came to. Made by {@link Tls}, used on the event loop of its
 * connection.
 */
public final class TlsHandshake {
    /** AES-GCM first: processors have instructions for it. ChaCha20 is for a peer whose processor has none. */
    private static final String[] SUITES = {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256"};

    private final SSLEngine engine;
    private final PeerTrustManager trust;
    private final HandshakeCrypto crypto;
    private final FastThreadLocal<RecordArrays> scratch;
    private final Met met;

    /** Who remembers the peers that have proven who they are. */
    @FunctionalInterface
    interface Met {
        void met(Peer peer, List<X509Certificate> shown, boolean vouched);
    }

    TlsHandshake(SSLEngine engine, PeerTrustManager trust, HandshakeCrypto crypto,
            FastThreadLocal<RecordArrays> scratch,
            boolean dialling, Met met) {
        this.scratch = scratch;
        this.met = met;
        this.engine = engine;
        this.trust = trust;
        this.crypto = crypto;
        engine.setUseClientMode(dialling);
        BCSSLEngine bc = (BCSSLEngine) engine;
        bc.setParameters(parameters(bc.getParameters(), dialling));
        if (!dialling) {
            // One that offers other names is served as an ordinary 9P client, like one that offers none (rule L7).
            bc.setBCHandshakeApplicationProtocolSelector((e, offered) -> offered.contains(Tls.ALPN) ? Tls.ALPN : "");
        }
    }

    private static BCSSLParameters parameters(BCSSLParameters parameters, boolean dialling) {
        parameters.setProtocols(new String[]{"TLSv1.3"});
        parameters.setCipherSuites(SUITES.clone());
        parameters.setUseCipherSuitesOrder(true);
        parameters.setNamedGroups(Groups.all());
        parameters.setUseNamedGroupsOrder(true);
        parameters.setSignatureSchemes(Signatures.inHandshake());
        parameters.setSignatureSchemesCert(Signatures.inCertificates());
        parameters.setApplicationProtocols(new String[]{Tls.ALPN});
        if (dialling) {
            parameters.setEarlyKeyShares(Groups.early());
        } else {
            parameters.setNeedClientAuth(true);
        }
        return parameters;
    }

    /** The same, for the side that dials to use an invitation and for nothing else. */
    TlsHandshake toPair() {
        BCSSLEngine bc = (BCSSLEngine) engine;
        BCSSLParameters parameters = bc.getParameters();
        parameters.setApplicationProtocols(new String[]{Tls.PAIRING_ALPN});
        bc.setParameters(parameters);
        return this;
    }

    /** The same, for the side that accepts, with what chooses what the connection is for. */
    TlsHandshake choosing(AlpnSelector alpnSelector) {
        ((BCSSLEngine) engine).setBCHandshakeApplicationProtocolSelector(alpnSelector);
        return this;
    }

    /**
     * Adds what does the handshake to a connection's pipeline, and what protects its records afterwards. On the connection's
     * event loop.
     *
     * @param limit after which the handshake has failed
     */
    public void addTo(ChannelPipeline pipeline, Duration limit) {
        SslHandler tls = new SslHandler(engine);
        tls.setHandshakeTimeoutMillis(limit.toMillis());
        RecordReader reader = new RecordReader(scratch);
        pipeline.addLast(reader, tls, new RecordWriter(reader, this::protection, scratch));
    }

    /** The engine that does it. */
    public SSLEngine engine() {
        return engine;
    }

    /** Whose key the other side showed; proven once the handshake is over. */
    public Optional<PeerId> peer() {
        return trust.seen();
    }

    /** What protects the connection's records now; empty before there is anything. */
    Optional<RecordProtection> protection() {
        return crypto.protection();
    }

    /** What an authority says that the other side is called; empty if its key is known of itself. Proven with the key. */
    public Optional<String> certifiedName() {
        return trust.proof().filter(Proof::vouched).flatMap(Proof::name);
    }

    /**
     * After the handshake, before there is a link: tells who the other side is, as the look at who is trusted has found that
     * let it in, and remembers it, for when its certificate ends or is revoked.
     */
    public Peer meet() {
        Proof proof = trust.proof().orElseThrow();
        Peer peer = proof.peer();
        met.met(peer, trust.shown(), proof.vouched());
        return peer;
    }

    /** After the handshake: whether the other side is an endpoint too; otherwise it is an ordinary 9P program. */
    public boolean ours() {
        return Tls.ALPN.equals(((BCSSLEngine) engine).getApplicationProtocol());
    }

    /** After the handshake: whether the connection is there to use an invitation, and for nothing else. */
    public boolean pairing() {
        return Tls.PAIRING_ALPN.equals(((BCSSLEngine) engine).getApplicationProtocol());
    }

    /** What was agreed. After the handshake. */
    public TlsInfo info() {
        SSLSession session = engine.getSession();
        return new TlsInfo(session.getProtocol(), session.getCipherSuite(), crypto.group().orElse("unknown"));
    }
}
