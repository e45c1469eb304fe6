package dev.ninetunnel.tls;

/**
 * What a finished handshake agreed on.
 *
 * @param protocol such as {@code TLSv1.3}
 * @param cipher such as {@code TLS_AES_256_GCM_SHA384}
 * @param keyExchange the group of the key exchange, such as {@code X25519MLKEM768}
 */
public record TlsInfo(String protocol, String cipher, String keyExchange) {
    @Override
    public String toString() {
        return protocol + " " + cipher + " " + keyExchange;
    }
}
