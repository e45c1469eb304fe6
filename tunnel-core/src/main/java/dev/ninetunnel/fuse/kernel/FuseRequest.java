package dev.ninetunnel.fuse.kernel;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * A request of the kernel ({@code struct fuse_in_header}):
 *
 * <pre>
 *   len[4] opcode[4] unique[8] nodeid[8] uid[4] gid[4] pid[4] total_extlen[2] padding[2] body
 * </pre>
 *
 * @param unique by which its answer is known
 * @param node the inode that it is about, as it was numbered in an answer; 1 is the root
 * @param body a view of the memory of the thread that reads requests, valid until the method for the request returns
 */
public record FuseRequest(int opcode, long unique, long node, int uid, int gid, int pid, ByteBuf body) {
    public static final int HEADER = 40;

    /** Reads one that is whole, as the kernel hands them over. */
    public static FuseRequest read(ByteBuf in) {
        int length = in.readIntLE();
        int opcode = in.readIntLE();
        long unique = in.readLongLE();
        long node = in.readLongLE();
        int uid = in.readIntLE();
        int gid = in.readIntLE();
        int pid = in.readIntLE();
        in.skipBytes(Integer.BYTES);
        return new FuseRequest(opcode, unique, node, uid, gid, pid, in.readSlice(length - HEADER));
    }

    /** The next string of the body, which ends with a NUL. */
    public Text name() {
        int length = body.bytesBefore((byte) 0);
        byte[] bytes = new byte[length];
        body.readBytes(bytes).skipBytes(1);
        return Text.of(bytes);
    }
}
