package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.RawNine;
import dev.ninetunnel.testing.Received;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * People at work on one side of a tunnel, each with a connection of its own, who do what fails, or shows, if a message is
 * lost, or carried out twice, or comes out of order: whole files there and back, lines appended to one file, names made and
 * renamed and removed, walks, and requests that are flushed. They go on until they are told to stop; the first thing that
 * goes wrong for any of them is thrown by {@link #end}.
 */
final class Busy implements AutoCloseable {
    private static final int APPENDERS = 3;
    private static final int O_RDWR = 2;
    private static final int O_APPEND = 02000;
    private static final int O_EXCL = 0200;
    private static final String LINES = "lines";

    private final Path socket;
    private final Path exported;
    private final long seed;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> work = new ArrayList<>();
    private final Semaphore rounds = new Semaphore(0);
    private volatile boolean enough;

    private interface Round {
        void run(int number) throws Exception;
    }

    /** With the socket to work at, and the directory that is behind it. */
    Busy(Path socket, Path exported, long seed) {
        this.socket = socket;
        this.exported = exported;
        this.seed = seed;
    }

    void begin() throws Exception {
        Files.createFile(exported.resolve(LINES));
        Files.write(exported.resolve("read"), new byte[10_000]);
        for (int i = 0; i < 2; i++) {
            int who = i;
            work.add(threads.submit(() -> withFiles(files -> round -> copy(files, who, round))));
            work.add(threads.submit(() -> withFiles(files -> round -> change(files, who, round))));
        }
        for (int i = 0; i < APPENDERS; i++) {
            int who = i;
            work.add(threads.submit(() -> append(who)));
        }
        work.add(threads.submit(this::walk));
        work.add(threads.submit(this::flush));
    }

    /** Whether nothing has gone wrong yet. */
    boolean isWell() {
        return work.stream().noneMatch(Future::isDone);
    }

    /** Waits until somebody has done something more, or is done for. */
    void awaitRound() throws InterruptedException {
        // After a second somebody may have failed: the caller looks.
        if (rounds.tryAcquire(1, TimeUnit.SECONDS)) {
            rounds.drainPermits();
        }
    }

    /** Lets all finish what they do, and checks it. */
    void end() throws Exception {
        enough = true;
        for (Future<?> one : work) {
            one.get();
        }
        checkLines();
    }

    private void checkLines() throws Exception {
        List<String> lines = Files.readAllLines(exported.resolve(LINES));
        int[] next = new int[APPENDERS];
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            int who = Integer.parseInt(words[0]);
            assertThat(Integer.parseInt(words[1])).as("the next line of appender %d", who).isEqualTo(next[who]++);
        }
        assertThat(next).doesNotContain(0);
    }

    private void everyRound(Round round) throws Exception {
        for (int number = 0; !enough; number++) {
            round.run(number);
            rounds.release();
        }
    }

    private interface Job {
        Round with(RemoteFiles files);
    }

    private Void withFiles(Job job) throws Exception {
        try (RemoteFiles files = EndpointPair.connect(socket)) {
            everyRound(job.with(files));
        }
        return null;
    }

    /** A file there and back. */
    private void copy(RemoteFiles files, int who, int round) throws Exception {
        Random random = new Random(seed * 31 + who * 7L + round);
        byte[] content = new byte[random.nextInt(1, 1 << 20)];
        random.nextBytes(content);
        RemotePath path = RemotePath.of("file-" + who);
        files.write(path, new ByteArrayInputStream(content), 0600, content.length, Progress.NONE);
        ByteArrayOutputStream back = new ByteArrayOutputStream();
        files.read(path, back, Progress.NONE);
        assertThat(back.toByteArray()).isEqualTo(content);
        assertThat(Files.readAllBytes(exported.resolve("file-" + who))).isEqualTo(content);
        files.remove(path);
    }

    /** Each of these fails if it is carried out a second time. */
    private void change(RemoteFiles files, int who, int round) throws Exception {
        RemotePath made = RemotePath.of("made-" + who + "-" + round);
        RemotePath renamed = RemotePath.of("renamed-" + who + "-" + round);
        files.makeDirectory(made, 0700);
        files.makeDirectory(made.child(Text.of("below")), 0700);
        files.remove(made.child(Text.of("below")));
        files.rename(made, renamed);
        files.remove(renamed);
    }

    private RawNine attached() {
        RawNine client = RawNine.connect(UnixDomainSocketAddress.of(socket));
        client.handshake(Dialect.LINUX, 65536);
        client.call(0, new Tattach(0, Frame.NOFID, Text.of("busy"), Text.EMPTY, OptionalInt.of(0)), Rattach.class);
        return client;
    }

    private Void append(int who) throws Exception {
        try (RawNine client = attached()) {
            client.call(0, new Twalk(0, 1, List.of(Text.of(LINES))), Rwalk.class);
            client.call(0, new Tlopen(1, O_RDWR | O_APPEND), Rlopen.class);
            everyRound(number -> {
                byte[] line = (who + " " + number + "\n").getBytes(StandardCharsets.US_ASCII);
                assertThat(client.call(number % 5, new Twrite(1, 0, Unpooled.wrappedBuffer(line)), Rwrite.class)
                        .count()).isEqualTo(line.length);
            });
            client.call(0, new Tclunk(1), Rclunk.class);
        }
        return null;
    }

    /** Walks that are used before they are answered, and files that may be made but once. */
    private Void walk() throws Exception {
        try (RawNine client = attached()) {
            everyRound(number -> {
                client.send(new Twalk(0, 1, List.of()), 1);
                client.send(new Tlcreate(1, Text.of("once-" + number), O_RDWR | O_EXCL, 0600, 0), 2);
                client.send(new Tclunk(1), 3);
                client.reply(1, Rwalk.class);
                client.reply(2, Rlcreate.class);
                client.reply(3, Rclunk.class);
                Files.delete(exported.resolve("once-" + number));
            });
        }
        return null;
    }

    /** Requests that are flushed at once: their reply, if there is one, comes before the Rflush. */
    private Void flush() throws Exception {
        try (RawNine client = attached()) {
            client.call(0, new Twalk(0, 1, List.of(Text.of("read"))), Rwalk.class);
            client.call(0, new Tlopen(1, O_RDWR), Rlopen.class);
            everyRound(number -> {
                client.send(new Tread(1, 0, 8192), 1);
                client.send(new Tflush(1), 2);
                Received first = client.receive();
                if (first.tag() == 1) {
                    first.as(Rread.class);
                    client.reply(2, Rflush.class);
                } else {
                    first.as(Rflush.class);
                }
            });
            client.call(0, new Tclunk(1), Rclunk.class);
        }
        return null;
    }

    @Override
    public void close() {
        enough = true;
        threads.shutdownNow();
    }
}
