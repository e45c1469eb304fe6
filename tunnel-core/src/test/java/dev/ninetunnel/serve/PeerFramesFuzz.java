package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.ExportOptions;
import dev.ninetunnel.serve.FarSide.Answer;
import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.testing.FuzzedFrames;
import dev.ninetunnel.testing.HeldBuffers;
import dev.ninetunnel.testing.InMemory;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Wrapped;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rgranted;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * S1, S2, S3, S12, S20 What a proven peer sends to a directory that it may write and to one that it may read, with leases and
 * without: each request gets
 * one reply, which fits; nothing outside changes, nor what it may only read; no buffer is left. The first byte of an input says how
 * (see {@code Mode}), the rest is the stream behind Tversion and two Tattach.
 */
class PeerFramesFuzz {
    private static final int MSIZE = 8192;
    private static final int MOST_ERRNO = 4095;
    /** Few, so that there is no room for some. */
    private static final int MOST_LEASES = 8;

    @TempDir(factory = InMemory.class)
    Path folder;
    private Path written;
    private Path read;
    private Path outside;

    /** What the first byte of an input says. */
    private record Mode(int bits) {
        boolean plain() {
            return (bits & 1) != 0;
        }

        /** Requests wait for workers, some at a time. */
        boolean waits() {
            return (bits & 2) != 0;
        }

        /** Leases have been agreed on. */
        boolean leases() {
            return (bits & 4) != 0 && !plain();
        }
    }

    @BeforeEach
    void makeTrees() throws IOException {
        written = folder.resolve("written");
        read = folder.resolve("read");
        outside = folder.resolve("outside");
        fill(read);
        fill(outside);
    }

    private static void fill(Path directory) throws IOException {
        if (Files.exists(directory)) {
            return;
        }
        Files.createDirectories(directory.resolve("d/e"));
        for (String name : List.of("f0", "f1", "f2", "f3", "f4", "d/e/g")) {
            Files.writeString(directory.resolve(name), "what stands in " + name + "\n");
        }
        Files.createSymbolicLink(directory.resolve("l"), Path.of("../outside/f0"));
    }

    @AfterEach
    void clear() throws IOException {
        delete(written);
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    private static String look(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.sorted().map(PeerFramesFuzz::lookAt).collect(Collectors.joining("\n"));
        }
    }

    private static String lookAt(Path path) {
        try {
            Map<String, Object> about = Files.readAttributes(path, "unix:mode,uid,gid,nlink,size,lastModifiedTime",
                    LinkOption.NOFOLLOW_LINKS);
            return path + " " + new TreeMap<>(about);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FuzzTest
    void eachRequestGetsOneReplyThatFits(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        delete(written);
        fill(written);
        String before = look(read) + look(outside);
        HeldBuffers held = new HeldBuffers();
        converse(new Mode(input[0]), input);
        held.assertNoneLeft();
        assertThat(look(read) + look(outside)).as("S12, S20 what it may not change").isEqualTo(before);
    }

    private void converse(Mode mode, byte[] input) throws IOException {
        Export both = new Export("written",
                new Export.Target.Directory(written, ExportOptions.ALL.withoutDevices()));
        try (ChangeWatch watch = mode.leases() ? LocalTrees.watch().orElse(ChangeWatch.NONE) : ChangeWatch.NONE;
                FarSide far = new FarSide(true, ServerLimits.STANDARD.withMsize(MSIZE), both,
                        FarSide.readOnly("read", read))) {
            Talk talk = new Talk(far, mode.plain());
            if (mode.leases()) {
                far.hold(new Granter(far.loop, watch, Runnable::run, MOST_LEASES, MOST_LEASES));
            }
            talk.begin();
            FuzzedFrames frames = new FuzzedFrames(ByteBufAllocator.DEFAULT, input, 1, MSIZE);
            while (frames.hasNext() && talk.goesOn) {
                if (mode.waits()) {
                    far.holdWork();
                }
                ByteBuf frame = frames.next();
                boolean pause = (Frame.tag(frame) & 3) == 0;
                talk.send(frame);
                if (pause) {
                    far.doWork();
                    talk.check();
                }
            }
            far.doWork();
            talk.check();
            while (!far.recalls.isEmpty()) {
                giveUp(far);
                far.doWork();
                talk.check();
            }
            talk.assertAllAnswered();
            far.role.close();
            far.forget();
        }
    }

    /** What is asked back is given up: changes wait for that, and who lists more than there is room for. */
    private static void giveUp(FarSide far) {
        List<FarSide.Recall> due = List.copyOf(far.recalls);
        far.recalls.clear();
        due.forEach(recall -> recall.giveUp().run());
    }

    /** One conversation, and what has to come of it. */
    private static final class Talk {
        private final FarSide far;
        private final boolean plain;
        /** How many replies are owed under each tag, and how many requests under it were flushed. */
        private final Map<Integer, Integer> owed = new HashMap<>();
        private final Map<Integer, Integer> flushed = new HashMap<>();
        private int seen;
        boolean goesOn = true;

        Talk(FarSide far, boolean plain) {
            this.far = far;
            this.plain = plain;
        }

        void begin() {
            far.version(plain ? "9P2000" : "9P2000.L");
            if (plain) {
                far.attachPlain(0, "written");
                far.attachPlain(1, "read");
            } else {
                far.attach(0, "written");
                far.attach(1, "read");
            }
            seen = far.answers.size();
        }

        void send(ByteBuf frame) {
            int tag = Frame.tag(frame);
            boolean request = Frame.isRequest(frame);
            boolean version = MessageType.of(frame) == MessageType.TVERSION;
            if (request) {
                owed.merge(tag, 1, Integer::sum);
                if (MessageType.of(frame) == MessageType.TFLUSH && FuzzedFrames.hasShape(MessageType.TFLUSH, frame)) {
                    flushed.merge(Frame.int16(frame, Frame.HEADER), 1, Integer::sum);
                }
            }
            try {
                far.role.accept(frame);
                if (version) {
                    far.doWork();
                    owed.clear();
                    flushed.clear();
                    owed.put(tag, 1);
                    seen = far.answers.size() - 1;
                }
            } catch (MalformedMessageException e) {
                goesOn = false;
                owed.merge(tag, -1, Integer::sum);
            }
        }

        /** Looks at the replies that have come. */
        void check() {
            for (; seen < far.answers.size(); seen++) {
                check(far.answers.get(seen));
            }
        }

        private void check(Answer answer) {
            assertThat(owed.merge(answer.tag(), -1, Integer::sum)).as("S1 replies that are owed under tag %d, with %s",
                    answer.tag(), answer.message()).isNotNegative();
            int wrapping = answer.message() instanceof Rgranted ? Wrapped.GRANTED : 0;
            assertThat(answer.size()).as("S3 the size of %s", answer.message()).isLessThanOrEqualTo(MSIZE + wrapping);
            checkError(answer.message());
        }

        private void checkError(Rmessage reply) {
            if (reply instanceof Rlerror error) {
                assertThat(error.ecode()).as("S2").isBetween(1, MOST_ERRNO);
            } else if (reply instanceof Rerror error) {
                assertThat(error.ename().length()).as("S18 words").isPositive();
            }
        }

        void assertAllAnswered() {
            owed.forEach((tag, missing) -> assertThat(missing).as("S1 requests without a reply under tag %d", tag)
                    .isLessThanOrEqualTo(flushed.getOrDefault(tag, 0)));
        }
    }
}
