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

    /** The kernel goes on showing what it may keep. */
    @Test
    void aMountOfWhichTheKernelStillKnowsSomethingIsDeadWithoutItsProcess() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        Path at = Files.createDirectory(folder.resolve("mnt"));
        FuseDevice device = FuseDevice.mount(at, List.of("fsname=test"));
        device.doNotWait();
        Thread looking = Thread.ofPlatform().start(() -> Files.isDirectory(at));
        ByteBuf request = Unpooled.directBuffer(1 << 21);
        while (looking.isAlive()) {
            int size = device.read(request.memoryAddress(), request.capacity());
            if (size > 0) {
                answer(device, request.setIndex(0, size));
            }
        }
        request.release();
        device.close();
        try {
            assertThat(Files.isDirectory(at)).as("known to the kernel").isTrue();
            assertThat(FuseDevice.isDead(at)).isTrue();
        } finally {
            FuseDevice.unmount(at, true);
        }
    }

    /** {@code len[4] opcode[4] unique[8] nodeid[8] uid[4] gid[4] pid[4] padding[4] ...}: FUSE_INIT, and FUSE_GETATTR of a directory. */
    private static void answer(FuseDevice device, ByteBuf request) {
        ByteBuf body = switch (request.getIntLE(4)) {
            case 26 -> new Negotiation(1 << 16, true).answer(request.slice(40, request.readableBytes() - 40));
            case 3 ->
                Replies.buffer(104).writeLongLE(1000).writeZero(8).writeLongLE(1).writeZero(52).writeIntLE(0040755)
                        .writeIntLE(2).writeZero(20);
            default -> Replies.buffer(0);
        };
        ByteBuf head = Replies.buffer(16).writeIntLE(16 + body.readableBytes())
                .writeIntLE(body.isReadable() ? 0 : -Errno.ENOSYS.number()).writeLongLE(request.getLongLE(8));
        device.write(head, body);
        head.release();
        body.release();
    }
}
