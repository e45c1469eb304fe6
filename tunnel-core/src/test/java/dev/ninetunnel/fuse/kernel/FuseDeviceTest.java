package dev.ninetunnel.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.errno.Errno;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The descriptor of a mount. */
class FuseDeviceTest {
    @TempDir
    private Path folder;

    /** An answer may come after the end, when the descriptor's number is another file's. */
    @Test
    void nothingIsWrittenOnceItIsClosed() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        Path at = Files.createDirectory(folder.resolve("mnt"));
        FuseDevice device = FuseDevice.mount(at, List.of("fsname=test"));
        FuseDevice.unmount(at, true);
        device.close();
        List<FileChannel> others = new ArrayList<>();
        ByteBuf answer = Unpooled.directBuffer().writeZero(16);
        try {
            for (int i = 0; i < 8; i++) {
                others.add(FileChannel.open(folder.resolve("other" + i), StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE));
            }
            assertThat(device.write(answer, Unpooled.EMPTY_BUFFER)).isEqualTo(-Errno.ENODEV.number());
            for (FileChannel other : others) {
                assertThat(other.size()).isZero();
            }
        } finally {
            answer.release();
            for (FileChannel other : others) {
                other.close();
            }
        }
    }

    @Test
    void aMountWithoutItsProcessIsDeadAndADirectoryIsNot() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        Path at = Files.createDirectory(folder.resolve("with a space"));
        assertThat(FuseDevice.isDead(at)).isFalse();
        FuseDevice.mount(at, List.of("fsname=test")).close();
        assertThat(FuseDevice.isDead(at)).isTrue();
        FuseDevice.unmount(at, true);
        assertThat(FuseDevice.isDead(at)).isFalse();
    }
}
