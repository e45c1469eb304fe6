package dev.ninetunnel.mux;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ninetunnel.mux.Bench.Client;
import dev.ninetunnel.mux.Bench.Got;
import dev.ninetunnel.testing.FuzzedFrames;
import dev.ninetunnel.testing.RandomMessages;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.FidField;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * M1, M12, M13, S1 What a local program sends: the far side gets requests of the right shape only, no tag twice, and never another
 * client's fid; no more replies come back than there were requests, and each fits; nothing is left behind. The first byte of an input
 * says how (see {@code Mode}), the rest is the stream behind Tversion.
 */
class LocalFramesFuzz {
    private static final int MSIZE = 8192;

    /** What the first byte of an input says. */
    private record Mode(int bits) {
        Dialect dialect() {
            return (bits & 1) == 0 ? Dialect.LINUX : Dialect.PLAIN;
        }

        /** The far side answers some at a time, and not in order. */
        boolean late() {
            return (bits & 2) != 0;
        }

        /** The stream comes as it is. */
        boolean raw() {
            return (bits & 4) != 0;
        }
    }

    @FuzzTest
    void aLocalProgramHarmsNobodyElse(byte[] input) {
        if (input.length == 0) {
            return;
        }
        try (Bench bench = Bench.open()) {
            Client honest = bench.attached();
            honest.send(0, new Tgetattr(0, 0));
            Got<Tmessage> asked = bench.far.one();
            new Talk(bench, new Mode(input[0]), ((Tgetattr) asked.message()).fid(), asked.tag()).run(input);
            bench.far.reply(asked.tag(), new Rlerror(1));
            assertThat(honest.reply(0)).as("the reply to another client").isEqualTo(new Rlerror(1));
        }
    }

    /** One client's stream. */
    private static final class Talk {
        private final Bench bench;
        private final Mode mode;
        private final int othersFid;
        private final Set<Integer> outstanding = new HashSet<>();
        private final ArrayDeque<Got<Tmessage>> unanswered = new ArrayDeque<>();
        private final RandomMessages replies;
        private final Client client;
        /** By tag; a request that was flushed may stay without a reply. */
        private final Map<Integer, Integer> owed = new HashMap<>();

        Talk(Bench bench, Mode mode, int othersFid, int othersTag) {
            this.bench = bench;
            this.mode = mode;
            this.othersFid = othersFid;
            outstanding.add(othersTag);
            replies = new RandomMessages(new SplittableRandom(mode.bits));
            client = bench.connect();
            client.version(MSIZE, mode.dialect().version());
        }

        void run(byte[] input) {
            if (mode.raw()) {
                client.raw(out -> out.writeBytes(input, 1, input.length - 1));
                look();
            } else {
                FuzzedFrames frames = new FuzzedFrames(bench.alloc, input, 1, MSIZE);
                while (frames.hasNext() && client.isOpen()) {
                    send(frames.next());
                }
            }
            answerAll();
            client.hangUp();
            look();
            answerAll();
        }

        private void send(ByteBuf frame) {
            owed.merge(Frame.tag(frame), 1, Integer::sum);
            boolean now = !mode.late() || (Frame.tag(frame) & 3) == 0;
            client.raw(out -> out.writeBytes(frame));
            frame.release();
            look();
            if (now) {
                answerAll();
            }
        }

        /** What came to the far side. */
        private void look() {
            for (Got<Tmessage> got : bench.far.all()) {
                assertThat(outstanding.add(got.tag())).as("M1 the tag of %s is free", got.message()).isTrue();
                assertThat(got.tag()).isNotEqualTo(Frame.NOTAG);
                checkFids(got);
                unanswered.add(got);
            }
        }

        private void checkFids(Got<Tmessage> got) {
            ByteBuf frame = RandomMessages.frame(got.message(), got.tag());
            MessageType type = MessageType.of(frame);
            for (int i = 0; i < type.fidCount(); i++) {
                FidField field = type.fid(i);
                assertThat(Frame.int32(frame, field.in(frame))).as("M13 a fid in %s", got.message())
                        .isNotEqualTo(othersFid);
            }
        }

        private void answerAll() {
            while (!unanswered.isEmpty()) {
                Got<Tmessage> next = mode.late() ? unanswered.removeLast() : unanswered.removeFirst();
                outstanding.remove(next.tag());
                if (next.message() instanceof Tflush flush) {
                    unanswered.removeIf(old -> old.tag() == flush.oldtag() && outstanding.remove(old.tag()));
                }
                bench.far.reply(next.tag(), answer(next.message()));
                look();
                check();
            }
            check();
        }

        private Rmessage answer(Tmessage request) {
            return switch (request) {
                case Twalk walk -> new Rwalk(Collections.nCopies(walk.names().size(), Bench.QID));
                case Tread read -> new Rread(bytes(read.count()));
                case Treaddir read -> new Rreaddir(bytes(read.count()));
                default -> (Rmessage) replies.of(reply(request));
            };
        }

        private static ByteBuf bytes(int most) {
            return Unpooled.wrappedBuffer(new byte[Integer.compareUnsigned(most, 100) < 0 ? most : 100]);
        }

        private static Class<?> reply(Tmessage request) {
            String name = request.type().reply().toString();
            return RandomMessages.replies().stream().filter(type -> type.getSimpleName().equals(name)).findFirst()
                    .orElseThrow();
        }

        /** What came to the client. */
        private void check() {
            for (Got<Rmessage> got : client.got()) {
                if (!mode.raw()) {
                    assertThat(owed.merge(got.tag(), -1, Integer::sum)).as("S1 replies owed, with %s", got.message())
                            .isNotNegative();
                }
                ByteBuf frame = RandomMessages.frame(got.message(), got.tag());
                assertThat(frame.readableBytes()).as("M10 the size of %s", got.message()).isLessThanOrEqualTo(MSIZE);
            }
        }
    }
}
