package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.export.Rights;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What one peer uses of what it may. */
class QuotaTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private int again;

    private Quota quota(Rights.Limits bounds) {
        channel.freezeTime();
        return new Quota(channel.eventLoop(), bounds);
    }

    private boolean begin(Quota quota, long bytes) {
        return quota.begin(bytes, () -> again++);
    }

    @Test
    @DisplayName("as many requests as a second allows come at once, and the others when their time has come")
    void pace() {
        Quota quota = quota(new Rights.Limits(1, 1, Long.MAX_VALUE, 10));
        for (int i = 0; i < 10; i++) {
            assertThat(begin(quota, 100)).isTrue();
            quota.end(100);
        }
        assertThat(begin(quota, 100)).isFalse();
        channel.advanceTimeBy(99, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(again).isZero();
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(again).isEqualTo(1);
        assertThat(begin(quota, 100)).isTrue();
        assertThat(begin(quota, 100)).isFalse();
    }

    @Test
    @DisplayName("what is in flight is bounded, but for one request, and an end lets the next begin")
    void flight() {
        Quota quota = quota(new Rights.Limits(1, 1, 1000, Integer.MAX_VALUE));
        assertThat(begin(quota, 5000)).as("one is let through").isTrue();
        assertThat(begin(quota, 1)).isFalse();
        quota.end(5000);
        assertThat(again).isEqualTo(1);
        assertThat(begin(quota, 600)).isTrue();
        assertThat(begin(quota, 400)).isTrue();
        assertThat(begin(quota, 1)).isFalse();
        quota.change(new Rights.Limits(1, 1, 2000, Integer.MAX_VALUE));
        assertThat(again).isEqualTo(2);
        assertThat(begin(quota, 1)).isTrue();
    }

    @Test
    @DisplayName("attaches are counted until their fids end")
    void attaches() {
        Quota quota = quota(new Rights.Limits(2, 1, 1, 1));
        assertThat(quota.attach()).isTrue();
        assertThat(quota.attach()).isTrue();
        assertThat(quota.attach()).isFalse();
        quota.detach();
        assertThat(quota.attach()).isTrue();
    }
}
