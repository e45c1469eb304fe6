package dev.ninetunnel.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.tls.Tls;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandshakingTest {
    @TempDir
    Path folder;

    @Test
    @DisplayName("a connection that was closed before its handshake could begin has failed, and nobody waits for it")
    void closedBefore() throws Exception {
        Identity self = Identity.loadOrCreate(folder);
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.close();
        List<Throwable> failures = new ArrayList<>();
        Handshaking.begin(channel, new Tls(self, Clock.systemUTC()).dial(self.id()), LinkLimits.DEFAULT,
                new Handshaking.Outcome() {
                    @Override
                    public void proven() {
                        throw new AssertionError("nothing was proven");
                    }

                    @Override
                    public void failed(Throwable cause) {
                        failures.add(cause);
                    }
                });
        assertThat(failures).singleElement().isInstanceOf(ClosedChannelException.class);
        channel.finishAndReleaseAll();
    }
}
