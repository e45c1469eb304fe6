package dev.ninetunnel.identity;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * The way from a peer's certificate up to an authority, through certificates that the peer sent along.
 *
 * @param below the peer's own first, then those above it, without the authority's
 */
record Chain(List<X509Certificate> below, X509Certificate authority) {
    /** More than any organisation has above a certificate; what a peer sends beyond is not looked at. */
    static final int MOST = 8;

    Chain {
        below = List.copyOf(below);
    }

    X509Certificate own() {
        return below.getFirst();
    }

    /** Whose key has signed that one. */
    X509Certificate signerOf(int index) {
        return index + 1 < below.size() ? below.get(index + 1) : authority;
    }

    /**
     * Looks for it from the authorities down, so that no signature is ever checked with a key that was not vouched for: who
     * is not known yet can make this endpoint do little work. Whether each may sign others is for the caller to check.
     */
    static Optional<Chain> find(List<X509Certificate> sent, List<X509Certificate> authorities) {
        Map<X509Certificate, X509Certificate> signers = new LinkedHashMap<>();
        List<X509Certificate> rest = new ArrayList<>(sent.subList(0, Math.min(sent.size(), MOST)));
        Queue<X509Certificate> vouched = new ArrayDeque<>(authorities);
        while (!vouched.isEmpty() && !rest.isEmpty()) {
            X509Certificate signer = vouched.remove();
            List<X509Certificate> below = rest.stream().filter(c -> isSigned(c, signer)).toList();
            below.forEach(c -> signers.putIfAbsent(c, signer));
            rest.removeAll(below);
            below.stream().filter(c -> c.getBasicConstraints() >= 0).forEach(vouched::add);
        }
        X509Certificate at = sent.getFirst();
        List<X509Certificate> way = new ArrayList<>();
        while (signers.containsKey(at)) {
            way.add(at);
            X509Certificate signer = signers.get(at);
            if (authorities.contains(signer)) {
                return Optional.of(new Chain(way, signer));
            }
            at = signer;
        }
        return Optional.empty();
    }

    private static boolean isSigned(X509Certificate certificate, X509Certificate signer) {
        if (!certificate.getIssuerX500Principal().equals(signer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(signer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
