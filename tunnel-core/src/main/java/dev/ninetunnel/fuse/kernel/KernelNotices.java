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

    private static ByteBuf notice(int code, int body) {
        return Replies.buffer(HEADER + body).writeIntLE(HEADER + body).writeIntLE(code).writeLongLE(0);
    }

    private int write(ByteBuf notice) {
        try {
            return device.write(notice, Replies.EMPTY);
        } finally {
            notice.release();
        }
    }
}
