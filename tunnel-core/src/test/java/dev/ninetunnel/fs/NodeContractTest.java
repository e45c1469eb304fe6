package dev.ninetunnel.fs;

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

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.AttributeChange.NewTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every backend does with names and attributes. */
@ParameterizedClass
@EnumSource(Backend.class)
class NodeContractTest {
    @Parameter
    Backend backend;
    @TempDir
    Path temporary;
    private Path exported;
    private FileTree tree;
    private Node root;

    @BeforeEach
    void open() throws Exception {
        exported = Files.createDirectory(temporary.resolve("exported"));
        tree = backend.open(exported);
        root = tree.root(Caller.SELF);
    }

    @AfterEach
    void close() {
        root.close();
        tree.close();
    }

    @Test
    @DisplayName("S11 names that are no single element are not found, and not made")
    void badNames() throws Exception {
        Node file = file(root, "file", "");
        for (String name : new String[]{"", ".", "..", "/", "a/b", "../x", "file/", "nul\0", "\0"}) {
            byte[] bad = bytes(name);
            fails(Errno.ENOENT, () -> root.walk(bad));
            fails(Errno.EINVAL, () -> root.create(bad, NEW, 0644, -1));
            fails(Errno.EINVAL, () -> root.makeDirectory(bad, 0755, -1));
            fails(Errno.EINVAL, () -> root.makeSymlink(bad, bytes("x"), -1));
            fails(Errno.EINVAL, () -> root.makeNode(bad, 0100644, 0, 0, -1));
            fails(Errno.EINVAL, () -> root.link(bad, file));
            fails(Errno.EINVAL, () -> root.rename(bytes("file"), root, bad));
            fails(Errno.EINVAL, () -> root.rename(bad, root, bytes("new")));
            fails(Errno.EINVAL, () -> file.renameTo(root, bad));
            fails(Errno.EINVAL, () -> file.renameHere(bad));
            fails(Errno.EINVAL, () -> root.unlink(bad, false));
            fails(Errno.EINVAL, () -> root.unlink(bad, true));
        }
        assertThat(names(root)).containsExactly("file");
    }

    @Test
    @DisplayName("S19 names of 255 bytes work, longer ones are ENAMETOOLONG")
    void longNames() throws Exception {
        String longest = "n".repeat(255);
        file(root, longest, "x").close();
        assertThat(content(root.walk(bytes(longest)))).isEqualTo("x");
        assertThat(names(root)).containsExactly(longest);
        fails(Errno.ENAMETOOLONG, () -> root.walk(bytes("n".repeat(256))));
        fails(Errno.ENAMETOOLONG, () -> root.makeDirectory(bytes("n".repeat(256)), 0755, -1));
        fails(Errno.ENAMETOOLONG, () -> root.create(bytes("n".repeat(60_000)), NEW, 0755, -1));
    }

    @Test
    void walkingWhereNothingIsGivesTheErrorOfStat() throws Exception {
        Node file = file(root, "file", "");
        fails(Errno.ENOENT, () -> root.walk(bytes("none")));
        fails(Errno.ENOTDIR, () -> file.walk(bytes("none")));
        fails(Errno.ENOTDIR, () -> file.makeDirectory(bytes("none"), 0755, -1));
    }

    @Test
    void aFileIsMadeWithExactlyTheModeAskedFor() throws Exception {
        for (int mode : new int[]{0666, 0777, 0640, 0400, 0}) {
            String name = Integer.toOctalString(mode);
            Node.Created made = root.create(bytes("f" + name), NEW, mode, -1);
            assertThat(made.node().attributes().mode()).isEqualTo(0100000 | mode);
            write(made.file(), 0, "may be written by its maker whatever its mode");
            made.file().truncate(3);
            assertThat(read(made.file(), 0, 10)).isEqualTo("may");
            assertThat(root.makeDirectory(bytes("d" + name), mode, -1).attributes().mode()).isEqualTo(0040000 | mode);
            Node plain = root.makeNode(bytes("n" + name), 0100000 | mode, 0, 0, -1);
            assertThat(plain.attributes().mode()).isEqualTo(0100000 | mode);
        }
    }

    @Test
    void creatingWhatIsThereOpensItUnlessItMustBeNew() throws Exception {
        file(root, "file", "content").close();
        fails(Errno.EEXIST, () -> root.create(bytes("file"), NEW, 0600, -1));
        Node.Created there = root.create(bytes("file"), OpenHow.READ, 0600, -1);
        assertThat(read(there.file(), 0, 10)).isEqualTo("content");
        assertThat(there.node().attributes().mode()).isEqualTo(0100644);
        OpenHow cut = new OpenHow(OpenHow.Access.WRITE, false, true, false, false, false);
        assertThat(root.create(bytes("file"), cut, 0600, -1).node().attributes().size()).isZero();
        root.makeDirectory(bytes("directory"), 0755, -1).close();
        fails(Errno.EISDIR, () -> root.create(bytes("directory"), OpenHow.WRITE, 0600, -1));
        fails(Errno.EISDIR, () -> root.create(bytes("directory"), OpenHow.READ, 0600, -1));
    }

    @Test
    @DisplayName("S12 no symbolic link is followed: not in a walk, not at an open, not at a create")
    void linksAreNotFollowed() throws Exception {
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createSymbolicLink(exported.resolve("up"), outside);
        Files.createSymbolicLink(exported.resolve("secret"), outside.resolve("secret"));
        Files.createSymbolicLink(exported.resolve("new"), outside.resolve("new"));
        Node up = root.walk(bytes("up"));
        assertThat(up.id().kind()).isEqualTo(FileId.Kind.SYMLINK);
        fails(Errno.ENOTDIR, () -> up.walk(bytes("secret")));
        fails(Errno.ENOTDIR, () -> up.create(bytes("x"), NEW, 0644, -1));
        fails(Errno.ENOTDIR, () -> up.unlink(bytes("secret"), false));
        fails(Errno.ELOOP, () -> root.walk(bytes("secret")).open(OpenHow.READ));
        fails(Errno.ELOOP, () -> up.open(OpenHow.READ));
        fails(Errno.ELOOP, () -> root.create(bytes("new"), OpenHow.WRITE, 0644, -1));
        fails(Errno.EEXIST, () -> root.create(bytes("new"), NEW, 0644, -1));
        fails(Errno.EINVAL, () -> root.walk(bytes("secret")).change(AttributeChange.size(0)));
        fails(Errno.EOPNOTSUPP, () -> root.walk(bytes("secret")).change(AttributeChange.mode(0777)));
        assertThat(outside.resolve("new")).doesNotExist();
        assertThat(outside.resolve("secret")).hasContent("secret");
    }

    @Test
    void aSymbolicLinkSaysWhereItPoints() throws Exception {
        Node link = root.makeSymlink(bytes("link"), bytes("../no/such thing"), -1);
        assertThat(text(link.readLink())).isEqualTo("../no/such thing");
        assertThat(link.attributes().size()).isEqualTo(16);
        fails(Errno.EINVAL, () -> file(root, "file", "").readLink());
        fails(Errno.EEXIST, () -> root.makeSymlink(bytes("link"), bytes("x"), -1));
        fails(Errno.ENOENT, () -> root.makeSymlink(bytes("empty"), bytes(""), -1));
    }

    @Test
    @DisplayName("S15 two names of one file are one file")
    void hardLinks() throws Exception {
        Node file = file(root, "one", "x");
        root.link(bytes("two"), file);
        assertThat(root.walk(bytes("two")).id()).isEqualTo(file.id());
        assertThat(file.attributes().links()).isEqualTo(2);
        fails(Errno.EEXIST, () -> root.link(bytes("two"), file));
        fails(Errno.EPERM, () -> root.link(bytes("three"), root.makeDirectory(bytes("directory"), 0755, -1)));
        root.link(bytes("link2"), root.makeSymlink(bytes("link"), bytes("one"), -1));
        assertThat(root.walk(bytes("link2")).id().kind()).isEqualTo(FileId.Kind.SYMLINK);
    }

    @Test
    @DisplayName("S7 a rename is seen by nodes at and below the renamed entry")
    void renamesAreSeenBelow() throws Exception {
        Node from = root.makeDirectory(bytes("from"), 0755, -1);
        Node to = root.makeDirectory(bytes("to"), 0755, -1);
        Node middle = from.makeDirectory(bytes("middle"), 0755, -1);
        Node file = file(middle, "file", "x");
        Node sameFile = root.walk(bytes("from")).walk(bytes("middle")).walk(bytes("file"));
        from.rename(bytes("middle"), to, bytes("moved"));
        assertThat(text(middle.name())).isEqualTo("moved");
        assertThat(middle.parent().id()).isEqualTo(to.id());
        file.renameTo(root, bytes("top"));
        assertThat(text(sameFile.name())).isEqualTo("top");
        assertThat(sameFile.parent().id()).isEqualTo(root.id());
        sameFile.renameHere(bytes("again"));
        assertThat(text(file.name())).isEqualTo("again");
        file.remove();
        assertThat(names(root)).containsExactlyInAnyOrder("from", "to");
        assertThat(names(middle)).isEmpty();
    }

    @Test
    void aRenameReplacesWhatRenameReplaces() throws Exception {
        Node full = root.makeDirectory(bytes("full"), 0755, -1);
        file(full, "x", "").close();
        root.makeDirectory(bytes("empty"), 0755, -1).close();
        Node file = file(root, "file", "new");
        file(root, "old", "old").close();
        root.rename(bytes("file"), root, bytes("old"));
        assertThat(content(root.walk(bytes("old")))).isEqualTo("new");
        assertThat(text(file.name())).isEqualTo("old");
        fails(Errno.EISDIR, () -> root.rename(bytes("old"), root, bytes("empty")));
        fails(Errno.ENOTDIR, () -> root.rename(bytes("empty"), root, bytes("old")));
        fails(Errno.ENOTEMPTY, () -> root.rename(bytes("empty"), root, bytes("full")));
        fails(Errno.EINVAL, () -> root.rename(bytes("full"), full, bytes("inside")));
        fails(Errno.ENOENT, () -> root.rename(bytes("none"), root, bytes("any")));
        root.rename(bytes("full"), root, bytes("empty"));
        assertThat(names(root)).containsExactlyInAnyOrder("old", "empty");
    }

    @Test
    void renamingInPlaceReplacesNothing() throws Exception {
        Node file = file(root, "file", "");
        file(root, "taken", "").close();
        fails(Errno.EEXIST, () -> file.renameHere(bytes("taken")));
        file.renameHere(bytes("file"));
        file.renameHere(bytes("free"));
        assertThat(names(root)).containsExactlyInAnyOrder("free", "taken");
        fails(Errno.EBUSY, () -> root.renameHere(bytes("x")));
    }

    @Test
    void removingTellsDirectoriesFromTheRest() throws Exception {
        Node directory = root.makeDirectory(bytes("directory"), 0755, -1);
        Node file = file(directory, "file", "");
        fails(Errno.EISDIR, () -> root.unlink(bytes("directory"), false));
        fails(Errno.ENOTDIR, () -> directory.unlink(bytes("file"), true));
        fails(Errno.ENOTEMPTY, () -> root.unlink(bytes("directory"), true));
        fails(Errno.ENOTEMPTY, directory::remove);
        fails(Errno.ENOENT, () -> root.unlink(bytes("none"), false));
        fails(Errno.EBUSY, root::remove);
        file.remove();
        directory.remove();
        assertThat(names(root)).isEmpty();
    }

    @Test
    @DisplayName("S6 a new file of the same name is another file")
    void aNodeIsNotItsName() throws Exception {
        Node old = file(root, "file", "old");
        root.unlink(bytes("file"), false);
        file(root, "file", "new").close();
        assertThat(old.attributes().links()).isZero();
        fails(Errno.ESTALE, old::remove);
        fails(Errno.ESTALE, () -> old.renameTo(root, bytes("x")));
        assertThat(content(root.walk(bytes("file")))).isEqualTo("new");
    }

    @Test
    void aChangeChangesWhatItNamesAndNothingElse() throws Exception {
        Node file = file(root, "file", "content");
        Attributes before = file.attributes();
        file.change(AttributeChange.NONE);
        file.change(AttributeChange.mode(0751));
        assertThat(file.attributes().mode()).isEqualTo(0100751);
        assertThat(file.attributes().size()).isEqualTo(7);
        file.change(AttributeChange.size(3));
        assertThat(content(file)).isEqualTo("con");
        file.change(AttributeChange.size(5));
        assertThat(content(file)).isEqualTo("con\0\0");
        assertThat(file.attributes().uid()).isEqualTo(before.uid());
        assertThat(file.attributes().birth()).isEqualTo(before.birth());
        Attributes.Time time = new Attributes.Time(1_000_000_000, 123_456_000);
        file.change(times(Optional.of(new NewTime.At(time)), Optional.empty()));
        assertThat(file.attributes().access()).isEqualTo(time);
        assertThat(file.attributes().modification()).isNotEqualTo(time);
        file.change(times(Optional.of(new NewTime.Now()), Optional.of(new NewTime.At(time))));
        assertThat(file.attributes().modification()).isEqualTo(time);
        assertThat(file.attributes().access()).isNotEqualTo(time);
    }

    @Test
    @DisplayName("S16 sizes and times that cannot be are refused")
    void impossibleChanges() throws Exception {
        Node file = file(root, "file", "content");
        fails(Errno.EINVAL, () -> file.change(AttributeChange.size(-1)));
        fails(Errno.EINVAL, () -> file.change(AttributeChange.size(Long.MIN_VALUE)));
        fails(Errno.EFBIG, () -> file.change(AttributeChange.size(Long.MAX_VALUE)));
        fails(Errno.EISDIR, () -> root.change(AttributeChange.size(0)));
        for (int wrong : new int[]{1_000_000_000, -1, (1 << 30) - 1}) {
            NewTime at = new NewTime.At(new Attributes.Time(0, wrong));
            fails(Errno.EINVAL, () -> file.change(times(Optional.of(at), Optional.empty())));
        }
        assertThat(content(file)).isEqualTo("content");
    }

    private static AttributeChange times(Optional<NewTime> access, Optional<NewTime> modification) {
        return new AttributeChange(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalLong.empty(),
                access, modification);
    }

    @Test
    @DisplayName("S11 above the root is the root")
    void parents() throws Exception {
        Node directory = root.makeDirectory(bytes("directory"), 0755, -1);
        Node file = file(directory, "file", "");
        assertThat(file.parent().id()).isEqualTo(directory.id());
        assertThat(directory.parent().id()).isEqualTo(root.id());
        assertThat(root.parent().id()).isEqualTo(root.id());
        assertThat(root.name()).isEmpty();
    }

    @Test
    void anExportThatVanishesGivesErrorsUntilItIsThereAgain() throws Exception {
        Files.delete(exported);
        fails(Errno.ENOENT, () -> root.walk(bytes("x")));
        fails(Errno.ENOENT, () -> root.makeDirectory(bytes("x"), 0755, -1));
        fails(Errno.ESTALE, () -> tree.root(Caller.SELF));
        assertThat(tree.trouble()).hasValueSatisfying(why -> assertThat(why).contains(exported.toString()));
        Files.createDirectory(exported);
        Files.writeString(exported.resolve("back"), "");
        try (Node again = tree.root(Caller.SELF)) {
            assertThat(names(again)).containsExactly("back");
        }
        assertThat(tree.trouble()).isEmpty();
    }

    @Test
    void anExportMustBeADirectoryThatIsThere() throws Exception {
        Path file = Files.writeString(temporary.resolve("file"), "");
        fails(Errno.ENOTDIR, () -> backend.open(file));
        fails(Errno.ENOENT, () -> backend.open(temporary.resolve("none")));
    }

    @Test
    void nodesOfAnotherTreeAreOnAnotherDevice() throws Exception {
        Path second = Files.createDirectory(temporary.resolve("second"));
        try (FileTree other = backend.open(second); Node otherRoot = other.root(Caller.SELF)) {
            Node file = file(root, "file", "");
            fails(Errno.EXDEV, () -> root.rename(bytes("file"), otherRoot, bytes("file")));
            fails(Errno.EXDEV, () -> file.renameTo(otherRoot, bytes("file")));
            fails(Errno.EXDEV, () -> otherRoot.link(bytes("file"), file));
        }
    }

    @Test
    void aClosedNodeIsRefusedAndItsDuplicateIsNot() throws Exception {
        Node file = file(root, "file", "x");
        try (Node other = file.duplicate(); OpenFile open = file.open(OpenHow.READ)) {
            file.close();
            file.close();
            fails(Errno.EBADF, () -> file.open(OpenHow.READ));
            fails(Errno.EBADF, () -> file.walk(bytes("x")));
            assertThat(content(other)).isEqualTo("x");
            assertThat(read(open, 0, 1)).isEqualTo("x");
        }
    }

    @Test
    void spaceIsToldInBlocks() throws Exception {
        SpaceStatus space = root.space();
        assertThat(space.blockSize()).isPositive();
        assertThat(space.blocks() * space.blockSize()).isEqualTo(Files.getFileStore(exported).getTotalSpace());
        assertThat(space.nameLength()).isEqualTo(255);
    }
}
