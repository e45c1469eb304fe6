package dev.ninetunnel.fs;

import static dev.ninetunnel.fs.FsTesting.NEW;
import static dev.ninetunnel.fs.FsTesting.bytes;
import static dev.ninetunnel.fs.FsTesting.content;
import static dev.ninetunnel.fs.FsTesting.fails;
import static dev.ninetunnel.fs.FsTesting.file;
import static dev.ninetunnel.fs.FsTesting.list;
import static dev.ninetunnel.fs.FsTesting.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsTesting.Listed;
import dev.ninetunnel.fs.filter.HidingTree;
import dev.ninetunnel.fs.filter.NamePattern;
import dev.ninetunnel.testing.Mounts;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Names that are as if they did not exist, on both backends. {@code .*} and {@code *.key} are hidden. */
@ParameterizedClass
@EnumSource(Backend.class)
class HidingTreeTest {
    @Parameter
    Backend backend;
    @TempDir
    Path exported;
    private FileTree tree;
    private Node root;

    @BeforeEach
    void open() throws Exception {
        Files.writeString(exported.resolve("seen"), "seen");
        Files.writeString(exported.resolve("a.key"), "secret");
        Files.createDirectories(exported.resolve("below/.git/deep"));
        tree = new HidingTree(backend.open(exported),
                () -> List.of(NamePattern.parse(".*"), NamePattern.parse("*.key")));
        root = tree.root(Caller.SELF);
    }

    @AfterEach
    void close() {
        root.close();
        tree.close();
    }

    @Test
    void whatIsHiddenIsNotListedAtAnyDepthButTheDotsAre() throws Exception {
        assertThat(names(root)).containsExactlyInAnyOrder("seen", "below");
        Node below = root.walk(bytes("below"));
        try (OpenFile open = below.open(OpenHow.READ)) {
            assertThat(list(open, 0, 9)).extracting(Listed::name).containsExactlyInAnyOrder(".", "..");
        }
        try (OpenFile open = below.duplicate().open(OpenHow.READ)) {
            assertThat(list(open, 0, 9)).hasSize(2);
        }
    }

    @Test
    void aListingGoesOnBehindItsCookiesAmongHiddenNames() throws Exception {
        for (int i = 0; i < 300; i++) {
            Files.createFile(exported.resolve("number " + i + (i % 3 == 0 ? "" : ".key")));
        }
        List<String> seen = new ArrayList<>();
        try (OpenFile open = root.open(OpenHow.READ)) {
            long cookie = 0;
            for (List<Listed> some = list(open, 0, 7); !some.isEmpty(); some = list(open, cookie, 7)) {
                some.forEach(e -> seen.add(e.name()));
                cookie = some.getLast().cookie();
            }
        }
        assertThat(seen).hasSize(104).doesNotHaveDuplicates().noneMatch(n -> n.endsWith(".key"));
    }

    @Test
    void whatIsHiddenCannotBeWalkedToOrRemovedOrMoved() throws Exception {
        fails(Errno.ENOENT, () -> root.walk(bytes("a.key")));
        fails(Errno.ENOENT, () -> root.walk(bytes("below")).walk(bytes(".git")));
        fails(Errno.ENOENT, () -> root.unlink(bytes("a.key"), false));
        fails(Errno.ENOENT, () -> root.walk(bytes("below")).unlink(bytes(".git"), true));
        fails(Errno.ENOENT, () -> root.rename(bytes("a.key"), root, bytes("shown")));
        assertThat(exported.resolve("a.key")).hasContent("secret");
    }

    @Test
    void nothingIsMadeUnderAHiddenNameWhetherItIsThereOrNot() throws Exception {
        Node seen = root.walk(bytes("seen"));
        for (String name : List.of("a.key", "b.key", ".hidden")) {
            byte[] hidden = bytes(name);
            fails(Errno.EPERM, () -> root.create(hidden, NEW, 0644, -1));
            fails(Errno.EPERM, () -> root.create(hidden, OpenHow.READ, 0644, -1));
            fails(Errno.EPERM, () -> root.makeDirectory(hidden, 0755, -1));
            fails(Errno.EPERM, () -> root.makeSymlink(hidden, bytes("x"), -1));
            fails(Errno.EPERM, () -> root.makeNode(hidden, 0010644, 0, 0, -1));
            fails(Errno.EPERM, () -> root.link(hidden, seen));
            fails(Errno.EPERM, () -> root.rename(bytes("seen"), root, hidden));
            fails(Errno.EPERM, () -> seen.renameTo(root, hidden));
            fails(Errno.EPERM, () -> seen.renameHere(hidden));
        }
        assertThat(exported.resolve("a.key")).hasContent("secret");
        assertThat(exported.resolve("seen")).hasContent("seen");
        assertThat(exported.resolve("b.key")).doesNotExist();
    }

    @Test
    void aDirectoryOfHiddenNamesIsNotEmpty() throws Exception {
        fails(Errno.ENOTEMPTY, () -> root.unlink(bytes("below"), true));
        root.makeDirectory(bytes("other"), 0755, -1);
        fails(Errno.ENOTEMPTY, () -> root.rename(bytes("other"), root, bytes("below")));
        root.rename(bytes("below"), root, bytes("moved"));
        assertThat(exported.resolve("moved/.git/deep")).isDirectory();
    }

    @Test
    void allElseGoesOnAsItWould() throws Exception {
        Node made = file(root, "made", "content");
        root.link(bytes("twin"), made);
        made.renameTo(root.walk(bytes("below")), bytes("moved"));
        assertThat(content(root.walk(bytes("below")).walk(bytes("moved")))).isEqualTo("content");
        made.renameHere(bytes("again"));
        assertThat(text(made.name())).isEqualTo("again");
        assertThat(made.parent().id()).isEqualTo(root.walk(bytes("below")).id());
        made.remove();
        root.unlink(bytes("twin"), false);
        assertThat(names(root)).containsExactlyInAnyOrder("seen", "below");
        fails(Errno.EXDEV, () -> root.rename(bytes("seen"), backend.open(exported).root(Caller.SELF), bytes("x")));
    }

    private static String text(byte[] name) {
        return FsTesting.text(name);
    }

    @Test
    void whatALocalProgramHidesByRenamingItCannotBeRemovedAnyMore() throws Exception {
        Node seen = root.walk(bytes("seen"));
        assertThat(seen.name()).isEqualTo(bytes("seen"));
        root.close();
        root = tree.root(Caller.SELF);
        Files.move(exported.resolve("seen"), exported.resolve("seen.key"));
        if (backend == Backend.LINUX) {
            fails(Errno.ENOENT, seen::remove);
            fails(Errno.ENOENT, () -> seen.renameTo(root, bytes("back")));
        }
        assertThat(exported.resolve("seen.key")).exists();
    }

    @Test
    void whereCaseIsIgnoredAHiddenNameIsHiddenInAnyCase() throws Exception {
        // As a directory that ignores case looks from without: both names lead to one file.
        Files.createLink(exported.resolve("A.KEY"), exported.resolve("a.key"));
        Files.delete(exported.resolve("seen"));
        fails(Errno.ENOENT, () -> root.walk(bytes("A.KEY")));
        fails(Errno.ENOENT, () -> root.unlink(bytes("A.KEY"), false));
        fails(Errno.EPERM, () -> root.create(bytes("A.KEY"), OpenHow.READ, 0644, -1));
        fails(Errno.EPERM, () -> root.rename(bytes("below"), root, bytes("A.KEY")));
        Node file = file(root.walk(bytes("below")), "file", "");
        fails(Errno.EPERM, () -> file.renameTo(root, bytes("A.KEY")));
        fails(Errno.EPERM, () -> root.walk(bytes("below")).rename(bytes("file"), root, bytes("A.KEY")));
        fails(Errno.EPERM, () -> root.walk(bytes("below")).renameHere(bytes("A.KEY")));
        Files.createFile(exported.resolve("UPPER.KEY"));
        assertThat(root.walk(bytes("UPPER.KEY")).id().kind()).as("another name, where case counts")
                .isEqualTo(FileId.Kind.FILE);
    }

    /** How a file system that does not take names as they are is made and mounted, and in what it holds them. */
    private void ignoresCase(Path disk) throws Exception {
        Path where = disk.resolve("directory");
        Files.createDirectories(where);
        if (Files.getFileStore(disk).type().startsWith("ext")) {
            assumeTrue(Mounts.run("chattr", "+F", where.toString()) == 0, "SKIPPED: no casefold here");
        }
        Files.writeString(where.resolve("private long name.key"), "secret");
        Files.writeString(where.resolve("Shown.txt"), "seen");
        try (FileTree hiding = new HidingTree(backend.open(where), () -> List.of(NamePattern.parse("private*")));
                Node top = hiding.root(Caller.SELF)) {
            assertThat(names(top)).containsExactly("Shown.txt");
            assertThat(content(top.walk(bytes("SHOWN.TXT")))).isEqualTo("seen");
            for (String name : List.of("private long name.key", "PRIVATE LONG NAME.KEY", "PRIVAT~1.KEY",
                    "privat~1.key")) {
                fails(Errno.ENOENT, () -> top.walk(bytes(name)));
                assertThat(Errno.of(assertThrows(FsException.class,
                        () -> top.create(bytes(name), OpenHow.READ, 0644, -1)).number()))
                        .as(name).isIn(Errno.EPERM, Errno.EACCES);
                fails(Errno.ENOENT, () -> top.unlink(bytes(name), false));
            }
            fails(Errno.EPERM, () -> top.makeDirectory(bytes("Private"), 0755, -1));
        }
        assertThat(where.resolve("private long name.key")).hasContent("secret");
    }

    @Test
    void onVfatNeitherCaseNorShortNamesShowWhatIsHidden() throws Exception {
        assumeTrue(backend == Backend.LINUX);
        Path disk = Files.createDirectory(exported.resolve("disk"));
        try (Mounts mounts = new Mounts()) {
            Path image = image("mkfs.vfat");
            mounts.image(image, disk, "rw");
            ignoresCase(disk);
        }
    }

    @Test
    void onExt4WithCasefoldCaseDoesNotShowWhatIsHidden() throws Exception {
        assumeTrue(backend == Backend.LINUX);
        Path disk = Files.createDirectory(exported.resolve("disk"));
        try (Mounts mounts = new Mounts()) {
            Path image = image("mkfs.ext4", "-q", "-O", "casefold");
            mounts.image(image, disk, "rw");
            ignoresCase(disk);
        }
    }

    private Path image(String... format) throws Exception {
        Path image = exported.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(4 << 20);
        }
        String[] command = Arrays.copyOf(format, format.length + 1);
        command[format.length] = image.toString();
        assumeTrue(Mounts.run(command) == 0, "SKIPPED: no " + format[0]);
        return image;
    }
}
