package dev.ninetunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.Wire;
import dev.ninetunnel.link.Wire.Way;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims to a session that has a link: who has none gets a reason, and the session does not notice. */
class TakeoverTest {
    private static final PeerId STRANGER = PeerId.parse("cc".repeat(32));

    @TempDir
    private Path folder;
    private Side north;
    private Side south;
    private Wire wire;
    private final List<Wire> others = new ArrayList<>();

    @BeforeEach
    void link() throws IOException {
        north = new Side("n", folder.resolve("north"), "n");
        south = new Side("s", folder.resolve("south"), "s");
        wire = new Wire(north.id(), "north", south.id(), "south");
        south.accepted(wire.accepted());
        north.dialled(wire.dialled());
        carryAll(wire);
        assertThat(north.isContent()).isTrue();
    }

    @AfterEach
    void close() {
        north.close();
        south.close();
        wire.cut();
        others.forEach(Wire::cut);
    }

    private void carryAll(Wire on) {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Way way : Way.values()) {
                if (on.carries(way)) {
                    on.deliver(way);
                    moved = true;
                }
            }
            north.settle();
            south.settle();
        }
    }

    /** Another connection to south by who has this key, with this said first. Returns what is answered. */
    private String claim(PeerId key, String version) {
        Wire other = new Wire(key, "other", south.id(), "south");
        others.add(other);
        south.accepted(other.accepted());
        List<String> answers = new ArrayList<>();
        Link mine = other.dialled();
        mine.route(ByteBuf::release, frame -> {
            if (Rmessage.read(frame) instanceof Rversion answer) {
                answers.add(answer.version().utf8());
            }
            frame.release();
        });
        ByteBuf question = ByteBufAllocator.DEFAULT.buffer();
        new Tversion(8192, Text.of(version)).write(question, Frame.NOTAG);
        mine.accept(question);
        mine.endOfBatch();
        carryAll(other);
        assertThat(answers).hasSize(1);
        return answers.getFirst();
    }

    private String claimText(long link, long received) {
        return new ResumeToken(sessionId(), link, received).in("9P2000.L").utf8();
    }

    private SessionId sessionId() {
        return north.session().claim(1).session();
    }

    private void assertThatTheSessionGoesOn() {
        assertThat(wire.isOpen(Way.FROM_DIALLER)).isTrue();
        assertThat(wire.isOpen(Way.TO_DIALLER)).isTrue();
        assertThat(north.hasLink()).isTrue();
        assertThat(south.hasLink()).isTrue();
        int before = north.answers.size();
        north.askAgain();
        carryAll(wire);
        assertThat(north.answers).hasSizeGreaterThan(before);
        assertThat(north.isConnected()).isTrue();
    }

    @Test
    @DisplayName("a session of another peer is not known to who asks for it")
    void anotherPeers() {
        assertThat(claim(STRANGER, claimText(2, 0))).isEqualTo("9P2000.L;refused=unknown");
        assertThatTheSessionGoesOn();
    }

    @Test
    @DisplayName("a count of messages ahead of what was sent is refused")
    void ahead() {
        assertThat(claim(north.id(), claimText(2, 1000))).isEqualTo("9P2000.L;refused=count");
        assertThatTheSessionGoesOn();
    }

    @Test
    @DisplayName("a count of messages behind what was shown to have arrived is refused")
    void behind() {
        assertThat(claim(north.id(), claimText(2, 0))).isEqualTo("9P2000.L;refused=count");
        assertThatTheSessionGoesOn();
    }

    @Test
    @DisplayName("a claim that is not later than the link that has the session is refused")
    void stale() {
        assertThat(claim(north.id(), claimText(1, 0))).isEqualTo("9P2000.L;refused=stale");
        assertThatTheSessionGoesOn();
    }

    @Test
    @DisplayName("a new session that nobody uses leaves the one in force alone")
    void proposedOnly() {
        for (int i = 0; i < 10; i++) {
            assertThat(claim(north.id(), new ResumeToken(new SessionId(i, i), 1, 0).in("9P2000.L").utf8()))
                    .startsWith("9P2000.L;session=");
        }
        assertThatTheSessionGoesOn();
    }

    @Test
    @DisplayName("who says that it takes messages in parts hears the same, and who does not hears nothing of it")
    void parts() {
        String without = new ResumeToken(new SessionId(1, 1), 1, 0).in("9P2000.L").utf8();
        String with = new ResumeToken(new SessionId(2, 2), 1, 0).in("9P2000.L").utf8() + ";parts=1";
        assertThat(claim(north.id(), without)).isEqualTo(without);
        assertThat(claim(north.id(), with)).isEqualTo(with);
        assertThat(claim(STRANGER, "9P2000.L;parts=1")).isEqualTo("9P2000.L;parts=1");
        assertThat(claim(STRANGER, "9P2000.L")).isEqualTo("9P2000.L");
        assertThat(claim(north.id(), claimText(2, 1000) + ";parts=1")).isEqualTo("9P2000.L;refused=count");
    }

    @Test
    @DisplayName("of two takeovers at once the later one has the session, whichever comes first")
    void twoAtOnce() {
        wire.loseEnd(Way.FROM_DIALLER);
        north.settle();
        Wire first = new Wire(north.id(), "north", south.id(), "south");
        Wire second = new Wire(north.id(), "north", south.id(), "south");
        others.addAll(List.of(first, second));
        south.accepted(first.accepted());
        south.accepted(second.accepted());
        north.dialled(first.dialled());
        north.dialled(second.dialled());
        carryAll(second);
        assertThat(north.hasLink()).isTrue();
        carryAll(first);
        assertThat(first.isOpen(Way.TO_DIALLER)).isFalse();
        assertThat(second.isOpen(Way.FROM_DIALLER)).isTrue();
        int before = north.answers.size();
        north.askAgain();
        carryAll(second);
        assertThat(north.answers).hasSizeGreaterThan(before);
        assertThat(north.errors()).isEmpty();
    }

    @Test
    @DisplayName("a claim whose answer takes too long costs its link, and not the session")
    void answeredTooLate() {
        wire.cut();
        carryAll(wire);
        Wire slow = dialAgain();
        slow.deliver(Way.FROM_DIALLER);
        south.settle();
        assertThat(south.hasLink()).as("granted").isTrue();
        slow.pass(SessionLimits.STANDARD.opening().toNanos());
        assertThat(slow.dialled().closed()).isCompletedWithValueMatching(end -> end.kind() == LinkEnd.Kind.LOST,
                "without a goodbye, which would end the session");
        slow.loseEnd(Way.TO_DIALLER);
        Wire next = dialAgain();
        int before = north.answers.size();
        north.askAgain();
        carryAll(next);
        assertThat(north.answers).hasSizeGreaterThan(before);
        assertThat(north.errors()).isEmpty();
        assertThat(north.isConnected()).isTrue();
    }

    private Wire dialAgain() {
        Wire another = new Wire(north.id(), "north", south.id(), "south");
        others.add(another);
        south.accepted(another.accepted());
        north.dialled(another.dialled());
        return another;
    }

    @Test
    @DisplayName("anything but Tversion at the beginning of a link closes that link alone")
    void noVersion() {
        Wire other = new Wire(north.id(), "north", south.id(), "south");
        others.add(other);
        south.accepted(other.accepted());
        ByteBuf clunk = Unpooled.wrappedBuffer(new byte[]{11, 0, 0, 0, 120, 1, 0, 0, 0, 0, 0});
        other.dialled().accept(clunk);
        other.dialled().endOfBatch();
        carryAll(other);
        assertThat(other.isOpen(Way.TO_DIALLER)).isFalse();
        assertThatTheSessionGoesOn();
    }
}
