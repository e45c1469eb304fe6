package dev.ninetunnel.fs;

import static dev.ninetunnel.fs.FsTesting.APPEND;
import static dev.ninetunnel.fs.FsTesting.NEW;
import static dev.ninetunnel.fs.FsTesting.bytes;
import static dev.ninetunnel.fs.FsTesting.fails;
import static dev.ninetunnel.fs.FsTesting.file;
import static dev.ninetunnel.fs.FsTesting.list;
import static dev.ninetunnel.fs.FsTesting.read;
import static dev.ninetunnel.fs.FsTesting.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsTesting.Listed;
import dev.ninetunnel.fs.OpenFile.Lock;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every backend does with files and directories that are open. */
@ParameterizedClass
@EnumSource(Backend.class)
class OpenFileContractTest {
    @Parameter
    Backend backend;
    @TempDir
    Path exported;
    private FileTree tree;
    private Node root;

    @BeforeEach
    void open() throws Exception {
        tree = backend.open(exported);
        root = tree.root(Caller.SELF);
    }

    @AfterEach
    void close() {
        root.close();
        tree.close();
    }

    @Test
    void whatLiesInPiecesIsWrittenInOneGoOneBehindTheOther() throws Exception {
        try (OpenFile file = root.create(bytes("file"), NEW, 0644, -1).file();
                OpenFile end = root.walk(bytes("file")).open(APPEND)) {
            for (int count : new int[]{0, 1, 2, 9, 1024, 1025}) {
                assertThat(file.write(5, pieces(count, true))).isEqualTo(3 * count);
                assertThat(read(file, 5, 3 * count)).isEqualTo("abc".repeat(count));
                assertThat(file.write(5, pieces(count, false))).isEqualTo(3 * count);
            }
            file.truncate(2);
            assertThat(end.write(0, pieces(40_000, true))).isEqualTo(120_000);
            assertThat(read(file, 2, 120_000)).isEqualTo("abc".repeat(40_000));
            fails(Errno.EINVAL, () -> file.write(-1, pieces(2, true)));
        }
    }

    private static ByteBuffer[] pieces(int count, boolean direct) {
        ByteBuffer[] pieces = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            ByteBuffer memory = direct || i % 2 == 0 ? ByteBuffer.allocateDirect(5) : ByteBuffer.allocate(5);
            pieces[i] = memory.put((byte) 'x').put(bytes("abc")).flip().position(1);
        }
        return pieces;
    }

    @Test
    void whatIsReadAtOnceIsAllOrNothing() throws Exception {
        try (OpenFile file = root.create(bytes("file"), NEW, 0644, -1).file()) {
            write(file, 0, "0123456789");
            for (int offset : new int[]{0, 5, 10, 100}) {
                ByteBuffer into = ByteBuffer.allocateDirect(8);
                int got = file.mayReadAtOnce() ? file.readAtOnce(offset, into) : OpenFile.WOULD_WAIT;
                int there = Math.clamp(10 - offset, 0, 8);
                assertThat(got).isIn(OpenFile.WOULD_WAIT, there);
                assertThat(into.position()).isEqualTo(Math.max(0, got));
            }
        }
    }

    @Test
    void whatIsWrittenAtOnceIsWrittenAsAWholeOrNotAtAll() throws Exception {
        try (OpenFile file = root.create(bytes("file"), NEW, 0644, -1).file()) {
            write(file, 0, "0123456789");
            for (int count : new int[]{1, 2, 1024, 1025}) {
                int done = file.mayWriteAtOnce() ? file.writeAtOnce(5, pieces(count, true)) : OpenFile.WOULD_WAIT;
                assertThat(done).isIn(OpenFile.WOULD_WAIT, 3 * count);
                assertThat(read(file, 0, 8)).isEqualTo(file.mayWriteAtOnce() ? "01234abc" : "01234567");
            }
        }
    }

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        try (OpenFile file = root.create(bytes("file"), NEW, 0644, -1).file()) {
            ByteBuffer direct = ByteBuffer.allocateDirect(300_000);
            IntStream.range(0, 300_000).forEach(i -> direct.put((byte) (i % 251)));
            direct.flip().position(7);
            assertThat(file.write(7, direct)).isEqualTo(299_993);
            assertThat(direct.hasRemaining()).isFalse();
            for (ByteBuffer into : List.of(ByteBuffer.allocate(299_000), ByteBuffer.allocateDirect(299_000))) {
                into.position(500);
                assertThat(file.read(1000, into)).isEqualTo(298_500);
                assertThat(into.get(500)).isEqualTo((byte) (1000 % 251));
                assertThat(into.get(298_999)).isEqualTo((byte) (299_499 % 251));
            }
            ByteBuffer heap = ByteBuffer.wrap(new byte[200_000], 100, 150_000).slice();
            assertThat(file.write(0, heap)).isEqualTo(150_000);
            assertThat(read(file, 0, 4)).isEqualTo("\0\0\0\0");
            assertThat(file.read(300_000, ByteBuffer.allocate(5))).isZero();
            assertThat(file.read(299_998, ByteBuffer.allocate(5))).isEqualTo(2);
            assertThat(file.read(0, ByteBuffer.allocate(0))).isZero();
            file.sync(true);
            file.sync(false);
        }
    }

    @Test
    void whatIsOpenForOneThingIsNotForAnother() throws Exception {
        Node node = file(root, "file", "content");
        try (OpenFile reading = node.open(OpenHow.READ); OpenFile writing = node.open(OpenHow.WRITE)) {
            fails(Errno.EBADF, () -> write(reading, 0, "x"));
            fails(Errno.EINVAL, () -> reading.truncate(0));
            fails(Errno.EBADF, () -> read(writing, 0, 1));
            fails(Errno.ENOTDIR, () -> list(reading, 0, 1));
        }
        OpenHow directory = new OpenHow(OpenHow.Access.READ, false, false, false, true, false);
        fails(Errno.ENOTDIR, () -> node.open(directory));
        fails(Errno.EISDIR, () -> root.open(OpenHow.WRITE));
        try (OpenFile open = root.open(directory)) {
            fails(Errno.EISDIR, () -> read(open, 0, 1));
            fails(Errno.EBADF, () -> write(open, 0, "x"));
        }
    }

    @Test
    void whatIsNoFileIsNotOpened() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", exported.resolve("fifo").toString()).start().waitFor()).isZero();
        OpenHow directory = new OpenHow(OpenHow.Access.READ, false, false, false, true, false);
        root.makeSymlink(bytes("link"), bytes("fifo"), -1).close();
        fails(Errno.ELOOP, () -> root.walk(bytes("link")).open(OpenHow.READ));
        fails(Errno.ENOTDIR, () -> root.walk(bytes("link")).open(directory));
        fails(Errno.ENOTDIR, () -> root.walk(bytes("fifo")).open(directory));
        fails(Errno.ENXIO, () -> root.walk(bytes("fifo")).open(OpenHow.READ));
        fails(Errno.ENXIO, () -> root.create(bytes("fifo"), OpenHow.WRITE, 0644, -1));
    }

    @Test
    @DisplayName("S16 offsets that are negative or near 2^63 are answered with an error")
    void impossibleOffsets() throws Exception {
        try (OpenFile file = root.create(bytes("file"), NEW, 0644, -1).file()) {
            for (long wrong : new long[]{-1, Long.MIN_VALUE}) {
                fails(Errno.EINVAL, () -> read(file, wrong, 10));
                fails(Errno.EINVAL, () -> write(file, wrong, "x"));
                fails(Errno.EINVAL, () -> file.truncate(wrong));
            }
            fails(Errno.EFBIG, () -> write(file, Long.MAX_VALUE - 1, "x"));
            fails(Errno.EFBIG, () -> file.truncate(Long.MAX_VALUE));
            assertThat(root.walk(bytes("file")).attributes().size()).isZero();
        }
    }

    @Test
    @DisplayName("S14 a file that was opened for that gets every write at its end")
    void appending() throws Exception {
        Node node = file(root, "file", "start");
        try (OpenFile one = node.open(APPEND); OpenFile two = node.open(APPEND)) {
            assertThat(write(one, 0, "1")).isEqualTo(1);
            assertThat(write(two, 3, "2")).isEqualTo(1);
            assertThat(write(one, -1, "1")).isEqualTo(1);
        }
        assertThat(exported.resolve("file")).hasContent("start121");
    }

    @Test
    @DisplayName("S6 an open file survives its removal and its rename")
    void removedWhileOpen() throws Exception {
        Node.Created made = root.create(bytes("file"), NEW, 0644, -1);
        OpenFile file = made.file();
        write(file, 0, "content");
        root.rename(bytes("file"), root, bytes("other"));
        assertThat(read(file, 0, 10)).isEqualTo("content");
        root.unlink(bytes("other"), false);
        file(root, "other", "another").close();
        assertThat(write(file, 7, "+")).isEqualTo(1);
        file.truncate(9);
        assertThat(read(file, 0, 10)).isEqualTo("content+\0");
        assertThat(made.node().attributes().links()).isZero();
        file.close();
        assertThat(exported.resolve("other")).hasContent("another");
    }

    @Test
    void aFileThatShrinksIsReadAsFarAsItGoes() throws Exception {
        Node node = file(root, "file", "content");
        try (OpenFile file = node.open(OpenHow.READ)) {
            try (FileChannel local = FileChannel.open(exported.resolve("file"), StandardOpenOption.WRITE)) {
                local.truncate(3);
            }
            assertThat(read(file, 0, 10)).isEqualTo("con");
            assertThat(read(file, 5, 10)).isEmpty();
        }
    }

    @Test
    @DisplayName("S4 a listing has the dots, and resumes exactly behind any entry; a refused one comes first the next time")
    void listing() throws Exception {
        Set<String> expected = fill(1_100);
        expected.addAll(List.of(".", ".."));
        for (int most : new int[]{1, 7, 500, 5_000}) {
            try (OpenFile open = root.open(OpenHow.READ)) {
                List<String> seen = new ArrayList<>();
                long cookie = 0;
                for (List<Listed> part = list(open, 0, most); !part.isEmpty(); part = list(open, cookie, most)) {
                    part.forEach(e -> seen.add(e.name()));
                    cookie = part.getLast().cookie();
                }
                assertThat(seen).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    @Test
    @DisplayName("S4 a cookie resumes behind its entry in any order, and 0 rewinds")
    void cookies() throws Exception {
        fill(300);
        try (OpenFile open = root.open(OpenHow.READ); OpenFile other = root.open(OpenHow.READ)) {
            List<Listed> all = list(open, 0, Integer.MAX_VALUE);
            for (int at : new int[]{200, 3, 299, 0, 150, 150}) {
                assertThat(list(open, all.get(at).cookie(), 2)).isEqualTo(sub(all, at + 1, at + 3));
                assertThat(list(other, all.get(at).cookie(), 2)).isEqualTo(sub(all, at + 1, at + 3));
            }
            file(root, "late", "").close();
            assertThat(list(open, 0, Integer.MAX_VALUE)).hasSize(all.size() + 1);
            fails(Errno.EINVAL, () -> list(open, -2, 1));
            assertThat(list(open, 0, 1)).hasSize(1);
        }
    }

    private static <T> List<T> sub(List<T> all, int from, int to) {
        return all.subList(Math.min(from, all.size()), Math.min(to, all.size()));
    }

    @Test
    @DisplayName("S4 entries that stay are seen once each while others are removed")
    void removedWhileListed() throws Exception {
        Set<String> staying = fill(1_200);
        Set<String> seen = new HashSet<>();
        try (OpenFile open = root.open(OpenHow.READ)) {
            long cookie = 0;
            for (List<Listed> part = list(open, 0, 50); !part.isEmpty(); part = list(open, cookie, 50)) {
                cookie = part.getLast().cookie();
                boolean half = true;
                for (Listed e : part) {
                    assertThat(seen.add(e.name())).isTrue();
                    half = !half;
                    if (half && e.id().kind() == FileId.Kind.FILE) {
                        root.unlink(bytes(e.name()), false);
                    }
                }
            }
        }
        assertThat(seen).containsAll(staying).hasSize(1_202);
    }

    @Test
    void severalThreadsMayListOneOpenDirectory() throws Exception {
        Set<String> expected = fill(500);
        try (OpenFile open = root.open(OpenHow.READ); var threads = Executors.newFixedThreadPool(4)) {
            Callable<List<String>> task = () -> {
                List<String> names = new ArrayList<>();
                long cookie = 0;
                for (List<Listed> part = list(open, 0, 10); !part.isEmpty(); part = list(open, cookie, 10)) {
                    part.forEach(e -> names.add(e.name()));
                    cookie = part.getLast().cookie();
                }
                return names;
            };
            for (Future<List<String>> done : threads.invokeAll(List.of(task, task, task, task))) {
                assertThat(done.get()).doesNotHaveDuplicates().containsAll(expected).hasSize(502);
            }
        }
    }

    @Test
    void entriesAreListedAsWhatTheyAre() throws Exception {
        Node directory = root.makeDirectory(bytes("directory"), 0755, -1);
        Node link = directory.makeSymlink(bytes("link"), bytes("x"), -1);
        try (OpenFile top = root.open(OpenHow.READ); OpenFile below = directory.open(OpenHow.READ)) {
            assertThat(list(top, 0, 9)).extracting(Listed::name, Listed::id).containsExactlyInAnyOrder(
                    tuple(".", root.id()), tuple("..", root.id()), tuple("directory", directory.id()));
            assertThat(list(below, 0, 9)).extracting(Listed::name, Listed::id).containsExactlyInAnyOrder(
                    tuple(".", directory.id()), tuple("..", root.id()), tuple("link", link.id()));
        }
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.api.Assertions.tuple(values);
    }

    private Set<String> fill(int count) throws Exception {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            String name = "an entry of some length, number " + i;
            Files.writeString(exported.resolve(name), "");
            names.add(name);
        }
        return names;
    }

    private static Lock lock(Lock.Kind kind, long start, long length, String owner) {
        return new Lock(kind, start, length, owner, owner.hashCode());
    }

    @Test
    @DisplayName("S10 owners exclude one another by ranges of bytes")
    void locks() throws Exception {
        Node node = file(root, "file", "content");
        try (OpenFile one = node.open(OpenHow.READ_WRITE); OpenFile two = node.open(OpenHow.READ_WRITE)) {
            assertThat(one.lock(lock(Lock.Kind.WRITE, 0, 10, "A"))).isTrue();
            assertThat(two.lock(lock(Lock.Kind.WRITE, 9, 1, "B"))).isFalse();
            assertThat(one.lock(lock(Lock.Kind.READ, 9, 1, "B"))).isFalse();
            assertThat(two.lock(lock(Lock.Kind.WRITE, 10, 0, "B"))).isTrue();
            assertThat(two.lock(lock(Lock.Kind.WRITE, 0, 5, "A"))).as("one owner through another file").isTrue();
            assertThat(two.conflict(lock(Lock.Kind.READ, 100, 1, "A")))
                    .isEqualTo(lock(Lock.Kind.WRITE, 10, 0, "B"));
            assertThat(one.conflict(lock(Lock.Kind.WRITE, 0, 10, "A"))).isNull();
            assertThat(one.lock(lock(Lock.Kind.UNLOCK, 3, 4, "A"))).isTrue();
            assertThat(two.lock(lock(Lock.Kind.WRITE, 3, 4, "B"))).isTrue();
            assertThat(two.lock(lock(Lock.Kind.WRITE, 2, 1, "B"))).isFalse();
            assertThat(one.lock(lock(Lock.Kind.READ, 0, 3, "A"))).as("a lock made weaker").isTrue();
            assertThat(two.lock(lock(Lock.Kind.READ, 0, 3, "B"))).isTrue();
            assertThat(one.conflict(lock(Lock.Kind.READ, 0, 3, "C"))).isNull();
            assertThat(one.lock(lock(Lock.Kind.WRITE, 0, 1, "A"))).isFalse();
        }
    }

    @Test
    @DisplayName("S10 unlocking what is not locked succeeds, and locks go with the file they were taken through")
    void locksGoWithTheirFile() throws Exception {
        Node node = file(root, "file", "content");
        try (OpenFile stays = node.open(OpenHow.READ_WRITE)) {
            assertThat(stays.lock(lock(Lock.Kind.UNLOCK, 0, 0, "A"))).isTrue();
            OpenFile goes = node.open(OpenHow.READ_WRITE);
            assertThat(goes.lock(lock(Lock.Kind.WRITE, 0, 10, "A"))).isTrue();
            assertThat(stays.lock(lock(Lock.Kind.WRITE, 20, 10, "A"))).isTrue();
            goes.close();
            assertThat(stays.lock(lock(Lock.Kind.WRITE, 0, 20, "B"))).isTrue();
            assertThat(stays.lock(lock(Lock.Kind.WRITE, 20, 1, "B"))).isFalse();
        }
        try (OpenFile after = node.open(OpenHow.READ_WRITE)) {
            assertThat(after.lock(lock(Lock.Kind.WRITE, 0, 0, "C"))).isTrue();
        }
    }

    @Test
    @DisplayName("S10 S16 ranges that cannot be are refused")
    void impossibleLocks() throws Exception {
        try (OpenFile file = file(root, "file", "").open(OpenHow.READ_WRITE)) {
            for (long[] range : new long[][]{{-1, 1}, {0, -1}, {Long.MAX_VALUE, 2}, {2, Long.MAX_VALUE}}) {
                fails(Errno.EINVAL, () -> file.lock(lock(Lock.Kind.WRITE, range[0], range[1], "A")));
                fails(Errno.EINVAL, () -> file.conflict(lock(Lock.Kind.WRITE, range[0], range[1], "A")));
            }
            assertThat(file.lock(lock(Lock.Kind.WRITE, Long.MAX_VALUE, 1, "A"))).isTrue();
            fails(Errno.EINVAL, () -> file.conflict(lock(Lock.Kind.UNLOCK, 0, 0, "A")));
        }
    }
}
