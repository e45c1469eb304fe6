package dev.ninetunnel.identity;

/** Whom a dialled connection must lead to. */
public sealed interface ExpectedPeer permits Peer, ExpectedPeer.Certified {
    /** What it is called here. */
    String name();

    /** By what it is known, for people: the end of a sentence that begins with "expected". */
    String proof();

    /** Any holder of a certificate with this name, of an authority that is trusted here. */
    record Certified(String name) implements ExpectedPeer {
        public Certified {
            Peer.requireName(name);
        }

        @Override
        public String proof() {
            return "a certificate for " + name;
        }
    }
}
