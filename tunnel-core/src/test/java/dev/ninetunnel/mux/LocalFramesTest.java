package dev.ninetunnel.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.RandomMessages;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Twstat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("what a local client sends")
class LocalFramesTest {
    /** Before the fields of a Twstat's stat: the frame's header, a fid, and two sizes. */
    private static final int STAT_AT = 7 + 4;
    private static final int FIELDS_AT = STAT_AT + 2 + 2;

    /** A far side would close the link for it, and again when it is sent again: with every other client's files. */
    @Test
    @DisplayName("L2 ends its own connection alone if a field of a stat in it runs past the end of the stat")
    void garbledStat() {
        ByteBuf whole = Unpooled.buffer();
        ((Tmessage) new RandomMessages(new Random(5)).of(Twstat.class)).write(whole, 3);
        try (Bench bench = Bench.open()) {
            Bench.Client honest = bench.attached();
            for (int length = FIELDS_AT; length < FIELDS_AT + 41; length++) {
                int size = length;
                ByteBuf cut = whole.copy(0, size).setIntLE(0, size).setShortLE(STAT_AT, size - STAT_AT - 2)
                        .setShortLE(STAT_AT + 2, size - FIELDS_AT);
                Bench.Client garbling = bench.attached();
                garbling.raw(out -> out.writeBytes(cut));
                assertThat(garbling.isOpen()).as("after a stat of %d bytes", size - FIELDS_AT).isFalse();
                bench.far.all().forEach(got -> assertThat(got.message()).isNotInstanceOf(Twstat.class));
            }
            honest.send(1, new Tgetattr(0, 0));
            assertThat(bench.far.one().message()).isInstanceOf(Tgetattr.class);
        }
    }
}
