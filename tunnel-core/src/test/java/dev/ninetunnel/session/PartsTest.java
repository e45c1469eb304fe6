package dev.ninetunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.Heartbeat;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.Liveness;
import dev.ninetunnel.link.Wire;
import dev.ninetunnel.link.Wire.Way;
import dev.ninetunnel.wire.message.Rread;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Messages that leave in parts, when the link is lost between any two of them. */
class PartsTest {
    private static final PeerId NORTH = PeerId.parse("aa".repeat(32));
    private static final PeerId SOUTH = PeerId.parse("bb".repeat(32));
    private static final int BULK = 20_000;

    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final Outbound outbound = new Outbound(clock.eventLoop(), true);
    private final Ledger theirs = new Ledger();
    private final List<String> sent = new ArrayList<>();
    private final List<String> received = new ArrayList<>();
    private Wire wire;

    private void link() {
        wire = new Wire(NORTH, "north", SOUTH, "south");
        Link near = wire.dialled();
        Link far = wire.accepted();
        near.frameLimit(2 * BULK);
        far.frameLimit(2 * BULK);
        near.divide();
        far.divide();
        far.route(this::arrived, this::arrived);
        near.route(ByteBuf::release, ByteBuf::release);
        outbound.moveTo(near, theirs.received(),
                new Heartbeat(near, Liveness.STANDARD, answered -> {}, () -> Duration.ZERO));
        outbound.pump();
        wire.settle();
    }

    private void arrived(ByteBuf frame) {
        theirs.receiving(frame);
        received.add(ByteBufUtil.hexDump(frame));
        frame.release();
    }

    private void send(int tag, int bytes) {
        byte[] data = new byte[bytes];
        new SplittableRandom(tag).nextBytes(data);
        ByteBuf frame = Unpooled.buffer();
        new Rread(Unpooled.wrappedBuffer(data)).write(frame, tag);
        sent.add(ByteBufUtil.hexDump(frame));
        outbound.accept(frame, "client", tag);
    }

    /** Loses the link after so many deliveries. Returns how many there were. */
    private int course(int deliveries) {
        link();
        for (int tag = 0; tag < 6; tag++) {
            send(tag, tag % 2 == 0 ? BULK : 100);
        }
        outbound.endOfBatch();
        wire.settle();
        int delivered = 0;
        while (delivered < deliveries && wire.carries(Way.FROM_DIALLER)) {
            wire.deliver(Way.FROM_DIALLER);
            delivered++;
        }
        wire.cut();
        outbound.leave();
        link();
        while (wire.carries(Way.FROM_DIALLER)) {
            wire.deliver(Way.FROM_DIALLER);
        }
        wire.cut();
        outbound.leave();
        outbound.close();
        theirs.release();
        clock.finishAndReleaseAll();
        return delivered;
    }

    @Test
    @DisplayName("each message arrives whole and once, wherever the link was lost")
    void everywhere() {
        int most = new PartsTest().course(Integer.MAX_VALUE);
        assertThat(most).as("parts and whole messages that went over the link").isGreaterThan(6);
        for (int i = 0; i <= most; i++) {
            PartsTest one = new PartsTest();
            one.course(i);
            assertThat(one.received).as("lost after %d", i).containsExactlyInAnyOrderElementsOf(one.sent);
        }
    }
}
