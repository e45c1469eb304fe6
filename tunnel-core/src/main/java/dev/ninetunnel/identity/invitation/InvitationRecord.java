package dev.ninetunnel.identity.invitation;

import dev.ninetunnel.identity.PeerId;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What the inviter keeps of an invitation: not its secret.
 *
 * @param id by which it is found
 * @param name what the peer will be called here
 * @param hash of the secret, in hexadecimal digits
 * @param ends when it does; it holds before
 * @param triesLeft how many wrong secrets it takes to end it
 * @param replacing whether the peer may take the place of one of that name with another key
 * @param by whose key has used it, or is about to
 */
record InvitationRecord(String id, String name, String hash, Instant ends, int triesLeft, boolean replacing,
        State state,
        Optional<PeerId> by) {
    /** How far it has come. */
    enum State {
        /** It is unused. */
        OPEN,
        /** It has been used, and the peer that used it may not be in the list yet: no other key can use it any more. */
        TAKEN,
        /** It has been used, and the peer is in the list. */
        USED
    }

    static InvitationRecord open(Invitation made, String name, Instant ends, int tries, boolean replacing) {
        return new InvitationRecord(made.id(), name,
                HexFormat.of().formatHex(Invitation.hash(made.id(), made.secret())),
                ends, tries, replacing, State.OPEN, Optional.empty());
    }

    boolean isOver(Instant now) {
        return !now.isBefore(ends) || triesLeft == 0;
    }

    /** Why, if it is. */
    RedeemResult.Why whyOver() {
        return triesLeft == 0 ? RedeemResult.Why.ENDED : RedeemResult.Why.EXPIRED;
    }

    /** Whether no other key has used it. */
    boolean isFor(PeerId key) {
        return by.isEmpty() || by.get().equals(key);
    }

    InvitationRecord withTriesLeft(int left) {
        return new InvitationRecord(id, name, hash, ends, left, replacing, state, by);
    }

    InvitationRecord usedBy(PeerId key, State how) {
        return new InvitationRecord(id, name, hash, ends, triesLeft, replacing, how, Optional.of(key));
    }

    /** A line of the file. */
    String line() {
        return String.join(" ", id, name, hash, ends.toString(), String.valueOf(triesLeft),
                replacing ? "replace" : "new", state.name(), by.map(PeerId::hex).orElse("-"));
    }

    /** Reads a line; throws {@link RuntimeException} if it is none. */
    static InvitationRecord of(String line) {
        String[] words = line.split(" ", -1);
        return new InvitationRecord(words[0], words[1], words[2], Instant.parse(words[3]), Integer.parseInt(words[4]),
                words[5].equals("replace"), State.valueOf(words[6]),
                words[7].equals("-") ? Optional.empty() : Optional.of(new PeerId(words[7])));
    }
}
