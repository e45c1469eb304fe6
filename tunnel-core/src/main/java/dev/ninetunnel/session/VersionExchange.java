package dev.ninetunnel.session;

import dev.ninetunnel.mux.RemoteParameters;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Extended;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * The Tversion exchange that opens the conversation in which this endpoint asks (version(5)).
 *
 * <p>An endpoint of ours speaks plain 9P2000 and 9P2000.L on one conversation, and is asked once. An ordinary 9P server
 * speaks one dialect at a time, so it is asked for the richest first, and again for less when it says {@code unknown}.
 */
final class VersionExchange {
    /** What an answer led to. */
    sealed interface Outcome {
        /**
         * The conversation is open.
         *
         * @param version as it was answered, with its parameters
         */
        record Agreed(RemoteParameters far, String version) implements Outcome {}

        /** Ask once more, for another dialect. */
        record AskAgain() implements Outcome {}

        /** There will be no conversation. */
        record Refused(String reason) implements Outcome {}
    }

    private final boolean ours;
    private final int msize;
    private final Queue<Dialect> wanted;

    /**
     * Before the first question.
     *
     * @param ours whether the far side is an endpoint like this one, as ALPN told
     * @param msize the largest frame to ask for, in bytes
     */
    VersionExchange(boolean ours, int msize) {
        this.ours = ours;
        this.msize = msize;
        this.wanted = new ArrayDeque<>(
                ours ? List.of(Dialect.LINUX) : List.of(Dialect.LINUX, Dialect.UNIX, Dialect.PLAIN));
    }

    /** The question to send, to be written behind what the buffer holds. */
    void ask(ByteBuf out) {
        ask(out, Text.of(version()));
    }

    private String version() {
        return wanted.element().version() + (ours ? Extended.PARAMETER : "");
    }

    /**
     * The same as the first message on a link to an endpoint of ours: it says that this one takes messages in parts, and for how
     * long its leases are good; zero if it has none.
     */
    void askFirst(ByteBuf out, Duration lease) {
        askFirst(out, Text.of(version()), lease);
    }

    /** The same, with a claim to a session. */
    void askFirst(ByteBuf out, ResumeToken resumeToken, Duration lease) {
        askFirst(out, resumeToken.in(version()), lease);
    }

    private void askFirst(ByteBuf out, Text version, Duration lease) {
        ask(out, LeaseParameter.in(PartsParameter.in(version), lease));
    }

    private void ask(ByteBuf out, Text version) {
        new Tversion(msize, version).write(out, Frame.NOTAG);
    }

    /**
     * Takes the answer, which stays its owner's.
     *
     * @throws MalformedMessageException if it is no answer to a Tversion at all
     */
    Outcome answered(ByteBuf frame) {
        if (Frame.tag(frame) != Frame.NOTAG) {
            throw new MalformedMessageException("a reply before it has answered Tversion");
        }
        return switch (Rmessage.read(frame)) {
            case Rversion version -> version(version);
            case Rlerror error -> new Outcome.Refused("the far side refused Tversion with error " + error.ecode());
            case Rerror error -> new Outcome.Refused("the far side refused Tversion: " + error.ename());
            case Rmessage other -> new Outcome.Refused("the far side answered Tversion with " + other.type());
        };
    }

    private Outcome version(Rversion answer) {
        String version = answer.version().utf8();
        Dialect asked = wanted.remove();
        if (version.equals("unknown") && !wanted.isEmpty()) {
            return new Outcome.AskAgain();
        }
        Dialect spoken = Dialect.of(version.replaceFirst(";.*", "")).orElse(null);
        if (spoken == null || spoken.compareTo(asked) > 0) {
            return new Outcome.Refused("the far side answered version '" + answer.version() + "' to '"
                    + asked.version() + "': it speaks no 9P that is known here");
        }
        if (answer.msize() < Frame.MIN_MSIZE || answer.msize() > msize) {
            return new Outcome.Refused("the far side wants an msize of " + Integer.toUnsignedString(answer.msize())
                    + " bytes, where " + Frame.MIN_MSIZE + " to " + msize + " are possible");
        }
        return new Outcome.Agreed(new RemoteParameters(answer.msize(), dialects(spoken))
                .withExtended(ours && Extended.isIn(version)), version);
    }

    private Set<Dialect> dialects(Dialect spoken) {
        return ours && spoken == Dialect.LINUX ? EnumSet.of(Dialect.LINUX, Dialect.PLAIN) : EnumSet.of(spoken);
    }
}
