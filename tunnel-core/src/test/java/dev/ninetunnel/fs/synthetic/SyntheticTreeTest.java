package dev.ninetunnel.fs.synthetic;

import static dev.ninetunnel.fs.FsTesting.NEW;
import static dev.ninetunnel.fs.FsTesting.bytes;
import static dev.ninetunnel.fs.FsTesting.content;
import static dev.ninetunnel.fs.FsTesting.fails;
import static dev.ninetunnel.fs.FsTesting.file;
import static dev.ninetunnel.fs.FsTesting.list;
import static dev.ninetunnel.fs.FsTesting.names;
import static dev.ninetunnel.fs.FsTesting.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FsTesting.Listed;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.fs.local.LocalTrees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticTreeTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_700_000_000, 5), ZoneOffset.UTC);

    @TempDir
    Path one;
    @TempDir
    Path two;
    private final AtomicInteger asked = new AtomicInteger();
    private FileTree first;
    private FileTree second;
    private Node root;

    @BeforeEach
    void open() throws Exception {
        LocalTrees local = new LocalTrees();
        first = local.open(one);
        second = local.open(two);
        Map<String, Entry> entries = new LinkedHashMap<>();
        entries.put("one", new Entry.Mounted(first));
        entries.put("two", new Entry.Mounted(second));
        entries.put("status", new Entry.Directory(
                Map.of("asked", new Entry.File(() -> bytes("asked " + asked.incrementAndGet() + " times\n")))));
        root = new SyntheticTree(entries, CLOCK).root(Caller.SELF);
    }

    @AfterEach
    void close() {
        root.close();
        first.close();
        second.close();
    }

    @Test
    void mountedTreesAreListedAndWalkedToByName() throws Exception {
        assertThat(names(root)).containsExactly("one", "two", "status");
        file(root.walk(bytes("one")), "file", "content").close();
        assertThat(one.resolve("file")).hasContent("content");
        assertThat(content(root.walk(bytes("one")).walk(bytes("file")))).isEqualTo("content");
        fails(Errno.ENOENT, () -> root.walk(bytes("three")));
        fails(Errno.ENOENT, () -> root.walk(new byte[]{(byte) 0xff}));
    }

    @Test
    void aMountedTreeIsWalkedToAsIfByItself() throws Exception {
        try (Node top = root.walk(bytes("two")); Node alone = second.root(Caller.SELF)) {
            assertThat(top.id()).isEqualTo(alone.id());
        }
        assertThat(root.parent().id()).isEqualTo(root.id());
    }

    @Test
    void entriesAreListedWithTheNumbersThatAWalkGives() throws Exception {
        try (OpenFile open = root.open(OpenHow.READ)) {
            for (Listed e : list(open, 2, 10)) {
                assertThat(root.walk(bytes(e.name())).id()).isEqualTo(e.id());
            }
            assertThat(list(open, 0, 3)).extracting(Listed::name).containsExactly(".", "..", "one");
            assertThat(list(open, 3, 3)).extracting(Listed::name).containsExactly("two", "status");
            assertThat(list(open, 5, 3)).isEmpty();
            assertThat(list(open, Long.MAX_VALUE, 3)).isEmpty();
            fails(Errno.EINVAL, () -> list(open, -1, 3));
        }
    }

    @Test
    void aTreeThatHasVanishedIsStillListedAndGivesItsError() throws Exception {
        Files.delete(two);
        assertThat(names(root)).contains("two");
        fails(Errno.ESTALE, () -> root.walk(bytes("two")));
        assertThat(root.walk(bytes("one")).id().kind()).isEqualTo(FileId.Kind.DIRECTORY);
        Files.createDirectory(two);
    }

    @Test
    void aFileSaysWhatHoldsWhenItIsOpened() throws Exception {
        Node file = root.walk(bytes("status")).walk(bytes("asked"));
        try (OpenFile open = file.open(OpenHow.READ)) {
            assertThat(read(open, 0, 100)).isEqualTo("asked 1 times\n");
            assertThat(read(open, 6, 1)).isEqualTo("1");
            assertThat(read(open, 14, 1)).isEmpty();
            assertThat(read(open, Long.MAX_VALUE, 1)).isEmpty();
            fails(Errno.EINVAL, () -> read(open, -1, 1));
        }
        assertThat(content(file)).isEqualTo("asked 2 times\n");
        assertThat(file.attributes().size()).isEqualTo(14);
        assertThat(file.attributes().mode()).isEqualTo(0100444);
        assertThat(file.attributes().modification().seconds()).isEqualTo(1_700_000_000);
    }

    @Test
    void nothingOfItsOwnCanBeChanged() throws Exception {
        Node file = root.walk(bytes("status")).walk(bytes("asked"));
        fails(Errno.EROFS, () -> root.create(bytes("x"), NEW, 0644, -1));
        fails(Errno.EROFS, () -> root.makeDirectory(bytes("x"), 0755, -1));
        fails(Errno.EROFS, () -> root.unlink(bytes("one"), true));
        fails(Errno.EROFS, () -> root.rename(bytes("one"), root, bytes("x")));
        fails(Errno.EROFS, () -> file.open(OpenHow.WRITE));
        fails(Errno.EROFS, () -> file.change(AttributeChange.mode(0777)));
        fails(Errno.EROFS, file::remove);
        fails(Errno.EISDIR, () -> root.open(OpenHow.WRITE));
        fails(Errno.ENOTDIR, () -> file.walk(bytes("x")));
        file.change(AttributeChange.NONE);
        fails(Errno.EBUSY, root::remove);
    }

    @Test
    void aNameThatIsNoFileNameIsAFaultOfWhoeverMadeTheTree() {
        Map<String, Entry> wrong = Map.of("a/b", new Entry.File(() -> new byte[0]));
        assertThatThrownBy(() -> new SyntheticTree(wrong, CLOCK)).isInstanceOf(IllegalArgumentException.class);
    }
}
