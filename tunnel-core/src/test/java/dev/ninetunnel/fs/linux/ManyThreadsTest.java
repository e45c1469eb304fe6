package dev.ninetunnel.fs.linux;

import static dev.ninetunnel.fs.FsTesting.NEW;
import static dev.ninetunnel.fs.FsTesting.bytes;
import static dev.ninetunnel.fs.FsTesting.read;
import static dev.ninetunnel.fs.FsTesting.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenFile.Lock;
import dev.ninetunnel.fs.OpenHow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many threads on the same few names: every answer is one that a disk may give, and nothing is left open. */
class ManyThreadsTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 3_000;
    private static final List<Errno> EXPECTED = List.of(Errno.ENOENT, Errno.EEXIST, Errno.ENOTDIR, Errno.EISDIR,
            Errno.ENOTEMPTY, Errno.EINVAL, Errno.ESTALE, Errno.EBUSY, Errno.EBADF);

    @TempDir
    Path exported;
    private final Descriptors descriptors = new Descriptors(5_000);
    /** A node that all threads use and any may close. */
    private final AtomicReference<Node> shared = new AtomicReference<>();

    @Test
    void threadsDoNotConfuseOneAnother() throws Exception {
        try (LinuxTree tree = LinuxTree.open(exported, descriptors, new Resizing());
                Node root = tree.root(Caller.SELF)) {
            shared.set(root.duplicate());
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(i);
                tasks.add(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        attempt(root, random);
                    }
                    return null;
                });
            }
            try (var threads = Executors.newFixedThreadPool(THREADS)) {
                for (Future<Void> done : threads.invokeAll(tasks)) {
                    done.get();
                }
            }
            shared.get().close();
        }
        assertThat(descriptors.count()).isZero();
    }

    private void attempt(Node root, Random random) {
        byte[] name = name(random);
        byte[] other = name(random);
        try (Node directory = directory(root, random)) {
            switch (random.nextInt(10)) {
                case 0 -> directory.makeDirectory(name, 0755, -1).close();
                case 1, 2 -> create(directory, name);
                case 3 -> directory.rename(name, root, other);
                case 4 -> directory.unlink(name, random.nextBoolean());
                case 5 -> through(directory.walk(name), n -> n.renameTo(root, other));
                case 6 -> through(directory.walk(name), Node::remove);
                case 7 -> through(directory.walk(name), n -> {
                    assertThat(n.attributes().id()).isEqualTo(n.id());
                    n.parent().close();
                });
                case 8 -> shared.getAndSet(directory.walk(name)).close();
                default -> {
                    Node node = shared.get();
                    assertThat(node.attributes().id()).isEqualTo(node.id());
                    node.name();
                }
            }
        } catch (FsException e) {
            assertThat(Errno.of(e.number())).isIn(EXPECTED);
        }
    }

    private static Node directory(Node root, Random random) throws FsException {
        return random.nextBoolean() ? root.duplicate() : root.walk(name(random));
    }

    /** What is written comes back, whatever happens to the name. */
    private static void create(Node directory, byte[] name) throws FsException {
        Node.Created made = directory.create(name, NEW, 0644, -1);
        try (Node node = made.node(); OpenFile file = made.file()) {
            write(file, 0, "content");
            assertThat(file.lock(new Lock(Lock.Kind.WRITE, 0, 0, file, 1))).isTrue();
            try (OpenFile again = node.open(OpenHow.READ)) {
                assertThat(read(again, 0, 10)).isEqualTo("content");
            }
        }
    }

    /** What is done with a node that is closed afterwards. */
    private interface Use {
        void with(Node node) throws FsException;
    }

    private static void through(Node node, Use use) throws FsException {
        try (node) {
            use.with(node);
        }
    }

    private static byte[] name(Random random) {
        return bytes("n" + random.nextInt(6));
    }
}
