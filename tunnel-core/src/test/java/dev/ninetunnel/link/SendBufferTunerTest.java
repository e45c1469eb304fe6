package dev.ninetunnel.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How much waits where it cannot be overtaken any more. */
class SendBufferTunerTest {
    private static final int LEAST = 4 << 10;

    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel channel = new EmbeddedChannel(new SendBufferTuner(ticker, LEAST));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    /** Sends for a while at a rate. Returns how much may wait at its end, in bytes. */
    private int after(int milliseconds, int bytesEach) {
        for (int i = 0; i < milliseconds; i++) {
            channel.writeOneOutbound(Unpooled.buffer(bytesEach).writerIndex(bytesEach));
            ticker.advance(1, TimeUnit.MILLISECONDS);
            channel.flush();
        }
        return channel.config().getWriteBufferHighWaterMark();
    }

    @Test
    @DisplayName("on 10 Mbit/s no more waits than the least, on 100 Mbit/s no more than leaves in a millisecond")
    void slow() {
        channel.config().setWriteBufferWaterMark(SendBufferTuner.waterMark(LEAST));
        assertThat(after(1000, 1_250)).isEqualTo(LEAST);
        assertThat(after(1000, 12_500)).isEqualTo(8 << 10);
    }

    @Test
    @DisplayName("on a fast link as much waits as leaves in a millisecond, within bounds")
    void fast() {
        assertThat(after(100, 125_000)).isEqualTo(64 << 10);
        assertThat(channel.config().getWriteBufferLowWaterMark()).isEqualTo(32 << 10);
        assertThat(after(100, 1_000_000)).isEqualTo(SendBufferTuner.MOST);
    }

    @Test
    @DisplayName("when a link gets slow, or has nothing to send for a while, less waits again")
    void slower() {
        after(100, 1_000_000);
        assertThat(after(100, 1_250)).isEqualTo(LEAST);
        after(100, 1_000_000);
        ticker.advance(10, TimeUnit.SECONDS);
        assertThat(after(1, 1_000_000)).isEqualTo(LEAST);
    }

    @Test
    @DisplayName("the first bytes of all, which the channel takes at once, are soon forgotten")
    void start() {
        channel.writeOutbound(Unpooled.buffer(200_000).writerIndex(200_000));
        assertThat(after(60, 1)).isLessThanOrEqualTo(2 * LEAST);
    }
}
