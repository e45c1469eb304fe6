package dev.ninetunnel.tls;

import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.OwnKey;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import org.bouncycastle.jsse.BCX509ExtendedKeyManager;
import org.bouncycastle.jsse.BCX509Key;

/**
 * Hands the one key of this endpoint to Bouncy Castle's JSSE, without a key store in between. Bouncy Castle asks for it
 * by the kinds of key that the other side can verify.
 */
final class OwnKeyManager extends BCX509ExtendedKeyManager {
    private static final String ALIAS = "own";

    private final OwnKey key;
    private final X509Certificate[] chain;

    OwnKeyManager(Identity identity) {
        this.key = identity.key();
        this.chain = identity.chain().toArray(X509Certificate[]::new);
    }

    private String aliasFor(String... keyTypes) {
        return Arrays.asList(keyTypes).contains(key.keyType()) ? ALIAS : null;
    }

    @Override
    protected BCX509Key getKeyBC(String keyType, String alias) {
        return new Shown(keyType, this);
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return aliasFor(keyTypes);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return aliasFor(keyType);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return aliasFor(keyTypes);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return aliasFor(keyType);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return new String[]{ALIAS};
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return new String[]{ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return key.privateKey();
    }

    private record Shown(String keyType, OwnKeyManager manager) implements BCX509Key {
        @Override
        public String getKeyType() {
            return keyType;
        }

        @Override
        public PrivateKey getPrivateKey() {
            return manager.key.privateKey();
        }

        @Override
        public X509Certificate[] getCertificateChain() {
            return manager.chain.clone();
        }
    }
}
