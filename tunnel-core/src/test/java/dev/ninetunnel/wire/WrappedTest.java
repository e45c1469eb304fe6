package dev.ninetunnel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.testing.RandomMessages;
import dev.ninetunnel.wire.message.Rgranted;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twant;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a message within one of leases")
class WrappedTest {
    private static final int TAG = 0x1234;

    private final RandomMessages messages = new RandomMessages(new SplittableRandom(3));

    @Test
    @DisplayName("is its plain form when what is before it is taken away, and comes back when that is put there")
    void unwrapped() {
        for (int i = 0; i < 300; i++) {
            Twant want = (Twant) messages.of(Twant.class);
            ByteBuf frame = RandomMessages.frame(want, TAG);
            String whole = ByteBufUtil.hexDump(frame);
            assertThat(Wrapped.want(frame)).isEqualTo(want.want());
            Wrapped.unwrap(frame);
            assertThat(Tmessage.read(frame)).isEqualTo(want.request());
            assertThat(Frame.tag(frame)).isEqualTo(TAG);
            Wrapped.rewrap(frame, want.want());
            assertThat(ByteBufUtil.hexDump(frame)).isEqualTo(whole);

            Rgranted granted = (Rgranted) messages.of(Rgranted.class);
            ByteBuf reply = RandomMessages.frame(granted, TAG);
            whole = ByteBufUtil.hexDump(reply);
            assertThat(Wrapped.got(reply)).isEqualTo(granted.got());
            assertThat(Wrapped.lease(reply)).isEqualTo(granted.lease());
            Wrapped.unwrap(reply);
            assertThat(Rmessage.read(reply)).isEqualTo(granted.reply());
            Wrapped.rewrap(reply, granted.got(), granted.lease());
            assertThat(ByteBufUtil.hexDump(reply)).isEqualTo(whole);
        }
    }

    @Test
    @DisplayName("is neither Tversion nor Tflush, nor a reply in a request, nor itself one of leases, nor nothing")
    void others() {
        for (Tmessage inner : new Tmessage[]{new Tversion(8192, Text.of("9P2000.L")), new Tflush(1),
                new Twant(1, new Tclunk(1))}) {
            assertThatThrownBy(() -> Tmessage.read(RandomMessages.frame(new Twant(1, inner), TAG)))
                    .isInstanceOf(MalformedMessageException.class).hasMessageContaining("cannot be in it");
        }
        ByteBuf reply = RandomMessages.frame(new Rgranted(1, 1, new Rlerror(2)), TAG);
        reply.setByte(Frame.HEADER + Wrapped.GRANTED - 1, MessageType.TCLUNK.number());
        assertThatThrownBy(() -> Rmessage.read(reply)).isInstanceOf(MalformedMessageException.class);
        ByteBuf nothing = Unpooled.buffer();
        int start = Frame.begin(nothing, MessageType.TWANT, TAG);
        Frame.end(nothing.writeByte(1), start);
        assertThatThrownBy(() -> Tmessage.read(nothing)).isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("no message is in it");
    }
}
