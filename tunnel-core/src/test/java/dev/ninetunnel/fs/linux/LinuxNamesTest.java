package dev.ninetunnel.fs.linux;

import static dev.ninetunnel.fs.FsTesting.NEW;
import static dev.ninetunnel.fs.FsTesting.bytes;
import static dev.ninetunnel.fs.FsTesting.content;
import static dev.ninetunnel.fs.FsTesting.fails;
import static dev.ninetunnel.fs.FsTesting.file;
import static dev.ninetunnel.fs.FsTesting.names;
import static dev.ninetunnel.fs.FsTesting.read;
import static dev.ninetunnel.fs.FsTesting.text;
import static dev.ninetunnel.fs.FsTesting.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.linux.ProcessCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a backend that holds inodes can do with names, and that none of its descriptors is left over. */
class LinuxNamesTest {
    @TempDir
    Path temporary;
    private Path exported;
    private final Descriptors descriptors = new Descriptors(10_000);
    private LinuxTree tree;
    private Node root;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        exported = Files.createDirectory(temporary.resolve("exported"));
        tree = LinuxTree.open(exported, descriptors, new Resizing());
        root = kept(tree.root(Caller.SELF));
    }

    @AfterEach
    void nothingIsLeftOpen() throws Exception {
        for (AutoCloseable c : opened) {
            c.close();
        }
        tree.close();
        assertThat(descriptors.count()).isZero();
    }

    private <T extends AutoCloseable> T kept(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    @Test
    @DisplayName("S19 names that are not UTF-8 work from end to end")
    void namesAreBytes() throws Exception {
        byte[] name = {(byte) 0xff, (byte) 0xfe, 'x', 1, '\n', (byte) 0xc3};
        byte[] longest = new byte[255];
        java.util.Arrays.fill(longest, (byte) 0x80);
        kept(root.makeDirectory(name, 0755, -1));
        Node there = kept(root.walk(name));
        assertThat(there.name()).isEqualTo(name);
        there.renameHere(longest);
        List<byte[]> names = new ArrayList<>();
        try (OpenFile open = root.open(OpenHow.READ)) {
            open.list(0, (n, id, cookie) -> names.add(n));
        }
        assertThat(names).anyMatch(n -> java.util.Arrays.equals(n, longest));
        Node link = kept(there.makeSymlink(name, longest, -1));
        assertThat(link.readLink()).isEqualTo(longest);
        fails(Errno.EINVAL, () -> root.makeSymlink(name, new byte[]{'a', 0, 'b'}, -1));
    }

    @Test
    void targetsAsLongAsAPathWork() throws Exception {
        byte[] target = bytes("t".repeat(4095));
        assertThat(kept(root.makeSymlink(bytes("link"), target, -1)).readLink()).isEqualTo(target);
        fails(Errno.ENAMETOOLONG, () -> root.makeSymlink(bytes("x"), bytes("t".repeat(4096)), -1));
    }

    @Test
    @DisplayName("S19 a tree deeper than PATH_MAX works, to its very bottom and up again")
    void deepTrees() throws Exception {
        byte[] name = bytes("d".repeat(200));
        Node here = root.duplicate();
        for (int i = 0; i < 60; i++) {
            Node next = here.makeDirectory(name, 0755, -1);
            here.close();
            here = next;
        }
        Node bottom = kept(here);
        Node file = kept(file(bottom, "file", "deep"));
        file.renameHere(bytes("renamed"));
        assertThat(content(kept(bottom.walk(bytes("renamed"))))).isEqualTo("deep");
        assertThat(names(bottom)).containsExactly("renamed");
        Node up = bottom.duplicate();
        for (int i = 0; i < 60; i++) {
            Node next = up.parent();
            up.close();
            up = next;
        }
        assertThat(kept(up).id()).isEqualTo(root.id());
        file.remove();
        Node rest = bottom.duplicate();
        for (int i = 0; i < 60; i++) {
            Node next = rest.parent();
            rest.remove();
            rest.close();
            rest = next;
        }
        rest.close();
        assertThat(names(root)).isEmpty();
    }

    @Test
    @DisplayName("S6 a removed file is another one than the next of its name, even where the number would be used again")
    void numbersAreNotUsedAgain() throws Exception {
        Node old = kept(file(root, "file", "old"));
        Files.delete(exported.resolve("file"));
        Node made = kept(file(root, "file", "new"));
        assertThat(made.id()).isNotEqualTo(old.id());
        assertThat(content(old)).isEqualTo("old");
        assertThat(text(old.name())).isEqualTo("file");
        fails(Errno.ESTALE, old::remove);
        fails(Errno.ENOENT, () -> root.link(bytes("back"), old));
    }

    @Test
    @DisplayName("S7 what local programs rename is found where it is now")
    void renamedByOthers() throws Exception {
        Node a = kept(root.makeDirectory(bytes("a"), 0755, -1));
        Node b = kept(root.makeDirectory(bytes("b"), 0755, -1));
        Node file = kept(file(a, "file", "x"));
        Files.move(exported.resolve("a/file"), exported.resolve("b/other"));
        Files.move(exported.resolve("b"), exported.resolve("a/c"));
        assertThat(text(file.name())).isEqualTo("other");
        assertThat(kept(file.parent()).id()).isEqualTo(b.id());
        assertThat(kept(b.parent()).id()).isEqualTo(a.id());
        file.renameHere(bytes("third"));
        assertThat(exported.resolve("a/c/third")).hasContent("x");
        Files.move(exported.resolve("a/c/third"), exported.resolve("fourth"));
        file.remove();
        assertThat(names(root)).containsExactly("a");
    }

    @Test
    void directoriesThatTradePlacesDoNotConfuseAnybody() throws Exception {
        Node a = kept(root.makeDirectory(bytes("a"), 0755, -1));
        Node b = kept(a.makeDirectory(bytes("b"), 0755, -1));
        Files.move(exported.resolve("a/b"), exported.resolve("b"));
        root.rename(bytes("a"), b, bytes("a")); // as known, b is still in a
        assertThat(text(a.name())).isEqualTo("a");
        assertThat(kept(a.parent()).id()).isEqualTo(b.id());
        assertThat(kept(b.parent()).id()).isEqualTo(root.id());
    }

    @Test
    @DisplayName("S12 a directory that local programs move out of the export has nothing above it any more")
    void movedOut() throws Exception {
        Node a = kept(root.makeDirectory(bytes("a"), 0755, -1));
        Node b = kept(a.makeDirectory(bytes("b"), 0755, -1));
        Files.move(exported.resolve("a"), temporary.resolve("outside"));
        assertThat(kept(b.parent()).id()).isEqualTo(a.id());
        fails(Errno.ESTALE, a::parent);
        fails(Errno.ESTALE, a::remove);
        fails(Errno.ESTALE, () -> a.renameTo(root, bytes("back")));
        assertThat(text(a.name())).isEqualTo("a");
        fails(Errno.ENOENT, () -> root.walk(bytes("a")));
    }

    @Test
    void removingAFileByANameThatIsGoneLeavesItsOtherName() throws Exception {
        Node kept = kept(file(root, "keep", "x"));
        root.link(bytes("goes"), kept);
        Node goes = kept(root.walk(bytes("goes")));
        Files.delete(exported.resolve("goes"));
        fails(Errno.ESTALE, goes::remove);
        assertThat(exported.resolve("keep")).hasContent("x");
        kept.remove();
        assertThat(names(root)).isEmpty();
    }

    @Test
    void aRenameBetweenTwoNamesOfOneFileLeavesBoth() throws Exception {
        Node one = kept(file(root, "one", "x"));
        root.link(bytes("two"), one);
        Node two = kept(root.walk(bytes("two")));
        root.rename(bytes("one"), root, bytes("two"));
        one.remove();
        assertThat(names(root)).containsExactly("two");
        two.remove();
        assertThat(names(root)).isEmpty();
    }

    @Test
    void specialFilesAreMadeAndNotOpened() throws Exception {
        Node fifo = kept(root.makeNode(bytes("fifo"), 0010644, 0, 0, -1));
        Node socket = kept(root.makeNode(bytes("socket"), 0140600, 0, 0, -1));
        assertThat(fifo.attributes().mode()).isEqualTo(0010644);
        for (Node special : List.of(fifo, socket)) {
            fails(Errno.ENXIO, () -> special.open(OpenHow.READ));
            fails(Errno.ENXIO, () -> special.open(OpenHow.WRITE));
        }
        fails(Errno.EINVAL, () -> fifo.change(dev.ninetunnel.fs.AttributeChange.size(0)));
        assumeTrue(ProcessCalls.uid() == 0, "device nodes need root");
        Node device = kept(root.makeNode(bytes("device"), 0020600, 1, 300, -1));
        assertThat(device.attributes().deviceNumber()).isEqualTo(Status.device(1, 300));
        fails(Errno.ENXIO, () -> device.open(OpenHow.READ));
    }

    @Test
    void beyondTheCapOfDescriptorsTheErrorIsEnfileAndNothingIsLost() throws Exception {
        Descriptors few = new Descriptors(5);
        try (LinuxTree small = LinuxTree.open(exported, few, new Resizing()); Node top = small.root(Caller.SELF)) {
            Node.Created first = top.create(bytes("file"), NEW, 0644, -1);
            OpenFile second = first.node().open(OpenHow.READ);
            OpenFile third = first.node().open(OpenHow.READ);
            fails(Errno.ENFILE, () -> first.node().open(OpenHow.READ));
            fails(Errno.ENFILE, () -> top.create(bytes("other"), NEW, 0644, -1));
            fails(Errno.ENOLCK, () -> third
                    .lock(new OpenFile.Lock(OpenFile.Lock.Kind.READ, 0, 0, "A", 1)));
            assertThat(few.count()).isEqualTo(5);
            second.close();
            first.node().open(OpenHow.READ).close();
            third.close();
            first.file().close();
            first.node().close();
        }
        assertThat(few.count()).isZero();
    }

    @Test
    void aFileThatIsClosedWhileItIsReadIsReadToTheEndOfThatCall() throws Exception {
        Node node = kept(file(root, "file", "x"));
        OpenFile directory = root.open(OpenHow.READ);
        List<String> seen = new ArrayList<>();
        directory.list(0, (name, id, cookie) -> {
            directory.close();
            return seen.add(text(name));
        });
        assertThat(seen).hasSize(3);
        fails(Errno.EBADF, () -> directory.list(0, (name, id, cookie) -> true));
        assertThat(node.id().kind()).isEqualTo(FileId.Kind.FILE);
    }

    /** For as many rounds as {@code ninetunnel.race.rounds} says; three hundred thousand take eight seconds. */
    @Test
    @DisplayName("S12 no race of renames, links and walks shows a byte from outside the export")
    void races() throws Exception {
        int rounds = Integer.getInteger("ninetunnel.race.rounds", 20_000);
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("file"), "SECRET");
        Files.createDirectory(exported.resolve("real"));
        Files.writeString(exported.resolve("real/file"), "public");
        Files.createSymbolicLink(exported.resolve("trap"), outside);
        Files.createSymbolicLink(exported.resolve("real/trap"), outside.resolve("file"));
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        Thread swapper = Thread.ofPlatform().start(() -> swap(done, started));
        started.await();
        int read = 0;
        try {
            for (int i = 0; i < rounds; i++) {
                read += attempt(i % 2 == 0 ? "file" : "trap");
            }
        } finally {
            done.set(true);
            swapper.join();
        }
        assertThat(read).isPositive();
        assertThat(outside.resolve("file")).hasContent("SECRET");
        try (var left = Files.list(outside)) {
            assertThat(left).hasSize(1);
        }
    }

    /** Makes "way" a directory and a link that leads out, by turns, as fast as may be. */
    private void swap(AtomicBoolean done, CountDownLatch started) {
        byte[] way = bytes("way");
        try (LinuxTree own = LinuxTree.open(exported); Node top = own.root(Caller.SELF)) {
            while (!done.get()) {
                top.rename(bytes("real"), top, way);
                started.countDown();
                top.rename(way, top, bytes("real"));
                top.rename(bytes("trap"), top, way);
                top.rename(way, top, bytes("trap"));
            }
        } catch (FsException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether a file was read; it must never be the one outside. */
    private int attempt(String name) {
        try (Node way = root.walk(bytes("way"))) {
            try (Node made = way.makeDirectory(bytes("made"), 0755, -1)) {
                made.remove();
            } catch (FsException _) {
                // It was the link, or has been renamed meanwhile.
            }
            try (Node file = way.walk(bytes(name)); OpenFile open = file.open(OpenHow.READ_WRITE)) {
                assertThat(read(open, 0, 10)).isEqualTo("public");
                write(open, 0, "public");
                return 1;
            }
        } catch (FsException e) {
            assertThat(Errno.of(e.number())).isIn(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.ESTALE);
            return 0;
        }
    }
}
