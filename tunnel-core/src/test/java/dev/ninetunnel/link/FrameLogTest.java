package dev.ninetunnel.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rstat;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FrameLogTest {
    @Test
    @DisplayName("a frame is told in one line, field by field in the order of the wire")
    void lines() {
        assertThat(line(new Twalk(7, 9, List.of(Text.of("usr"), Text.of("bin"))), 3))
                .isEqualTo("Twalk tag 3 fid 7 newfid 9 \"usr\" \"bin\"");
        assertThat(line(new Twalk(7, 9, List.of()), 3)).isEqualTo("Twalk tag 3 fid 7 newfid 9");
        assertThat(line(new Rwalk(List.of(new Qid(0x80, 0, 0x1a), new Qid(0, 3, -1))), 3))
                .isEqualTo("Rwalk tag 3 80.0.1a 0.3.ffffffffffffffff");
        assertThat(line(new Tversion(131_096, Text.of("9P2000.L")), Frame.NOTAG))
                .isEqualTo("Tversion tag none msize 131096 version \"9P2000.L\"");
        assertThat(line(new Tattach(0, Frame.NOFID, Text.of("root"), Text.EMPTY, OptionalInt.of(-1)), 0))
                .isEqualTo("Tattach tag 0 fid 0 afid none uname \"root\" aname \"\" nuname 4294967295");
        assertThat(line(new Tattach(0, 1, Text.of("root"), Text.EMPTY, OptionalInt.empty()), 0))
                .isEqualTo("Tattach tag 0 fid 0 afid 1 uname \"root\" aname \"\"");
        assertThat(line(new Tlcreate(1, Text.of("f"), 0x8042, 0100644, 1000), 1))
                .isEqualTo("Tlcreate tag 1 fid 1 name \"f\" flags 0x8042 mode 0100644 gid 1000");
        assertThat(line(new Rread(Unpooled.wrappedBuffer(new byte[4096])), 1)).isEqualTo("Rread tag 1 data 4096 bytes");
        assertThat(line(new Rerror(Text.of("No such file or directory"), OptionalInt.empty()), 1))
                .isEqualTo("Rerror tag 1 ename \"No such file or directory\"");
        Stat stat = new Stat(0, 0, new Qid(0, 1, 2), 0644, 3, 4, 5, Text.of("n"), Text.of("u"), Text.of("g"),
                Text.of("m"),
                Optional.empty());
        assertThat(line(new Rstat(stat), 1)).endsWith(
                "qid 0.1.2 mode 0644 atime 3 mtime 4 length 5 name \"n\" uid \"u\" gid \"g\" muid \"m\"");
    }

    @Test
    @DisplayName("a name from the wire can neither move the cursor, nor end its line, nor pass for two names")
    void escapes() {
        Text evil = Text.of(new byte[]{'a', 0x1b, '[', '2', 'J', '\n', '"', ' ', '"', 'b', (byte) 0xFF, '\\'});
        assertThat(line(new Twalk(1, 2, List.of(evil)), 1))
                .isEqualTo("Twalk tag 1 fid 1 newfid 2 \"a\\x1b[2J\\x0a\\\" \\\"b\\xff\\\\\"");
        String longest = line(new Twalk(1, 2, List.of(Text.of("x".repeat(60_000)))), 1);
        assertThat(longest).hasSizeLessThan(400).endsWith("x...\"");
    }

    @Test
    @DisplayName("frames that are malformed or of an unknown type are told too")
    void strange() {
        assertThat(FrameLog.line(Ends.frame(130, 5, 20))).isEqualTo("T130 tag 5 20 bytes");
        assertThat(FrameLog.line(Ends.frame(107, 5, 7))).doesNotContain("\n").startsWith("Rerror tag 5 ");
        for (int type = 0; type < 256; type++) {
            for (int size : new int[]{7, 8, 11, 30, 200}) {
                assertThat(FrameLog.line(Ends.frame(type, 5, size))).contains(" tag 5").doesNotContain("\n");
            }
        }
    }

    private static String line(Tmessage message, int tag) {
        ByteBuf frame = Unpooled.buffer();
        message.write(frame, tag);
        return unchanged(frame);
    }

    private static String line(Rmessage message, int tag) {
        ByteBuf frame = Unpooled.buffer();
        message.write(frame, tag);
        return unchanged(frame);
    }

    private static String unchanged(ByteBuf frame) {
        ByteBuf before = frame.copy();
        String line = FrameLog.line(frame);
        assertThat(frame).isEqualTo(before);
        assertThat(frame.refCnt()).isOne();
        return line;
    }
}
