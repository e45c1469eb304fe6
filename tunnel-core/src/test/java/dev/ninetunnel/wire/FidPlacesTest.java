package dev.ninetunnel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.RandomMessages;
import dev.ninetunnel.wire.message.Trenameat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of types knows the place of every fid, which the client role relies on to keep its clients apart. */
@DisplayName("M7 the place of every fid")
class FidPlacesTest {
    /** What each request does with its fids, in the words of the manuals' layouts. */
    private static final Map<String, String> FIDS = Map.ofEntries(
            Map.entry("Tversion", ""), Map.entry("Tflush", ""), Map.entry("Tauth", "afid=MAKE"),
            Map.entry("Tattach", "fid=MAKE afid=AUTH"), Map.entry("Twalk", "fid=USE newfid=MAKE"),
            Map.entry("Topen", "fid=USE"), Map.entry("Tcreate", "fid=USE"), Map.entry("Tread", "fid=USE"),
            Map.entry("Twrite", "fid=USE"), Map.entry("Tclunk", "fid=END"), Map.entry("Tremove", "fid=END"),
            Map.entry("Tstat", "fid=USE"), Map.entry("Twstat", "fid=USE"), Map.entry("Tstatfs", "fid=USE"),
            Map.entry("Tlopen", "fid=USE"), Map.entry("Tlcreate", "fid=USE"), Map.entry("Tsymlink", "dfid=USE"),
            Map.entry("Tmknod", "dfid=USE"), Map.entry("Trename", "fid=USE dfid=USE"),
            Map.entry("Treadlink", "fid=USE"), Map.entry("Tgetattr", "fid=USE"), Map.entry("Tsetattr", "fid=USE"),
            Map.entry("Txattrwalk", "fid=USE newfid=MAKE"), Map.entry("Txattrcreate", "fid=USE"),
            Map.entry("Treaddir", "fid=USE"), Map.entry("Tfsync", "fid=USE"), Map.entry("Tlock", "fid=USE"),
            Map.entry("Tgetlock", "fid=USE"), Map.entry("Tlink", "dfid=USE fid=USE"), Map.entry("Tmkdir", "dfid=USE"),
            Map.entry("Trenameat", "olddirfid=USE newdirfid=USE"), Map.entry("Tunlinkat", "dirfd=USE"),
            Map.entry("Twant", ""), Map.entry("Tbreak", ""), Map.entry("Tbreaks", ""), Map.entry("Tbehind", "fid=USE"),
            Map.entry("Tlist", "fid=USE"),
            Map.entry("Trenameat2", "olddirfid=USE newdirfid=USE"), Map.entry("Tfallocate", "fid=USE"),
            Map.entry("Tlseek", "fid=USE"), Map.entry("Tcopyrange", "fid=USE fromfid=USE"),
            Map.entry("Ttmpfile", "fid=USE"), Map.entry("Tchecksum", "fid=USE"),
            Map.entry("Tput", "fid=USE"));

    static Stream<Class<?>> requests() {
        return RandomMessages.requests().stream();
    }

    private static MessageType type(Class<?> message) {
        return MessageType.valueOf(message.getSimpleName().toUpperCase(Locale.ROOT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    @DisplayName("is where the codec writes it:")
    void isWhereTheCodecWritesIt(Class<?> message) throws ReflectiveOperationException {
        RandomMessages messages = new RandomMessages(new SplittableRandom(7));
        MessageType type = type(message);
        List<String> fids = Stream.of(FIDS.get(message.getSimpleName()).split(" ")).filter(s -> !s.isEmpty()).toList();
        assertThat(type.fidCount()).isEqualTo(fids.size());
        for (int i = 0; i < 50; i++) {
            Object request = messages.of(message);
            // Not at the start of its buffer, as in a stream.
            ByteBuf frame = Unpooled.buffer().writeZero(i).writeBytes(RandomMessages.frame(request, 1)).skipBytes(i);
            for (int j = 0; j < fids.size(); j++) {
                String[] nameAndUse = fids.get(j).split("=", 2);
                FidField field = type.fid(j);
                assertThat(field.use()).isEqualTo(FidUse.valueOf(nameAndUse[1]));
                assertThat(Frame.int32(frame, field.in(frame))).isEqualTo(component(request, nameAndUse[0]));
            }
        }
    }

    private static int component(Object message, String name) throws ReflectiveOperationException {
        return (int) message.getClass().getMethod(name).invoke(message);
    }

    @Test
    @DisplayName("is known for every component of a request that is called a fid")
    void noFidIsForgotten() {
        for (Class<?> message : RandomMessages.requests()) {
            long called = Stream.of(message.getRecordComponents()).map(RecordComponent::getName)
                    .filter(name -> name.endsWith("fid") || name.endsWith("dirfd")).count();
            assertThat((long) type(message).fidCount()).as(message.getSimpleName()).isEqualTo(called);
        }
    }

    @Test
    @DisplayName("is nowhere in a reply")
    void repliesHoldNoFids() {
        for (MessageType type : MessageType.values()) {
            if (!type.isRequest()) {
                assertThat(type.fidCount()).as(type.toString()).isZero();
            }
        }
    }

    @Test
    @DisplayName("is behind the old name in Trenameat, however long that is")
    void trenameatsSecondFid() {
        for (int length : new int[]{0, 1, 255, 4000}) {
            ByteBuf frame = Unpooled.buffer();
            new Trenameat(1, Text.of(new byte[length]), 0x04030201, Text.EMPTY)
                    .write(frame, 0);
            FidField second = MessageType.TRENAMEAT.fid(1);
            assertThat(second.in(frame)).isEqualTo(7 + 4 + 2 + length);
            Frame.int32(frame, second.in(frame), -1);
            assertThat(ByteBufUtil.hexDump(frame)).endsWith("ffffffff0000");
        }
    }
}
