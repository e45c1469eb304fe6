package dev.ninetunnel.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.tls.TlsInfo;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When a silent link is probed, and when it is given up. Time passes as the test says. */
class HeartbeatTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Link link;
    private final List<Runnable> probes = new ArrayList<>();
    private final Heartbeat heartbeat;
    private Duration unanswered = Duration.ZERO;

    HeartbeatTest() {
        channel.freezeTime();
        link = new Link(channel, "there", new Peer(PeerId.parse("aa".repeat(32)), "far"), true,
                new TlsInfo("TLSv1.3", "none", "none"),
                8192, "").start();
        link.route(ByteBuf::release, ByteBuf::release);
        heartbeat = new Heartbeat(link, Liveness.STANDARD, probes::add, () -> unanswered);
        heartbeat.start();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    private static ByteBuf frame(MessageType type) {
        ByteBuf frame = Unpooled.buffer();
        Frame.end(frame, Frame.begin(frame, type, 1));
        return frame;
    }

    private void receive() {
        channel.writeInbound(frame(MessageType.RCLUNK));
    }

    private void send() {
        link.accept(frame(MessageType.RCLUNK));
        link.endOfBatch();
    }

    @Test
    @DisplayName("a link on which all is silent is probed within 25 seconds, and once only until that is answered")
    void probes() {
        pass(15);
        assertThat(probes).isEmpty();
        pass(10);
        assertThat(probes).hasSize(1);
        receive();
        pass(5);
        assertThat(probes).hasSize(1);
    }

    @Test
    @DisplayName("silence in one direction is enough")
    void oneWay() {
        for (int i = 0; i < 5; i++) {
            pass(5);
            receive();
        }
        assertThat(probes).as("nothing was sent").hasSize(1);
    }

    @Test
    @DisplayName("the time that a probe takes is the round trip")
    void roundTrip() {
        assertThat(heartbeat.roundTrip()).isEmpty();
        pass(25);
        pass(1);
        probes.getFirst().run();
        assertThat(heartbeat.roundTrip()).hasValueSatisfying(
                time -> assertThat(time).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(6)));
    }

    @Test
    @DisplayName("a busy link is never probed")
    void busy() {
        for (int i = 0; i < 40; i++) {
            pass(5);
            receive();
            send();
        }
        assertThat(probes).isEmpty();
    }

    @Test
    @DisplayName("a far side that says nothing is given up within 45 seconds, as a loss, not as a goodbye")
    void dead() {
        for (int i = 0; i < 7; i++) {
            pass(5);
            send();
        }
        assertThat(channel.isOpen()).isTrue();
        pass(10);
        assertThat(channel.isOpen()).isFalse();
        assertThat(link.closed()).isCompletedWithValueMatching(end -> end.kind() == LinkEnd.Kind.LOST
                && end.reason().contains("nothing has come"));
    }

    @Test
    @DisplayName("a byte of an unfinished frame is a sign of life")
    void halfAFrame() {
        for (int i = 0; i < 20; i++) {
            pass(5);
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[]{(byte) (i == 0 ? 200 : 0)}));
        }
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    @DisplayName("a far side that is not being read is not blamed for its silence")
    void notRead() {
        link.pauseReading();
        for (int i = 0; i < 20; i++) {
            pass(5);
        }
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    @DisplayName("when this host's network changes the far side is asked at once, and given up, as a loss, if nothing comes in 2 seconds")
    void networkChanged() {
        pass(1);
        heartbeat.networkChanged();
        assertThat(probes).hasSize(1);
        pass(1);
        assertThat(channel.isOpen()).isTrue();
        receive();
        pass(1);
        assertThat(channel.isOpen()).as("something has come").isTrue();

        heartbeat.networkChanged();
        pass(1);
        heartbeat.networkChanged();
        assertThat(heartbeat.overdue()).isPresent();
        pass(1);
        assertThat(link.closed()).isCompletedWithValueMatching(end -> end.kind() == LinkEnd.Kind.LOST
                && end.reason().contains("network has changed"));
    }

    @Test
    @DisplayName("an answer is overdue when it has not come 2 seconds after the question")
    void overdue() {
        pass(25);
        assertThat(probes).hasSize(1);
        assertThat(heartbeat.overdue()).isEmpty();
        pass(2);
        assertThat(heartbeat.overdue()).hasValue(Duration.ofSeconds(27));
        receive();
        assertThat(heartbeat.overdue()).isEmpty();
    }

    @Test
    @DisplayName("a busy link is probed when Tflush stays unanswered, and ends for a fault, not as a loss, when the probe does too")
    void deaf() {
        for (int i = 1; i <= 7; i++) {
            unanswered = Duration.ofSeconds(5L * i);
            pass(5);
            receive();
            send();
        }
        assertThat(probes).hasSize(1);
        assertThat(channel.isOpen()).isTrue();
        unanswered = Duration.ofSeconds(40);
        pass(5);
        assertThat(link.closed()).isCompletedWithValueMatching(end -> end.kind() == LinkEnd.Kind.BROKEN
                && end.reason().contains("answered no Tflush for 40 s"));
    }

    @Test
    @DisplayName("a far side that is amid a long message is not blamed for what may come behind that")
    void amidMessage() {
        for (int i = 0; i < 20; i++) {
            unanswered = Duration.ofSeconds(5L * i);
            pass(5);
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[]{(byte) (i == 0 ? 200 : 0)}));
        }
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    @DisplayName("nothing is looked at any more after the end")
    void stopped() {
        heartbeat.stop();
        pass(100);
        assertThat(probes).isEmpty();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    @DisplayName("a time to give up that leaves no time for an answer is refused, with both times")
    void limits() {
        assertThatThrownBy(() -> new Liveness(Duration.ofSeconds(20), Duration.ofSeconds(29)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("20.0 s")
                .hasMessageContaining("29.0 s");
    }
}
