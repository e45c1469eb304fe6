package dev.ninetunnel.fs;

import static dev.ninetunnel.fs.FsTesting.bytes;
import static dev.ninetunnel.fs.FsTesting.fails;
import static dev.ninetunnel.fs.FsTesting.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.OpenFile.Lock;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many ranges may be locked. */
class HeldRangesTest {
    private static final List<Lock.Kind> KINDS = List.of(Lock.Kind.values());

    @TempDir
    Path exported;

    private static boolean lock(OpenFile file, Lock.Kind kind, long start, long length, Object owner, LockRoom room)
            throws FsException {
        return file.lock(new Lock(kind, start, length, owner, 1, room, false));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    @DisplayName("S10 beyond the room for ranges a lock is ENOLCK, and what is dropped makes room")
    void room(Backend backend) throws Exception {
        LockRoom room = new LockRoom(4);
        try (FileTree tree = backend.open(exported); Node root = tree.root(Caller.SELF)) {
            OpenFile file = file(root, "f", "").open(OpenHow.READ_WRITE);
            OpenFile again = root.walk(bytes("f")).open(OpenHow.READ_WRITE);
            for (int i = 0; i < 3; i++) {
                assertThat(lock(file, Lock.Kind.WRITE, i * 10L, 5, "A", room)).isTrue();
            }
            assertThat(lock(again, Lock.Kind.READ, 100, 10, "B", room)).isTrue();
            fails(Errno.ENOLCK, () -> lock(again, Lock.Kind.READ, 200, 1, "B", room));
            fails(Errno.ENOLCK, () -> lock(again, Lock.Kind.UNLOCK, 104, 1, "B", room));
            assertThat(lock(file, Lock.Kind.READ, 0, 5, "A", room)).as("of bytes that it has").isTrue();
            assertThat(lock(file, Lock.Kind.WRITE, 0, 15, "A", room)).as("two become one").isTrue();
            assertThat(room.used()).isEqualTo(3);
            assertThat(lock(again, Lock.Kind.WRITE, 0, 1, "B", room)).as("another is in the way").isFalse();
            assertThat(room.used()).as("nothing is lost to that").isEqualTo(3);
            assertThat(lock(again, Lock.Kind.UNLOCK, 104, 1, "B", room)).isTrue();
            assertThat(lock(file, Lock.Kind.READ, 1000, 1, "unbounded", LockRoom.UNLIMITED)).isTrue();
            file.close();
            assertThat(room.used()).isEqualTo(2);
            again.close();
            assertThat(room.used()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    @DisplayName("S10 the count of ranges comes back to nothing whatever was locked and unlocked")
    void count(Backend backend) throws Exception {
        LockRoom room = new LockRoom(40);
        Random random = new Random(5);
        try (FileTree tree = backend.open(exported);
                Node root = tree.root(Caller.SELF);
                OpenFile file = file(root, "f", "").open(OpenHow.READ_WRITE)) {
            for (int i = 0; i < 3000; i++) {
                Lock.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
                try {
                    lock(file, kind, random.nextInt(200), 1 + random.nextInt(20), "owner " + random.nextInt(3), room);
                } catch (FsException e) {
                    assertThat(Errno.of(e.number())).isEqualTo(Errno.ENOLCK);
                }
                assertThat(room.used()).isBetween(0, 40);
            }
            for (int i = 0; i < 3; i++) {
                lock(file, Lock.Kind.UNLOCK, 0, 0, "owner " + i, room);
            }
            assertThat(room.used()).isZero();
        }
    }
}
