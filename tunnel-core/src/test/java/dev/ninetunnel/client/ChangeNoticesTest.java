package dev.ninetunnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.RawNine;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.message.Rbreak;
import dev.ninetunnel.wire.message.Tbreak;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Notices of changes over conversations, one after the other, with a scripted server. */
class ChangeNoticesTest {
    private final ChangeNotices notices = new ChangeNotices();

    /** A conversation in which leases are granted. */
    private final class Talk implements AutoCloseable {
        final EmbeddedChannel channel = new EmbeddedChannel();
        final RawNine server = RawNine.over(channel);

        Talk() {
            CompletableFuture<NineClient> client = NineClient.over(channel, Offer.any().withLeases());
            server.acceptVersion("9P2000.L.ninetunnel.lease=7500");
            notices.over(client.join());
            channel.runPendingTasks();
        }

        void recall() {
            server.send(new Tbreak(1, LeaseKinds.NAMES), 0);
            server.reply(0, Rbreak.class);
        }

        @Override
        public void close() {
            channel.finishAndReleaseAll();
            server.close();
        }
    }

    private boolean isTold() throws InterruptedException {
        return notices.await(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    @Test
    @DisplayName("what an earlier conversation tells after the next has begun, its end as well, says nothing of the next")
    void oldConversation() throws InterruptedException {
        Talk first = new Talk();
        try (Talk second = new Talk()) {
            notices.begin();
            first.recall();
            first.close();
            assertThat(isTold()).isFalse();
            assertThat(notices.isOver()).isFalse();
            second.recall();
            assertThat(isTold()).isTrue();
            assertThat(notices.isOver()).isFalse();
        }
        assertThat(isTold()).isTrue();
        assertThat(notices.isOver()).isTrue();
    }
}
