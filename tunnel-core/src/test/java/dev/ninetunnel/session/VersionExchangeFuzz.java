package dev.ninetunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.Wire;
import dev.ninetunnel.link.Wire.Way;
import dev.ninetunnel.testing.FuzzedFrames;
import dev.ninetunnel.testing.HeldBuffers;
import dev.ninetunnel.testing.InMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a peer says when a link begins, and after it, whether it has dialled or answers: it is answered, or the link ends for a
 * reason of the peer's, never for a fault of this program; a session of another peer goes on; no buffer is left. The first byte
 * of an input says who it is, the rest is the stream; in it, {@link #ANY_SESSION} stands for the session that is in force.
 */
class VersionExchangeFuzz {
    private static final PeerId STRANGER = PeerId.parse("cc".repeat(32));
    private static final byte[] ANY_SESSION = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int LIMIT = 8192;

    @TempDir(factory = InMemory.class)
    Path folder;

    @FuzzTest
    void whatAPeerSaysFirstHarmsItsOwnLinkAlone(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        HeldBuffers held = new HeldBuffers();
        if ((input[0] & 1) == 0) {
            dialsBesideASession(input, (input[0] & 2) == 0);
        } else {
            answers(input);
        }
        held.assertNoneLeft();
    }

    /** The fuzzer dials south, with which north has a session: as somebody else, or with north's own key. */
    private void dialsBesideASession(byte[] input, boolean stranger) throws IOException {
        try (Side north = new Side("n", folder.resolve("north"), "n");
                Side south = new Side("s", folder.resolve("south"), "s")) {
            Wire wire = new Wire(north.id(), "north", south.id(), "south");
            south.accepted(wire.accepted());
            north.dialled(wire.dialled());
            carry(wire, north, south);
            byte[] session = north.session().claim(1).session().toString().getBytes(StandardCharsets.US_ASCII);
            Wire other = new Wire(stranger ? STRANGER : north.id(), "other", south.id(), "south");
            south.accepted(other.accepted());
            say(other.dialled(), replaced(input, session));
            carry(other, north, south);
            assertThatItIsNoFault(other.accepted());
            if (stranger) {
                north.askAgain();
                carry(wire, north, south);
                assertThat(north.isConnected() && north.hasLink()).as("the session goes on").isTrue();
            }
            other.cut();
            wire.cut();
        }
    }

    /** The fuzzer answers what north has dialled. */
    private void answers(byte[] input) throws IOException {
        try (Side north = new Side("n", folder.resolve("north"), "n")) {
            Wire wire = new Wire(north.id(), "north", STRANGER, "south");
            north.dialled(wire.dialled());
            say(wire.accepted(), input);
            carry(wire, north, north);
            assertThatItIsNoFault(wire.dialled());
            wire.cut();
        }
    }

    private static void assertThatItIsNoFault(Link link) {
        LinkEnd end = link.closed().getNow(null);
        assertThat(end == null ? "" : end.reason()).doesNotContain("fault in this program");
    }

    private static void say(Link link, byte[] input) {
        link.route(ByteBuf::release, ByteBuf::release);
        FuzzedFrames frames = new FuzzedFrames(ByteBufAllocator.DEFAULT, input, 1, LIMIT);
        while (frames.hasNext()) {
            link.accept(frames.next());
        }
        link.endOfBatch();
    }

    private static void carry(Wire on, Side... sides) {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Way way : Way.values()) {
                if (on.carries(way)) {
                    on.deliver(way);
                    moved = true;
                }
            }
            for (Side side : sides) {
                side.settle();
            }
        }
    }

    private static byte[] replaced(byte[] input, byte[] session) {
        byte[] bytes = input.clone();
        for (int at = 0; at + ANY_SESSION.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + ANY_SESSION.length, ANY_SESSION, 0, ANY_SESSION.length)) {
                System.arraycopy(session, 0, bytes, at, session.length);
            }
        }
        return bytes;
    }
}
