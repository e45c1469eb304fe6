package dev.ninetunnel.fuse.kernel;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.lease.Notices;
import io.netty.buffer.ByteBuf;

/**
 * Notices to the kernel ({@code struct fuse_out_header} with a code in the place of the error, and no request that it belongs to):
 *
 * <pre>
 *   len[4] code[4] 0[8] body
 * </pre>
 */
public final class KernelNotices implements Notices {
    private static final int HEADER = 16;
    /** {@code FUSE_NOTIFY_INVAL_INODE}: {@code ino[8] off[8] len[8]}. */
    private static final int FILE = 2;
    private static final int FILE_BODY = 24;
    /** {@code FUSE_NOTIFY_STORE}: {@code nodeid[8] offset[8] size[4] padding[4]} and the data. */
    private static final int CONTENT = 4;
    private static final int CONTENT_BODY = 24;
    /** {@code FUSE_NOTIFY_INC_EPOCH}, without a body. */
    private static final int NAMES = 8;
    /** An offset that stands for no data, and the length that stands for all of them. */
    private static final long NO_DATA = -1;
    private static final long TO_THE_END = 0;

    private final FuseDevice device;
    private final Negotiation negotiation;

    public KernelNotices(FuseDevice device, Negotiation negotiation) {
        this.device = device;
        this.negotiation = negotiation;
    }

    @Override
    public boolean tellsNames() {
        return negotiation.hasEpochs();
    }

    @Override
    public void names() {
        ByteBuf notice = notice(NAMES, 0);
        write(notice);
    }

    @Override
    public boolean file(long node, boolean data) {
        ByteBuf notice = notice(FILE, FILE_BODY).writeLongLE(node).writeLongLE(data ? 0 : NO_DATA)
                .writeLongLE(TO_THE_END);
        return write(notice) != -Errno.ENOENT.number();
    }

    @Override
    public boolean content(long node, ByteBuf data) {
        int length = data.readableBytes();
        ByteBuf notice = notice(CONTENT, CONTENT_BODY, length).writeLongLE(node).writeLongLE(0).writeIntLE(length)
                .writeZero(Integer.BYTES);
        return write(notice, data) >= 0;
    }

    private static ByteBuf notice(int code, int body) {
        return notice(code, body, 0);
    }

    private static ByteBuf notice(int code, int body, int data) {
        int length = HEADER + body;
        return Replies.buffer(length).writeIntLE(length + data).writeIntLE(code).writeLongLE(0);
    }

    private int write(ByteBuf notice) {
        return write(notice, Replies.EMPTY);
    }

    private int write(ByteBuf notice, ByteBuf data) {
        try {
            return device.write(notice, data);
        } finally {
            notice.release();
        }
    }
}
