package dev.ninetunnel.link.pairing;

import dev.ninetunnel.identity.invitation.Invitation;
import dev.ninetunnel.identity.invitation.RedeemResult;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What the two sides of a pairing say to one another, each in one frame:
 *
 * <pre>
 *   Tversion "9P2000.L;invitation=0123456789abcdef;secret=0123456789abcdef0123456789abcdef"
 *   Rversion "9P2000.L;paired=laptop"    or    "9P2000.L;refused=secret;tries=4"
 * </pre>
 */
final class PairingMessages {
    /** The largest frame that is read on such a connection, in bytes. */
    static final int LARGEST_FRAME = 512;
    /** What an inviter says that cannot write down what it should. */
    static final String FAULT = "fault";

    private static final String VERSION = "9P2000.L";
    private static final String ID = "invitation";
    private static final String SECRET = "secret";
    private static final String PAIRED = "paired";
    private static final String REFUSED = "refused";
    private static final String TRIES = "tries";

    private PairingMessages() {}

    /** What is asked of an inviter. */
    record Question(String id, String secret) {
        @Override
        public String toString() {
            return "about the invitation " + id;
        }
    }

    /** Puts the question into the frame that asks it. */
    static void ask(Invitation invitation, ByteBuf out) {
        new Tversion(Frame.MIN_MSIZE, Text.of(
                VERSION + ";" + ID + "=" + invitation.id() + ";" + SECRET + "=" + invitation.secret())).write(out,
                        Frame.NOTAG);
    }

    /** Throws {@link MalformedMessageException} for any other frame; does not release it. */
    static Question question(ByteBuf frame) {
        if (!(Frame.isRequest(frame) && Tmessage.read(frame) instanceof Tversion(_, Text version)
                && Frame.tag(frame) == Frame.NOTAG)) {
            throw new MalformedMessageException("a message of type " + Frame.type(frame)
                    + " where nothing but an invitation can be used");
        }
        Map<String, String> said = parameters(version);
        if (!said.containsKey(ID) || !said.containsKey(SECRET)) {
            throw new MalformedMessageException("no invitation where nothing else can be done");
        }
        return new Question(said.get(ID), said.get(SECRET));
    }

    /** Puts the answer into the frame that gives it. */
    static void answer(RedeemResult redeemResult, ByteBuf out) {
        say(out, switch (redeemResult) {
            case RedeemResult.Accepted(String name) -> PAIRED + "=" + name;
            case RedeemResult.Refused(RedeemResult.Why why, _, int triesLeft) -> REFUSED + "="
                    + why.name().toLowerCase(Locale.ROOT)
                    + (why == RedeemResult.Why.SECRET ? ";" + TRIES + "=" + triesLeft : "");
        });
    }

    /** Puts into a frame that the inviter cannot do it now. */
    static void fault(ByteBuf out) {
        say(out, REFUSED + "=" + FAULT);
    }

    private static void say(ByteBuf out, String what) {
        new Rversion(Frame.MIN_MSIZE, Text.of(VERSION + ";" + what)).write(out, Frame.NOTAG);
    }

    /** Throws {@link MalformedMessageException} for any other frame; does not release it. */
    static PairingVerdict verdict(ByteBuf frame) {
        if (Frame.isRequest(frame) || !(Rmessage.read(frame) instanceof Rversion(_, Text version))) {
            throw new MalformedMessageException("a message of type " + Frame.type(frame) + " for an answer");
        }
        Map<String, String> said = parameters(version);
        if (said.containsKey(PAIRED)) {
            return new PairingVerdict.Paired(word(said.get(PAIRED), "[A-Za-z0-9_][A-Za-z0-9._-]{0,63}"));
        }
        if (said.containsKey(REFUSED)) {
            int tries = Integer.parseInt(word(said.getOrDefault(TRIES, "0"), "[0-9]{1,4}"));
            return new PairingVerdict.Refused(word(said.get(REFUSED), "[a-z-]{1,20}"), tries);
        }
        throw new MalformedMessageException("an answer that is neither yes nor no");
    }

    private static String word(String said, String pattern) {
        if (!said.matches(pattern)) {
            throw new MalformedMessageException("an answer that makes no sense");
        }
        return said;
    }

    /** What stands behind the semicolons of a version string. */
    private static Map<String, String> parameters(Text version) {
        Map<String, String> found = new HashMap<>();
        String[] parts = version.utf8().split(";", -1);
        if (!parts[0].equals(VERSION)) {
            return found;
        }
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", 2);
            found.putIfAbsent(pair[0], pair.length == 2 ? pair[1] : "");
        }
        return found;
    }
}
