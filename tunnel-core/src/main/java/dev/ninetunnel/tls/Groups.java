package dev.ninetunnel.tls;

import org.bouncycastle.tls.NamedGroup;

/** The groups for the key exchange, best first. */
final class Groups {
    /**
     * The hybrid of X25519 and ML-KEM-768 holds against an attacker who records today and has a quantum computer later.
     * secp256r1 and secp384r1 stay in the list also because Bouncy Castle ties certificates on these curves to it.
     */
    private static final String[] ALL = {"X25519MLKEM768", "x25519", "secp256r1", "secp384r1"};

    /**
     * Those whose key share goes into the first flight, so that no second one is needed: the best, and the one that
     * every peer has.
     */
    private static final String[] EARLY = {"X25519MLKEM768", "x25519"};

    private Groups() {}

    static String[] all() {
        return ALL.clone();
    }

    static String[] early() {
        return EARLY.clone();
    }

    /** The name of the group that a secret of this curve and this KEM makes, of which one may be absent (-1). */
    static String name(int curve, int kem) {
        if (kem == NamedGroup.MLKEM768 && curve == NamedGroup.x25519) {
            return NamedGroup.getName(NamedGroup.X25519MLKEM768);
        }
        return NamedGroup.getName(kem < 0 ? curve : kem);
    }
}
