package dev.ninetunnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.RawNine;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tclunk;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When a client notices that a server says nothing, in a time of its own. */
class SilenceTest {
    private static final int MSIZE = 8192;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final RawNine server = RawNine.over(channel);
    private final AtomicInteger silences = new AtomicInteger();
    private NineClient client;

    @BeforeEach
    void connect() {
        channel.freezeTime();
        CompletableFuture<NineClient> agreed = NineClient.over(channel,
                Offer.of(Dialect.LINUX).withMsize(MSIZE).onSilence(silences::incrementAndGet));
        channel.runPendingTasks();
        pass(1_500);
        assertThat(silences).as("nothing comes in answer to Tversion").hasValue(1);
        server.send(new Rversion(MSIZE, Text.of("9P2000.L")), Frame.NOTAG);
        client = agreed.join();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void pass(int millis) {
        for (int i = 0; i < millis; i += 250) {
            channel.advanceTimeBy(250, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    @Test
    @DisplayName("a second without an answer is told of once, and so is the next after something has come")
    void onceEach() {
        client.send(new Tclunk(1));
        client.send(new Tclunk(2));
        channel.runPendingTasks();
        pass(750);
        assertThat(silences).hasValue(1);
        pass(250);
        assertThat(silences).hasValue(2);
        pass(60_000);
        assertThat(silences).hasValue(2);
        server.send(new Rclunk(), 0);
        pass(1_000);
        assertThat(silences).as("the second is awaited still").hasValue(3);
    }

    @Test
    @DisplayName("where nothing is asked there is no silence")
    void nothingAsked() {
        pass(60_000);
        assertThat(silences).hasValue(1);
        client.send(new Tclunk(1));
        channel.runPendingTasks();
        pass(500);
        server.send(new Rclunk(), 0);
        pass(60_000);
        assertThat(silences).hasValue(1);
    }
}
