package dev.ninetunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.Wire;
import dev.ninetunnel.link.Wire.Way;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A peer whose link is lively, but which answers neither requests nor Tflush: it is found out, and the session ends, because
 * another link of the same session would owe the same answers.
 */
class DeafPeerTest {
    @TempDir
    private Path folder;
    private Side north;
    private Wire wire;
    private CompletableFuture<LinkEnd> end;

    @BeforeEach
    void link() throws IOException {
        north = new Side("n", folder.resolve("north"), "n");
        wire = new Wire(north.id(), "north", PeerId.parse("bb".repeat(32)), "deaf");
        Link deaf = wire.accepted();
        deaf.route(frame -> answerVersion(deaf, frame), ByteBuf::release);
        end = wire.dialled().closed();
        north.dialled(wire.dialled());
        carry();
        assertThat(north.hasLink()).isTrue();
    }

    @AfterEach
    void close() {
        north.close();
        wire.cut();
    }

    private static void answerVersion(Link deaf, ByteBuf frame) {
        if (Tmessage.read(frame) instanceof Tversion asked) {
            ByteBuf answer = ByteBufAllocator.DEFAULT.buffer();
            new Rversion(8192, asked.version()).write(answer, Frame.NOTAG);
            deaf.accept(answer);
            deaf.endOfBatch();
        }
        frame.release();
    }

    private void carry() {
        for (int i = 0; i < 5; i++) {
            for (Way way : Way.values()) {
                while (wire.carries(way)) {
                    wire.deliver(way);
                }
            }
            north.settle();
        }
    }

    /** It asks something itself, which is answered: nothing is silent. */
    private void liveFor(int seconds) {
        for (int i = 0; i < seconds; i += 5) {
            ByteBuf question = ByteBufAllocator.DEFAULT.buffer();
            new Tflush(Frame.NOTAG).write(question, 1);
            wire.accepted().accept(question);
            wire.accepted().endOfBatch();
            carry();
            north.passSeconds(5);
            wire.pass(TimeUnit.SECONDS.toNanos(5));
            carry();
        }
    }

    @Test
    @DisplayName("one that leaves the Tflush for a client that has gone unanswered is told of after 5 s, and its session ends within 50 s")
    void deaf() {
        north.hangUp();
        liveFor(10);
        assertThat(north.session().unansweredFlush()).hasSeconds(10);
        liveFor(40);
        assertThat(end).isCompletedWithValueMatching(how -> how.kind() == LinkEnd.Kind.BROKEN
                && how.reason().contains("answered no Tflush"));
        assertThat(north.isAway()).as("waits for another link").isFalse();
    }

    @Test
    @DisplayName("one that is only slow with requests is waited for")
    void slow() {
        liveFor(120);
        assertThat(north.hasLink()).isTrue();
    }
}
