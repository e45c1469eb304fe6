package dev.ninetunnel.fs.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.DescriptorShare;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has how many of the descriptors that all far sides share. */
class DescriptorSharesTest {
    private static final int CAP = 64;

    @TempDir
    Path dir;

    private final Descriptors descriptors = new Descriptors(CAP);
    private LinuxTree tree;
    private final List<FarSide> all = new ArrayList<>();

    /** What one far side holds. */
    private final class FarSide {
        final DescriptorShare share = new DescriptorShare();
        final Deque<AutoCloseable> held = new ArrayDeque<>();
        final Node root;

        FarSide() throws FsException {
            root = tree.root(Caller.SELF, share);
            all.add(this);
        }

        Node walk(String... names) throws FsException {
            Node at = root.duplicate();
            for (String name : names) {
                try (Node before = at) {
                    at = before.walk(name.getBytes(StandardCharsets.UTF_8));
                }
            }
            held.push(at);
            return at;
        }

        /** How many files of other names it gets until there are no descriptors for it. */
        int walkAll(String prefix) throws IOException {
            for (int i = 0; i < CAP; i++) {
                String name = prefix + i;
                Files.writeString(dir.resolve(name), "");
                try {
                    walk(name);
                } catch (FsException e) {
                    assertThat(e.number()).isEqualTo(Errno.ENFILE.number());
                    return i;
                }
            }
            return CAP;
        }

        void close() {
            held.forEach(FarSide::close);
            held.clear();
            root.close();
        }

        private static void close(AutoCloseable one) {
            try {
                one.close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    @BeforeEach
    void open() throws FsException {
        tree = LinuxTree.open(dir, descriptors, new Resizing());
    }

    @AfterEach
    void nothingIsLeft() {
        all.forEach(FarSide::close);
        all.forEach(one -> assertThat(one.share.used()).isZero());
        tree.close();
        assertThat(descriptors.count()).isZero();
    }

    @Test
    @DisplayName("a peer alone has half of the descriptors, and each further one half of those that are left")
    void halves() throws IOException {
        int before = CAP;
        for (int i = 0; i < 4; i++) {
            FarSide one = new FarSide();
            one.walkAll("f" + i + "-");
            int left = CAP - descriptors.count();
            assertThat(left).as("after %s", i + 1).isBetween(before / 2 - 2, before / 2 + 1);
            before = left;
        }
    }

    @Test
    @DisplayName("two peers who take turns have equal shares, and something is left for a third")
    void turns() throws IOException {
        FarSide a = new FarSide();
        FarSide b = new FarSide();
        boolean more = true;
        for (int i = 0; more; i++) {
            more = false;
            for (FarSide one : List.of(a, b)) {
                String name = i + (one == a ? "a" : "b");
                Files.writeString(dir.resolve(name), "");
                try {
                    one.walk(name);
                    more = true;
                } catch (FsException e) {
                    assertThat(e.number()).isEqualTo(Errno.ENFILE.number());
                }
            }
        }
        assertThat(a.share.used() - b.share.used()).isBetween(-1, 1);
        assertThat(new FarSide().walkAll("c")).isPositive();
    }

    @Test
    @DisplayName("one fid deep down counts with all directories above it, and what two fids hold counts once")
    void depth() throws IOException {
        Files.createDirectories(dir.resolve("a/b/c/d"));
        FarSide one = new FarSide();
        int root = one.share.used();
        one.walk("a", "b", "c", "d");
        assertThat(one.share.used()).isEqualTo(root + 4);
        one.walk("a", "b", "c", "d");
        one.walk("a", "b");
        assertThat(one.share.used()).isEqualTo(root + 4);
    }

    @Test
    @DisplayName("who closes what it held has its share back, whoever else holds the same files still")
    void othersKeep() throws IOException {
        Files.createDirectories(dir.resolve("a/b"));
        FarSide first = new FarSide();
        FarSide other = new FarSide();
        first.walk("a", "b");
        other.walk("a", "b");
        assertThat(first.share.used()).isEqualTo(3);
        assertThat(other.share.used()).isEqualTo(3);
        first.close();
        assertThat(first.share.used()).isZero();
        assertThat(other.share.used()).isEqualTo(3);
        all.remove(first);
    }

    @Test
    @DisplayName("a node that shares its file and is closed at once is taken off")
    void atOnce() throws IOException {
        Files.writeString(dir.resolve("f"), "");
        FarSide one = new FarSide();
        one.walk("f");
        Node again = one.root.walk("f".getBytes(StandardCharsets.UTF_8));
        assertThat(again.closedAtOnce()).isTrue();
        assertThat(one.share.used()).isEqualTo(2);
    }

    @Test
    @DisplayName("open files and owners of locks count, too; renames in between lose none")
    void openAndLocked() throws IOException {
        Files.createDirectories(dir.resolve("a"));
        Files.createDirectories(dir.resolve("b"));
        Files.writeString(dir.resolve("a/f"), "");
        FarSide one = new FarSide();
        Node file = one.walk("a", "f");
        int before = one.share.used();
        OpenFile open = file.open(OpenHow.READ_WRITE);
        one.held.push(open);
        assertThat(one.share.used()).isEqualTo(before + 1);
        assertThat(open.lock(new OpenFile.Lock(OpenFile.Lock.Kind.READ, 0, 1, "owner", 1))).isTrue();
        assertThat(one.share.used()).isEqualTo(before + 2);
        file.renameTo(one.walk("b"), "g".getBytes(StandardCharsets.UTF_8));
        Files.move(dir.resolve("b"), dir.resolve("a/b"));
        file.parent().close();
    }
}
