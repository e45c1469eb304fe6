package dev.ninetunnel.serve.tree;

import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of what is read from a file. Used by one worker. */
final class Checksum {
    private static final int BLOCK = 128 << 10;

    private final MessageDigest digest;

    Checksum() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Adds what a file has, up to so many bytes of it; says how many that were, which are fewer at its end only. */
    int add(OpenFile file, long offset, int count) throws FsException {
        ByteBuf room = ByteBufAllocator.DEFAULT.directBuffer(Math.min(BLOCK, count));
        try {
            int covered = 0;
            int read = 1;
            while (covered < count && read > 0) {
                ByteBuffer block = room.nioBuffer(0, Math.min(BLOCK, count - covered));
                read = file.read(offset + covered, block);
                digest.update(block.flip());
                covered += read;
            }
            return covered;
        } finally {
            room.release();
        }
    }

    /** Of all that was added. */
    Text done() {
        return Text.of(digest.digest());
    }
}
