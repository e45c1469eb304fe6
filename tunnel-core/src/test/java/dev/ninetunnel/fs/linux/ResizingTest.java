package dev.ninetunnel.fs.linux;

import static dev.ninetunnel.fs.FsTesting.NEW;
import static dev.ninetunnel.fs.FsTesting.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.testing.InMemory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the event loop does not wait for a file in memory whose size is being changed. */
class ResizingTest {
    private static final OpenHow TRUNCATE = new OpenHow(OpenHow.Access.WRITE, false, true, false, false, false);

    @TempDir(factory = InMemory.class)
    Path dir;

    private final Resizing resizing = new Resizing();
    private LinuxTree tree;
    private Node root;
    private Node.Created made;

    /** What changes the size of a file to nothing. */
    enum Cut {
        OPENING, CHANGE, OPEN_FILE;

        void make(Node node, OpenFile file) throws FsException {
            switch (this) {
                case OPENING -> node.open(TRUNCATE).close();
                case CHANGE -> node.change(AttributeChange.size(0));
                case OPEN_FILE -> file.truncate(0);
            }
        }
    }

    @BeforeEach
    void open() throws FsException {
        tree = LinuxTree.open(dir, new Descriptors(100), resizing);
        root = tree.root(Caller.SELF);
        made = root.create(bytes("f"), NEW, 0644, -1);
    }

    @AfterEach
    void close() {
        made.file().close();
        made.node().close();
        root.close();
        tree.close();
    }

    private int write() throws FsException {
        return made.file().writeAtOnce(0, new ByteBuffer[]{ByteBuffer.allocateDirect(4)});
    }

    @Test
    @DisplayName("while a size is changed, nothing is written at once")
    void notMeanwhile() throws FsException {
        assertThat(write()).isEqualTo(4);
        AtomicReference<Object> meanwhile = new AtomicReference<>();
        resizing.during(Inode.Residence.MEMORY, () -> {
            try {
                meanwhile.set(write());
            } catch (FsException e) {
                meanwhile.set(e);
            }
            return 0;
        });
        assertThat(meanwhile).hasValue(OpenFile.WOULD_WAIT);
        assertThat(write()).isEqualTo(4);
    }

    @Test
    @DisplayName("while a size is changed that is on no file in memory, as on a disk that does not answer, the loop writes on")
    void elsewhere() {
        AtomicReference<Object> meanwhile = new AtomicReference<>();
        resizing.during(Inode.Residence.ELSEWHERE, () -> {
            try {
                meanwhile.set(write());
            } catch (FsException e) {
                meanwhile.set(e);
            }
            return 0;
        });
        assertThat(meanwhile).hasValue(4);
    }

    @ParameterizedTest
    @DisplayName("whatever changes a size begins when the write of the loop has ended")
    @EnumSource(Cut.class)
    void after(Cut cut) throws Exception {
        assertThat(write()).isEqualTo(4);
        long begun = resizing.tryWrite();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread worker = new Thread(() -> {
            try {
                cut.make(made.node(), made.file());
            } catch (FsException e) {
                failure.set(e);
            }
        });
        worker.start();
        while (worker.getState() != Thread.State.WAITING) {
            assertThat(worker.isAlive()).isTrue();
            Thread.onSpinWait();
        }
        assertThat(Files.size(dir.resolve("f"))).isEqualTo(4);
        resizing.endWrite(begun);
        worker.join(TimeUnit.SECONDS.toMillis(60));
        assertThat(worker.isAlive()).isFalse();
        assertThat(failure).hasNullValue();
        assertThat(Files.size(dir.resolve("f"))).isZero();
    }
}
