package dev.ninetunnel.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.Libc;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients walk, read, write, list, make and remove through the whole tunnel, while a local program puts symbolic links
 * that lead out of the export in the place of what they walk through, and carries directories out of it and back.
 */
@EnabledOnOs(OS.LINUX)
class EscapeRaceTest {
    /** How much work this is; not a limit of time. */
    private static final Duration RACE = Duration.ofSeconds(Long.getLong("race.seconds", 10));
    private static final int CLIENTS = 3;
    private static final int FID = 1;
    private static final int FURTHER = 2;
    private static final int READ_WRITE = 2;
    private static final int REMOVE_DIRECTORY = 0x200;
    private static final Text MADE = Text.of("made");

    /** What a file inside may be found to be when it is no longer where it was. */
    private static final Set<Errno> LOST = EnumSet.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.ESTALE,
            Errno.EEXIST, Errno.EISDIR);

    private static final List<List<Text>> WAYS = List.of(names("way", "file"), names("way", "sub", "file"),
            names("door"), names("roamer", "inner", "..", "..", "file"),
            names("roamer", "inner", "..", "..", "..", "file"), names("way", "..", "way", "sub", "..", "file"));
    private static final List<List<Text>> DIRECTORIES = List.of(names("way"), names("way", "sub"),
            names("roamer", "inner", "..", ".."), names("roamer", "inner", "..", "..", ".."));

    @TempDir
    private Path folder;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger swaps = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        over.set(true);
        threads.shutdown();
    }

    private static List<Text> names(String... names) {
        return Arrays.stream(names).map(Text::of).toList();
    }

    @Test
    @DisplayName("S12 ten seconds of renames and swapped links under walking clients show no byte from outside")
    void race() throws Exception {
        Path inside = Files.createDirectory(folder.resolve("south"));
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("file"), "SECRET");
        Files.writeString(outside.resolve("secret-name"), "SECRET");
        Object mode = Files.getAttribute(outside.resolve("file"), "unix:mode");
        Files.createDirectories(inside.resolve("real/sub"));
        Files.createDirectories(inside.resolve("roamer/inner"));
        for (String file : List.of("real/file", "real/sub/file", "plain", "file")) {
            Files.writeString(inside.resolve(file), "public");
        }
        Files.createSymbolicLink(inside.resolve("trap"), outside);
        Files.createSymbolicLink(inside.resolve("file-trap"), outside.resolve("file"));
        EventLoopGroup group = NineClient.loops(1);
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            Future<?> swapping = threads.submit(() -> swap(inside, outside));
            List<Future<Integer>> walking = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(i);
                walking.add(threads.submit((Callable<Integer>) () -> walk(group, pair.southsFiles(), random)));
            }
            for (Future<Integer> walker : walking) {
                assertThat(walker.get()).as("files read in the race").isPositive();
            }
            over.set(true);
            swapping.get();
            assertThat(swaps).as("swaps").hasValueGreaterThan(1000);
            pair.awaitNothingLeft();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
        assertThat(outside.resolve("file")).hasContent("SECRET");
        assertThat(Files.getAttribute(outside.resolve("file"), "unix:mode")).isEqualTo(mode);
        assertThat(outside.toFile().list()).containsExactlyInAnyOrder("file", "secret-name");
    }

    /** A local program: files, links and directories take turns under the names that clients walk through. */
    private void swap(Path inside, Path outside) {
        List<List<Path>> moves = List.of(List.of(inside.resolve("real"), inside.resolve("way")),
                List.of(inside.resolve("trap"), inside.resolve("way")),
                List.of(inside.resolve("plain"), inside.resolve("door")),
                List.of(inside.resolve("file-trap"), inside.resolve("door")),
                List.of(inside.resolve("roamer"), outside.resolve("roamer")));
        try (Libc libc = new Libc()) {
            while (!over.get()) {
                for (List<Path> move : moves) {
                    rename(libc, move.getFirst(), move.getLast());
                    rename(libc, move.getLast(), move.getFirst());
                }
                swaps.addAndGet(moves.size());
            }
        }
    }

    private static void rename(Libc libc, Path from, Path to) {
        int failed = libc.rename(Libc.NO_DIRECTORY, Text.of(from.toString()).bytes(), Libc.NO_DIRECTORY,
                Text.of(to.toString()).bytes());
        assertThat(failed).as("rename of %s", from).isZero();
    }

    /** A client's part of the race; how many files it has read. */
    private int walk(EventLoopGroup group, Path socket, Random random) throws Exception {
        int read = 0;
        try (NineClient client = NineClient.connect(group, UnixDomainSocketAddress.of(socket),
                Offer.of(Dialect.LINUX)).get()) {
            client.send(new Tattach(0, Frame.NOFID, Text.of("u"), Text.EMPTY, OptionalInt.of(-1))).get();
            long end = System.nanoTime() + RACE.toNanos();
            while (System.nanoTime() < end) {
                switch (random.nextInt(4)) {
                    case 0, 1 -> read += file(client, one(WAYS, random)) ? 1 : 0;
                    case 2 -> directory(client, one(DIRECTORIES, random));
                    default -> upwards(client);
                }
            }
            client.send(new Tclunk(0)).get();
        }
        return read;
    }

    private static List<Text> one(List<List<Text>> some, Random random) {
        return some.get(random.nextInt(some.size()));
    }

    /** Reads and writes a file, if there is one at the end of this way; whether it has read it. */
    private static boolean file(NineClient client, List<Text> way) throws InterruptedException {
        if (!walked(client, 0, FID, way)) {
            return false;
        }
        boolean read = false;
        if (ask(client, new Tlopen(FID, READ_WRITE)) != null) {
            Rread content = (Rread) ask(client, new Tread(FID, 0, 100));
            assertThat(content.data().toString(UTF_8)).isEqualTo("public");
            ask(client, new Twrite(FID, 0, Unpooled.copiedBuffer("public", UTF_8)));
            ask(client, new Tsetattr(FID, 1, 0640, 0, 0, 0, 0, 0, 0, 0));
            read = true;
        }
        ask(client, new Tclunk(FID));
        return read;
    }

    /** Lists a directory, makes one in it and removes that. */
    private static void directory(NineClient client, List<Text> way) throws InterruptedException {
        if (!walked(client, 0, FID, way)) {
            return;
        }
        if (ask(client, new Tmkdir(FID, MADE, 0755, -1)) != null) {
            ask(client, new Tunlinkat(FID, MADE, REMOVE_DIRECTORY));
        }
        if (ask(client, new Tlopen(FID, 0)) != null
                && ask(client, new Treaddir(FID, 0, 8192)) instanceof Rreaddir listed) {
            assertThat(listed.data().toString(UTF_8)).doesNotContain("secret-name");
        }
        ask(client, new Tclunk(FID));
    }

    /** Holds on to a directory that may be carried out, and goes up from there. */
    private static void upwards(NineClient client) throws InterruptedException {
        if (!walked(client, 0, FID, names("roamer", "inner"))) {
            return;
        }
        for (List<Text> way : List.of(names("..", "..", "secret-name"), names("..", "..", "..", "outside"))) {
            assertThat(walked(client, FID, FURTHER, way)).as("a walk to %s", way).isFalse();
        }
        ask(client, new Tclunk(FID));
    }

    private static boolean walked(NineClient client, int from, int to, List<Text> way) throws InterruptedException {
        return ask(client, new Twalk(from, to, way)) instanceof Rwalk reply && reply.qids().size() == way.size();
    }

    /** The reply; null if the file is not there any more. */
    private static Rmessage ask(NineClient client, Tmessage request) throws InterruptedException {
        try {
            return client.send(request).get();
        } catch (ExecutionException e) {
            assertThat(e.getCause()).as("%s", request).isInstanceOf(RefusedException.class);
            assertThat(Errno.of(((RefusedException) e.getCause()).errno())).as("%s", request).isIn(LOST);
            return null;
        }
    }
}
