package dev.ninetunnel.link.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.link.Logged;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AcceptFaultsTest {
    @Test
    @DisplayName("when no more connections can be accepted it pauses, says so once, and goes on")
    void pauses() {
        EmbeddedChannel listening = new EmbeddedChannel(new AcceptFaults("peers"));
        try (Logged logged = new Logged()) {
            for (int i = 0; i < 5; i++) {
                listening.pipeline().fireExceptionCaught(new IOException("accept(..) failed: Too many open files"));
                assertThat(listening.config().isAutoRead()).isFalse();
                listening.advanceTimeBy(AcceptFaults.PAUSE_SECONDS, TimeUnit.SECONDS);
                listening.runScheduledPendingTasks();
                assertThat(listening.config().isAutoRead()).isTrue();
            }
            assertThat(logged.warnings()).singleElement().asString().contains("Too many open files", "ulimit -n");

            listening.writeInbound("a connection");
            listening.pipeline().fireExceptionCaught(new IOException("again"));
            assertThat(logged.warnings()).hasSize(2);
        }
        listening.checkException();
        listening.finishAndReleaseAll();
    }
}
