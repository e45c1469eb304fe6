package dev.ninetunnel.wire.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.testing.RandomMessages;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every codec, whatever is in the message: tried with thousands of random messages and frames. */
@DisplayName("every codec")
class CodecPropertyTest {
    private static final long SEED = 9_2000;
    private static final int CASES = 150;
    private static final int TAG = 0xABCD;

    static Stream<Class<?>> messages() {
        return RandomMessages.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    @DisplayName("reads what it wrote:")
    void readsWhatItWrote(Class<?> message) {
        RandomMessages messages = new RandomMessages(new SplittableRandom(SEED));
        for (int i = 0; i < CASES; i++) {
            Object written = messages.of(message);
            ByteBuf frame = RandomMessages.frame(written, TAG);
            int size = frame.readableBytes();

            assertThat(Frame.int32(frame, 0)).isEqualTo(size);
            assertThat(Frame.tag(frame)).isEqualTo(TAG);
            assertThat(MessageType.withLeases(frame)).hasToString(message.getSimpleName());
            assertThat(read(frame)).isEqualTo(written);
            assertThat(frame.readerIndex()).isZero();
            assertThat(frame.readableBytes()).isEqualTo(size);
            assertThat(frame.refCnt()).isOne();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    @DisplayName("L2 takes a frame cut short, or with bytes behind it, for malformed or for a shorter message:")
    void takesACutFrameForMalformed(Class<?> message) {
        RandomMessages messages = new RandomMessages(new SplittableRandom(SEED + 1));
        for (int i = 0; i < 6; i++) {
            byte[] whole = ByteBufUtil.getBytes(RandomMessages.frame(messages.of(message), TAG));
            for (int length = 0; length < Math.min(whole.length, 300); length++) {
                readsCleanlyOrNot(java.util.Arrays.copyOf(whole, length));
            }
            readsCleanlyOrNot(java.util.Arrays.copyOf(whole, whole.length + 1 + i));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    @DisplayName("L2 takes a frame with wrong bytes for malformed or for another message:")
    void takesADamagedFrameForMalformed(Class<?> message) {
        SplittableRandom random = new SplittableRandom(SEED + 2);
        RandomMessages messages = new RandomMessages(random);
        for (int i = 0; i < CASES; i++) {
            byte[] bytes = ByteBufUtil.getBytes(RandomMessages.frame(messages.of(message), TAG));
            for (int damage = random.nextInt(4); damage >= 0 && bytes.length > Frame.HEADER; damage--) {
                bytes[random.nextInt(Frame.HEADER, bytes.length)] = (byte) (random.nextBoolean()
                        ? random.nextInt()
                        : -random.nextInt(2));
            }
            readsCleanlyOrNot(bytes);
        }
    }

    @Test
    @DisplayName("L2 takes random bytes of any type for malformed or for a message")
    void takesNoiseForMalformed() {
        SplittableRandom random = new SplittableRandom(SEED + 3);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(Frame.HEADER, 80)];
            random.nextBytes(bytes);
            // Small numbers make for counts and lengths that fit at times.
            for (int j = Frame.HEADER; j < bytes.length; j++) {
                bytes[j] = (byte) (random.nextInt(3) == 0 ? bytes[j] : random.nextInt(4));
            }
            readsCleanlyOrNot(bytes);
        }
    }

    /**
     * Reads a frame of these bytes, with its size set right: either it is refused as malformed, or what was read is in
     * it and nowhere else, so that writing it again gives the same bytes.
     */
    private static void readsCleanlyOrNot(byte[] bytes) {
        if (bytes.length >= Frame.HEADER) {
            Unpooled.wrappedBuffer(bytes).setIntLE(0, bytes.length);
        }
        Optional<Object> read = readOrRefuse(inTheMiddleOf(bytes, 0x00));
        assertThat(read).as("what is read does not depend on what lies behind the frame")
                .isEqualTo(readOrRefuse(inTheMiddleOf(bytes, 0x5A)));
        if (read.isPresent() && !(read.get() instanceof Tfsync)) {
            ByteBuf again = RandomMessages.frame(read.get(), Frame.tag(Unpooled.wrappedBuffer(bytes)));
            assertThat(ByteBufUtil.getBytes(again)).isEqualTo(bytes);
        }
    }

    private static Optional<Object> readOrRefuse(ByteBuf frame) {
        try {
            return Optional.of(read(frame));
        } catch (MalformedMessageException _) {
            return Optional.empty();
        }
    }

    /** A frame that begins and ends somewhere within a larger buffer, as those of a stream do. */
    private static ByteBuf inTheMiddleOf(byte[] bytes, int filling) {
        ByteBuf buffer = Unpooled.buffer(bytes.length + 200);
        for (int i = 0; i < 100; i++) {
            buffer.writeByte(filling);
        }
        buffer.writeBytes(bytes);
        for (int i = 0; i < 100; i++) {
            buffer.writeByte(filling);
        }
        return buffer.setIndex(100, 100 + bytes.length);
    }

    private static Object read(ByteBuf frame) {
        return frame.readableBytes() >= Frame.HEADER && Frame.isRequest(frame)
                ? Tmessage.read(frame)
                : Rmessage.read(frame);
    }

    @Test
    @DisplayName("L4 knows no Tlerror and no Terror")
    void knowsNoTlerrorAndNoTerror() {
        for (int type : new int[]{6, 106}) {
            ByteBuf frame = Unpooled.wrappedBuffer(new byte[]{11, 0, 0, 0, (byte) type, 0, 0, 0, 0, 0, 0});
            assertThatThrownBy(() -> Tmessage.read(frame)).isInstanceOf(MalformedMessageException.class)
                    .hasMessageContaining("type " + type);
        }
    }

    @Test
    void takesNoReplyForARequestNorTheOtherWayRound() {
        ByteBuf reply = RandomMessages.frame(new Rclunk(), 1);
        ByteBuf request = RandomMessages.frame(new Tclunk(1), 1);
        assertThatThrownBy(() -> Tmessage.read(reply)).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> Rmessage.read(request)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void writesNoLengthThatTheWireCannotCarry() {
        assertThatThrownBy(() -> Text.of(new byte[0x10000])).isInstanceOf(IllegalArgumentException.class);

        Text long1 = Text.of(new byte[0x7000]);
        Stat stat = new Stat(0, 0, new Qid(0, 0, 0), 0, 0, 0, 0, long1, long1, long1, long1, Optional.empty());
        assertThatThrownBy(() -> RandomMessages.frame(new Rstat(stat), 1)).isInstanceOf(IllegalArgumentException.class);

        List<Text> names = Collections.nCopies(0x10000, Text.EMPTY);
        assertThatThrownBy(() -> RandomMessages.frame(new Twalk(0, 1, names), 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("data are a view of the frame, not a copy")
    void dataAreAView() {
        ByteBuf frame = RandomMessages.frame(new Rread(Unpooled.wrappedBuffer(new byte[]{1, 2, 3})), 1);
        Rread read = (Rread) Rmessage.read(frame);
        frame.setByte(Frame.HEADER + 4, 9);
        assertThat(read.data().getByte(read.data().readerIndex())).isEqualTo((byte) 9);
    }

    @Test
    void aDirectoryIsReadEntryByEntryAndStatByStat() {
        RandomMessages messages = new RandomMessages(new SplittableRandom(SEED));
        ByteBuf data = Unpooled.buffer();
        DirectoryEntry entry = (DirectoryEntry) messages.of(DirectoryEntry.class);
        Stat stat = (Stat) messages.of(Stat.class);
        entry.write(data);
        stat.write(data);
        assertThat(entry.bytes()).isLessThan(data.readableBytes());
        assertThat(DirectoryEntry.read(data)).isEqualTo(entry);
        assertThat(Stat.readNext(data)).isEqualTo(stat);
        assertThat(data.isReadable()).isFalse();
    }

    @Test
    @DisplayName("a leased entry is read as it was written; one that is not whole is malformed")
    void leasedEntries() {
        SplittableRandom random = new SplittableRandom(SEED);
        RandomMessages messages = new RandomMessages(random);
        for (int i = 0; i < 10; i++) {
            List<Integer> ecodes = random.ints(random.nextInt(4)).boxed().toList();
            Optional<ByteBuf> content = random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(Unpooled.wrappedBuffer(new byte[random.nextInt(9)]));
            ListedEntry.Known known = new ListedEntry.Known(1 + random.nextInt(255), random.nextLong(),
                    (Rgetattr) messages.of(Rgetattr.class), Text.of("target"), random.nextBoolean(), ecodes, content);
            ListedEntry entry = new ListedEntry((DirectoryEntry) messages.of(DirectoryEntry.class),
                    random.nextInt(4) == 0 ? Optional.empty() : Optional.of(known));
            ByteBuf whole = Unpooled.buffer();
            entry.write(whole);
            for (int cut = 0; cut < whole.readableBytes(); cut += 1 + cut / 300) {
                ByteBuf part = whole.copy(0, cut);
                assertThatThrownBy(() -> ListedEntry.read(part, ecodes.size()))
                        .isInstanceOf(MalformedMessageException.class);
            }
            assertThat(ListedEntry.read(whole, ecodes.size())).isEqualTo(entry);
            assertThat(whole.isReadable()).isFalse();
        }
    }

    @Test
    @DisplayName("a directory entry or stat that is not whole is malformed")
    void anEntryThatIsNotWholeIsMalformed() {
        RandomMessages messages = new RandomMessages(new SplittableRandom(SEED));
        for (int i = 0; i < CASES; i++) {
            ByteBuf entry = Unpooled.buffer();
            ((DirectoryEntry) messages.of(DirectoryEntry.class)).write(entry);
            ByteBuf stat = Unpooled.buffer();
            ((Stat) messages.of(Stat.class)).write(stat);
            for (int cut = 0; cut < Math.min(60, entry.readableBytes()); cut++) {
                ByteBuf part = entry.copy(0, cut);
                assertThatThrownBy(() -> DirectoryEntry.read(part)).isInstanceOf(MalformedMessageException.class);
            }
            for (int cut = 0; cut < Math.min(60, stat.readableBytes()); cut++) {
                ByteBuf part = stat.copy(0, cut);
                assertThatThrownBy(() -> Stat.readNext(part)).isInstanceOf(MalformedMessageException.class);
            }
        }
    }
}
