package dev.ninetunnel.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.Allocated;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Tbreak;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twant;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who is next on a slow link, told by the order in which frames leave and by counting their bytes. */
class FairQueueTest {
    private static final int BULK = 65536;

    private final List<Integer> left = new ArrayList<>();
    private final List<ByteBuf> frames = new ArrayList<>();
    private int room;
    private int part = Integer.MAX_VALUE;
    /** What has left of the frame that is leaving in parts, and of how many of them the largest consisted. */
    private int leftOfOne;
    private int parts;
    private final FairQueue queue = new FairQueue(new FairQueue.Exit() {
        @Override
        public boolean hasRoom() {
            return room > 0;
        }

        @Override
        public void send(ByteBuf frame) {
            room--;
            left.add(Frame.tag(frame));
            frame.release();
        }

        @Override
        public int largestPart() {
            return part;
        }

        @Override
        public void sendPart(ByteBuf frame, int from, int to) {
            room--;
            parts++;
            assertThat(from).as("where the part begins").isEqualTo(leftOfOne);
            assertThat(to).isGreaterThan(from);
            leftOfOne = to;
            if (to == frame.readableBytes()) {
                leftOfOne = 0;
                left.add(Frame.tag(frame));
            }
        }
    });

    @AfterEach
    void release() {
        queue.release();
        assertThat(frames).allSatisfy(frame -> assertThat(frame.refCnt()).isZero());
    }

    private ByteBuf kept(ByteBuf frame) {
        frames.add(frame);
        return frame;
    }

    private void request(Tmessage message, int tag, Object client) {
        ByteBuf frame = Unpooled.buffer();
        message.write(frame, tag);
        queue.add(kept(frame), client, Frame.NOFID);
    }

    private void reply(Rmessage message, int tag, Object client, int fid) {
        ByteBuf frame = Unpooled.buffer();
        message.write(frame, tag);
        queue.add(kept(frame), client, fid);
    }

    private static Twrite write(int fid, int bytes) {
        return new Twrite(fid, 0, Unpooled.wrappedBuffer(new byte[bytes]));
    }

    private static Rread read(int bytes) {
        return new Rread(Unpooled.wrappedBuffer(new byte[bytes]));
    }

    @Test
    @DisplayName("a request that is wrapped keeps its place among those that name its fid, and others pass")
    void wrapped() {
        request(write(5, BULK), 1, "a");
        request(new Twant(1, new Tgetattr(5, 0)), 2, "a");
        request(new Twant(1, new Tgetattr(6, 0)), 3, "a");
        pump(3);
        assertThat(left).containsExactly(3, 1, 2);
    }

    @Test
    @DisplayName("a recall leaves before all replies that wait, whoever's turn it is, and before what comes later")
    void recalls() {
        for (int tag = 1; tag <= 40; tag++) {
            reply(tag % 2 == 0 ? new Rclunk() : read(BULK), tag, "a", tag);
        }
        pump(7);
        left.clear();
        request(new Tbreak(1, 1), 50, null);
        reply(read(BULK), 51, "b", 51);
        request(new Tbreak(2, 1), 52, null);
        pump(3);
        assertThat(left).startsWith(50, 52).hasSize(3);
        pump(100);
        assertThat(queue.bytes()).isZero();
    }

    private void pump(int most) {
        room = most;
        queue.pump();
    }

    private static Text[] none() {
        return new Text[0];
    }

    @Test
    @DisplayName("while the link takes everything, everything goes at once")
    void passes() {
        room = 3;
        request(write(1, BULK), 1, "a");
        request(new Tclunk(1), 2, "a");
        reply(read(BULK), 3, "b", 1);
        assertThat(left).containsExactly(1, 2, 3);
        assertThat(queue.bytes()).isZero();
    }

    @Test
    @DisplayName("while the link takes everything, nothing is allocated")
    void passesWithoutAllocating() {
        FairQueue open = new FairQueue(new FairQueue.Exit() {
            @Override
            public boolean hasRoom() {
                return true;
            }

            @Override
            public void send(ByteBuf frame) {
                frame.release();
            }
        });
        ByteBuf frame = Unpooled.buffer();
        write(1000, BULK).write(frame, 1);
        assertThat(Allocated.bytesEach(() -> {
            open.add(frame.retain(), "a", 1000);
            open.pump();
        })).isLessThan(1);
        frame.release();
    }

    @Test
    @DisplayName("a small request waits for no bulk but what has left")
    void smallFirst() {
        for (int tag = 0; tag < 20; tag++) {
            request(write(1, BULK), tag, "copy");
        }
        pump(1);
        request(new Tgetattr(2, 0), 100, "shell");
        reply(new Rclunk(), 101, "other", 7);
        pump(3);
        assertThat(left).containsExactly(0, 100, 101, 1);
    }

    @Test
    @DisplayName("clients share the link by bytes, however many requests each has and however large they are")
    void byBytes() {
        Map<Integer, Integer> bytes = new HashMap<>();
        for (int i = 0; i < 64; i++) {
            reply(read(120_000), 1000 + i, "large", 1);
        }
        for (int i = 0; i < 640; i++) {
            reply(read(12_000), 2000 + i, "middle", 2);
        }
        pump(200);
        left.forEach(tag -> bytes.merge(tag / 1000, tag / 1000 == 1 ? 120_000 : 12_000, Integer::sum));
        assertThat(bytes.get(1) - bytes.get(2)).isBetween(-130_000, 130_000);
    }

    @Test
    @DisplayName("one client's fids take turns, and a client with many of them gets no more than one with few")
    void fidsInTurn() {
        for (int i = 0; i < 30; i++) {
            reply(read(BULK), 100 + i, "many", i % 3);
            reply(read(BULK), 200 + i, "one", 9);
        }
        pump(24);
        assertThat(left.stream().filter(tag -> tag >= 200).count()).isEqualTo(12);
        assertThat(left.stream().filter(tag -> tag < 200).map(tag -> tag % 3)).containsAll(Set.of(0, 1, 2));
        for (int fid = 0; fid < 3; fid++) {
            int wanted = fid;
            assertThat(left.stream().filter(tag -> tag < 200 && (tag - 100) % 3 == wanted).count()).isEqualTo(4);
        }
    }

    @Test
    @DisplayName("who comes late has its turn at once, but nothing saved up")
    void late() {
        for (int i = 0; i < 40; i++) {
            reply(read(BULK), i, "early", 1);
        }
        pump(20);
        for (int i = 0; i < 20; i++) {
            reply(read(BULK), 100 + i, "late", 2);
        }
        left.clear();
        pump(10);
        assertThat(left.stream().filter(tag -> tag >= 100).count()).isBetween(4L, 6L);
        assertThat(left.subList(0, 2)).contains(100);
    }

    @Test
    @DisplayName("M4 what names the fid of a write that waits, waits behind it, and what names what that makes, too")
    void fidOrder() {
        request(write(1, BULK), 0, "a");
        request(new Twalk(1, 2, List.of(none())), 1, "a");
        request(new Tgetattr(2, 0), 2, "a");
        request(new Tclunk(1), 3, "a");
        request(new Tgetattr(5, 0), 4, "a");
        pump(10);
        assertThat(left).containsExactly(4, 0, 1, 2, 3);
    }

    @Test
    @DisplayName("a request that names the fids of two writes that wait goes behind both")
    void twoFids() {
        request(write(1, BULK), 0, "a");
        request(write(2, BULK), 1, "a");
        request(write(2, BULK), 2, "a");
        request(new Trename(1, 2, Text.of("x")), 3, "a");
        request(write(2, BULK), 4, "a");
        pump(10);
        assertThat(left.indexOf(3)).isGreaterThan(left.indexOf(0)).isGreaterThan(left.indexOf(2));
        assertThat(left).hasSize(5).endsWith(3, 4);
    }

    @Test
    @DisplayName("M11 a Tflush waits behind the request that it names, if that waits, and only then")
    void flush() {
        request(write(1, BULK), 0, "a");
        request(write(2, BULK), 1, "b");
        request(new Tflush(0), 2, null);
        request(new Tflush(77), 3, null);
        pump(10);
        assertThat(left.getFirst()).isEqualTo(3);
        assertThat(left.indexOf(2)).isGreaterThan(left.indexOf(0));
    }

    @Test
    @DisplayName("M11 a reply that is cancelled while it waits never leaves, so that the Rflush may go at once")
    void cancel() {
        reply(read(BULK), 1, "a", 1);
        reply(read(BULK), 2, "a", 1);
        queue.cancel(1);
        queue.cancel(99);
        reply(new Rflush(), 3, null, Frame.NOFID);
        assertThat(queue.replyBytes()).isEqualTo(BULK + 11 + 7);
        pump(10);
        assertThat(left).containsExactly(3, 2);
        assertThat(queue.bytes()).isZero();
        reply(read(BULK), 4, "a", 1);
        pump(1);
        assertThat(left).endsWith(4);
    }

    @Test
    @DisplayName("small requests without end do not keep bulk from its turn for ever")
    void noStarvation() {
        reply(read(BULK), 0, "bulk", 1);
        for (int i = 1; i <= 200; i++) {
            reply(read(4000), i, "small", i);
        }
        pump(100);
        assertThat(left).contains(0);
        assertThat(left.indexOf(0)).isEqualTo(FairScheduler.MOST_BEFORE_BULK / 4011 + 1);
    }

    @Test
    @DisplayName("where frames may be divided, a small one waits for a part of bulk, and not for the rest of it")
    void parts() {
        part = 16384;
        room = 1;
        reply(read(BULK), 0, "copy", 1);
        reply(read(BULK), 1, "copy", 1);
        assertThat(left).isEmpty();
        reply(new Rclunk(), 2, "shell", 2);
        pump(1);
        assertThat(left).containsExactly(2);
        pump(3);
        assertThat(left).as("a rest that is not much longer than a part goes as one").containsExactly(2, 0);
        assertThat(queue.bytes()).isEqualTo(BULK + 11);
        pump(4);
        assertThat(left).containsExactly(2, 0, 1);
        assertThat(parts).isEqualTo(8);
        assertThat(queue.bytes()).isZero();
    }

    @Test
    @DisplayName("M4 what names the fid of a write of which parts have left waits for the rest of it")
    void partsOfRequest() {
        part = 16384;
        room = 1;
        request(write(1, BULK), 0, "a");
        request(new Tclunk(1), 1, "a");
        request(new Tflush(0), 2, null);
        request(write(3, BULK), 3, "b");
        request(new Tgetattr(2, 0), 4, "a");
        pump(20);
        assertThat(left).startsWith(4, 0).contains(1, 2, 3).hasSize(5);
    }

    @Test
    @DisplayName("M11 a reply that is cancelled when parts of it have left leaves before the Rflush, and ends there")
    void cancelParts() {
        part = 16384;
        room = 1;
        reply(read(BULK), 1, "a", 1);
        reply(read(BULK), 2, "a", 1);
        queue.cancel(1);
        reply(new Rflush(), 3, null, Frame.NOFID);
        assertThat(left).containsExactly(1);
        pump(10);
        assertThat(left).containsExactly(1, 3, 2);
        assertThat(queue.bytes()).isZero();
    }

    @Test
    @DisplayName("what has left in part when a link is lost leaves once more as a whole, unless it is cancelled")
    void partsOnTwoLinks() {
        part = 16384;
        room = 2;
        reply(read(BULK), 1, "a", 1);
        startOver();
        assertThat(queue.bytes()).isEqualTo(BULK + 11);
        pump(1);
        startOver();
        pump(10);
        assertThat(left).containsExactly(1);
        room = 2;
        reply(read(BULK), 2, "a", 1);
        startOver();
        queue.cancel(2);
        pump(10);
        assertThat(left).containsExactly(1);
        assertThat(queue.bytes()).isZero();
    }

    private void startOver() {
        leftOfOne = 0;
        queue.startOver();
    }

    @Test
    @DisplayName("small frames without end do not keep bulk that leaves in parts from going on")
    void noStarvationOfParts() {
        part = 16384;
        room = 1;
        reply(read(BULK), 0, "bulk", 1);
        for (int i = 1; i <= 400; i++) {
            reply(read(4000), i, "small", i);
        }
        pump(400);
        assertThat(left).contains(0);
    }

    @Test
    @DisplayName("in every mix, requests with a common fid leave in the order in which they came, and nothing is lost")
    void anyMix() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            part = seed % 2 == 0 ? Integer.MAX_VALUE : 4096;
            left.clear();
            List<List<Integer>> fids = new ArrayList<>();
            for (int tag = 0; tag < 300; tag++) {
                Tmessage message = anything(random);
                ByteBuf frame = Unpooled.buffer();
                message.write(frame, tag);
                MessageType type = MessageType.of(frame);
                fids.add(IntStream.range(0, type.fidCount())
                        .mapToObj(i -> Frame.int32(frame, type.fid(i).in(frame))).toList());
                queue.add(kept(frame), "client " + random.nextInt(3), Frame.NOFID);
                pump(random.nextInt(2));
                if (random.nextInt(20) == 0) {
                    startOver();
                }
            }
            pump(Integer.MAX_VALUE);
            assertThat(left).as("seed %d", seed).hasSize(300).doesNotHaveDuplicates();
            Map<Integer, Integer> last = new HashMap<>();
            for (int tag : left) {
                for (int fid : fids.get(tag)) {
                    Integer before = last.put(fid, tag);
                    assertThat(before == null || before <= tag).as("seed %d, fid %d, tag %d", seed, fid, tag).isTrue();
                }
            }
        }
    }

    private static Tmessage anything(Random random) {
        int fid = random.nextInt(12);
        return switch (random.nextInt(5)) {
            case 0 -> write(fid, random.nextInt(1, 60_000));
            case 1 -> new Twalk(fid, 12 + random.nextInt(5), List.of());
            case 2 -> new Trename(fid, random.nextInt(12), Text.of("x"));
            case 3 -> new Tclunk(fid);
            default -> new Tgetattr(fid, 0);
        };
    }
}
