package dev.ninetunnel.link.pairing;

/** An inviter's answer to the user of an invitation. */
public sealed interface PairingVerdict {
    /**
     * The key of this side is in the inviter's list of peers.
     *
     * @param name what it is called there
     */
    record Paired(String name) implements PairingVerdict {}

    /**
     * It is not.
     *
     * @param reason a word of the protocol (docs/protocol.md, section 11), such as {@code secret}
     * @param triesLeft how many wrong secrets end the invitation; 0 where that is not told
     */
    record Refused(String reason, int triesLeft) implements PairingVerdict {}
}
