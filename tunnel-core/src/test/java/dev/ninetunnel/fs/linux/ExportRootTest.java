package dev.ninetunnel.fs.linux;

import static dev.ninetunnel.fs.FsTesting.bytes;
import static dev.ninetunnel.fs.FsTesting.content;
import static dev.ninetunnel.fs.FsTesting.fails;
import static dev.ninetunnel.fs.FsTesting.file;
import static dev.ninetunnel.fs.FsTesting.names;
import static dev.ninetunnel.fs.FsTesting.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.linux.ProcessCalls;
import dev.ninetunnel.testing.Mounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * S21 What an export's root is: the directory that was there when the configuration came into force, or a file system that
 * is mounted there now; never what others than root and the endpoint's user have put in its place.
 */
class ExportRootTest {
    @TempDir
    Path temporary;
    private Path parent;
    private Path exported;
    private final Descriptors descriptors = new Descriptors(100);
    private final Roots roots = new Roots();
    private final Mounts mounts = new Mounts();
    private LinuxTree tree;

    @BeforeEach
    void open() throws Exception {
        parent = Files.createDirectory(temporary.resolve("parent"));
        exported = Files.createDirectory(parent.resolve("exported"));
        Files.writeString(exported.resolve("file"), "exported");
    }

    @AfterEach
    void close() throws Exception {
        if (tree != null) {
            tree.close();
        }
        assertThat(descriptors.count()).as("descriptors").isZero();
        mounts.close();
    }

    private void serve() throws FsException {
        tree = serve(exported);
    }

    private LinuxTree serve(Path directory) throws FsException {
        return LinuxTree.open(directory, roots, descriptors, new Resizing());
    }

    /** As whoever attaches now sees it. */
    private String seen() throws FsException {
        try (Node root = tree.root(Caller.SELF); Node file = root.walk(bytes("file"))) {
            return content(file);
        }
    }

    private void isStale(String why) {
        fails(Errno.ESTALE, () -> tree.root(Caller.SELF));
        assertThat(tree.trouble()).hasValueSatisfying(told -> assertThat(told).contains(exported.toString(), why));
    }

    private void anybodyMayWriteIn(Path directory) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private void mountAt(Path where, String content) throws Exception {
        mounts.memory(where);
        Files.writeString(where.resolve("file"), content);
    }

    @Test
    @DisplayName("S21 a symbolic link in the place of the root is not followed, whoever has put it there")
    void link() throws Exception {
        Path secret = Files.createDirectory(temporary.resolve("secret"));
        Files.writeString(secret.resolve("file"), "SECRET");
        serve();
        Files.delete(exported.resolve("file"));
        Files.delete(exported);
        isStale("no directory");
        Files.createSymbolicLink(exported, secret);
        isStale("no directory");
        Files.delete(exported);
        Files.createDirectory(exported);
        Files.writeString(exported.resolve("file"), "made again by its owner");
        assertThat(seen()).isEqualTo("made again by its owner");
        assertThat(tree.trouble()).isEmpty();
    }

    @Test
    @DisplayName("S21 where others may write in the directory above, another directory is not taken for the root, until a "
            + "reload")
    void replaced() throws Exception {
        serve();
        anybodyMayWriteIn(parent);
        Files.move(exported, parent.resolve("moved"));
        isStale("no directory");
        Files.createDirectory(exported);
        Files.writeString(exported.resolve("file"), "another");
        isStale("others than root");
        Runnable reload = tree.lookAnew();
        isStale("others than root");
        reload.run();
        assertThat(seen()).isEqualTo("another");
    }

    @Test
    @DisplayName("S21 a user may put another directory of theirs in the place of one of theirs, but not of somebody else's")
    void replacedByItsOwner() throws Exception {
        assumeTrue(ProcessCalls.uid() == 0, "SKIPPED: only root can give directories away");
        Path roots = Files.createDirectory(parent.resolve("roots"));
        Files.writeString(roots.resolve("file"), "SECRET");
        Path another = Files.createDirectory(parent.resolve("another"));
        Files.writeString(another.resolve("file"), "another");
        for (Path given : List.of(parent, exported, another)) {
            Files.setAttribute(given, "unix:uid", 12345);
        }
        serve();
        Files.move(exported, parent.resolve("first"));
        Files.move(another, exported);
        assertThat(seen()).isEqualTo("another");
        Files.move(exported, another);
        Files.move(roots, exported);
        isStale("others than root");
    }

    @Test
    @DisplayName("S21 a root that is moved away and back is itself; what was held goes on meanwhile")
    void moved() throws Exception {
        serve();
        anybodyMayWriteIn(parent);
        try (Node held = tree.root(Caller.SELF)) {
            Files.move(exported, temporary.resolve("moved"));
            isStale("no directory");
            assertThat(names(held)).containsExactly("file");
            Files.move(temporary.resolve("moved"), exported);
            assertThat(seen()).isEqualTo("exported");
            try (Node again = tree.root(Caller.SELF); Node file = again.walk(bytes("file"))) {
                held.link(bytes("link"), file);
            }
        }
    }

    @Test
    @DisplayName("S21 a directory made anew with the number of the old one is another")
    void numberUsedAgain() throws Exception {
        serve();
        anybodyMayWriteIn(parent);
        Files.delete(exported.resolve("file"));
        Files.delete(exported);
        Files.createDirectory(exported);
        isStale("others than root");
    }

    @Test
    @DisplayName("S21 with nobody attached an exported disk can be unmounted; the bare directory below is not served")
    void unmounted() throws Exception {
        mountAt(exported, "disk");
        serve();
        assertThat(seen()).isEqualTo("disk");
        assertThat(descriptors.count()).isZero();
        mounts.unmount(exported);
        isStale("mounted");
        mountAt(exported, "other disk");
        assertThat(seen()).isEqualTo("other disk");
        mounts.unmount(exported);
        isStale("mounted");
        tree.lookAnew().run();
        assertThat(seen()).isEqualTo("exported");
    }

    @Test
    @DisplayName("S21 a disk mounted later is seen by new attaches alone, and when it is gone what was there before is")
    void mountedLater() throws Exception {
        serve();
        try (Node held = tree.root(Caller.SELF)) {
            mountAt(exported, "disk");
            assertThat(seen()).isEqualTo("disk");
            try (Node file = held.walk(bytes("file")); Node root = tree.root(Caller.SELF)) {
                assertThat(content(file)).isEqualTo("exported");
                fails(Errno.EXDEV, () -> root.link(bytes("link"), file));
                fails(Errno.EXDEV, () -> held.rename(bytes("file"), root, bytes("file")));
            }
            mounts.unmount(exported);
            assertThat(seen()).isEqualTo("exported");
        }
    }

    @Test
    @DisplayName("S21 after umount -l and another disk, new attaches see that one, and what was held stays on the old one")
    void changedDisk() throws Exception {
        mountAt(exported, "old disk");
        serve();
        try (Node held = tree.root(Caller.SELF);
                Node file = held.walk(bytes("file"));
                OpenFile open = file.open(OpenHow.READ)) {
            mounts.detach(exported);
            mountAt(exported, "new disk");
            assertThat(seen()).isEqualTo("new disk");
            assertThat(content(file)).isEqualTo("old disk");
            assertThat(read(open, 0, 100)).isEqualTo("old disk");
            try (Node now = tree.root(Caller.SELF); Node other = now.walk(bytes("file"))) {
                assertThat(other.id()).isNotEqualTo(file.id());
                assertThat(content(other)).isEqualTo("new disk");
            }
        }
    }

    @Test
    @DisplayName("S21 a disk mounted above the root brings its own directory, which then is the one that is known")
    void mountedAbove() throws Exception {
        serve();
        mounts.memory(parent);
        anybodyMayWriteIn(parent);
        isStale("no directory");
        Files.createDirectory(exported);
        Files.writeString(exported.resolve("file"), "disk");
        assertThat(seen()).isEqualTo("disk");
        Files.move(exported, parent.resolve("moved"));
        Files.createDirectory(exported);
        isStale("others than root");
        mounts.unmount(parent);
        assertThat(seen()).isEqualTo("exported");
    }

    @Test
    @DisplayName("S21 a disk that was mounted elsewhere is not taken for the one that was here, when others rename what is above")
    void parentsSwapped() throws Exception {
        anybodyMayWriteIn(temporary);
        mountAt(exported, "disk");
        Path other = Files.createDirectories(temporary.resolve("other/exported"));
        mountAt(other, "SECRET");
        serve();
        assertThat(seen()).isEqualTo("disk");
        Files.move(parent, temporary.resolve("aside"));
        Files.move(temporary.resolve("other"), parent);
        isStale("others than root");
        Files.move(parent, temporary.resolve("other"));
        Files.move(temporary.resolve("aside"), parent);
        assertThat(seen()).isEqualTo("disk");
    }

    @Test
    @DisplayName("S21 a file system whose daemon has died gives its error, and its successor is served")
    void deadDaemon() throws Exception {
        mounts.dead(exported);
        mounts.detach(exported);
        mountAt(exported, "daemon");
        serve();
        assertThat(seen()).isEqualTo("daemon");
        mounts.detach(exported);
        mounts.dead(exported);
        fails(Errno.ENOTCONN, () -> tree.root(Caller.SELF));
        mounts.detach(exported);
        mountAt(exported, "next daemon");
        assertThat(seen()).isEqualTo("next daemon");
    }

    @Test
    @DisplayName("S21 a path through a symbolic link that others can replace is not exported")
    void linksOfOthers() throws Exception {
        Path link = Files.createSymbolicLink(parent.resolve("link"), exported);
        serve(link).close();
        anybodyMayWriteIn(parent);
        assertThatThrownBy(() -> serve(link)).isInstanceOf(FsException.class)
                .hasMessageContaining("symbolic link " + link);
        assertThatThrownBy(() -> serve(link.resolve("../exported"))).hasMessageContaining("symbolic link " + link);
        Files.setAttribute(parent, "unix:mode", 01777);
        tree = serve(link);
        assertThat(seen()).as("in a sticky directory, root's own").isEqualTo("exported");
        if (ProcessCalls.uid() == 0) {
            Files.setAttribute(link, "unix:uid", 12345, java.nio.file.LinkOption.NOFOLLOW_LINKS);
            assertThatThrownBy(() -> serve(link)).hasMessageContaining("symbolic link " + link);
        }
    }

    @Test
    @DisplayName("S21 a path through a symbolic link within another export is not exported, in whatever order they come")
    void linksOfPeers() throws Exception {
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        Path inner = Files.createSymbolicLink(exported.resolve("inner"), elsewhere);
        tree = serve(inner);
        assertThatThrownBy(() -> serve(exported)).hasMessageContainingAll(inner.toString(), exported.toString());
        tree.close();
        tree = serve(exported);
        assertThatThrownBy(() -> serve(inner)).hasMessageContainingAll(inner.toString(), exported.toString());
        serve(elsewhere).close();
    }

    @Test
    @DisplayName("S21 many attaches to one directory are of one tree, and the last to go closes it")
    void oneTree() throws Exception {
        serve();
        Node one = tree.root(Caller.SELF);
        Node two = tree.root(Caller.SELF);
        assertThat(descriptors.count()).isEqualTo(1);
        file(one, "made", "x").close();
        two.rename(bytes("made"), one, bytes("renamed"));
        assertThat(List.copyOf(names(two))).contains("renamed");
        one.close();
        two.close();
        assertThat(descriptors.count()).isZero();
        assertThat(seen()).isEqualTo("exported");
    }
}
