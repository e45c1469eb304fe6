package dev.ninetunnel.fuse.kernel;

import dev.ninetunnel.errno.Errno;
import io.netty.buffer.ByteBuf;

/** FUSE_INIT, the first request: what the kernel and this file system agree on. */
public final class Negotiation {
    /** The version that is spoken; the kernel may speak a newer one, and keeps to this. */
    private static final int MAJOR = 7;
    private static final int MINOR = 31;
    /** Linux 6.16. */
    private static final int FIRST_WITH_EPOCHS = 44;
    public static final int PAGE = 4096;
    /** The most that the kernel hands over at a time, in pages of a MiB. */
    private static final int MOST_DATA = 1 << 20;
    private static final int REQUESTS_AT_ONCE = 128;

    private static final int ASYNC_READ = 1;
    private static final int POSIX_LOCKS = 1 << 1;
    private static final int BIG_WRITES = 1 << 5;
    private static final int FLOCK_LOCKS = 1 << 10;
    private static final int AUTO_INVAL_DATA = 1 << 12;
    private static final int DO_READDIRPLUS = 1 << 13;
    private static final int READDIRPLUS_AUTO = 1 << 14;
    private static final int ASYNC_DIO = 1 << 15;
    private static final int PARALLEL_DIROPS = 1 << 18;
    private static final int MAX_PAGES = 1 << 22;
    private static final int HANDLE_KILLPRIV_V2 = 1 << 28;
    /**
     * AUTO_INVAL_DATA: cached data go when the server's time or size of the file have changed. HANDLE_KILLPRIV_V2: the kernel does not
     * ask for the attribute {@code security.capability} before each write, and leaves it to {@code fuse.SetIds} what a write takes away.
     */
    private static final int WANTED = ASYNC_READ | POSIX_LOCKS | BIG_WRITES | FLOCK_LOCKS | AUTO_INVAL_DATA
            | DO_READDIRPLUS | READDIRPLUS_AUTO | ASYNC_DIO | PARALLEL_DIROPS | MAX_PAGES | HANDLE_KILLPRIV_V2;

    private final int data;
    private final boolean locks;
    private volatile int kernelMinor;

    /**
     * What a server can do.
     *
     * @param bytes the most data that one message of the server carries
     * @param locks whether it has locks; else the kernel has them for the programs on this mount
     */
    public Negotiation(int bytes, boolean locks) {
        this.data = Math.min(MOST_DATA, bytes & -PAGE);
        this.locks = locks;
    }

    /** Whether the kernel can be told in one notice that it may not keep any names ({@code FUSE_NOTIFY_INC_EPOCH}). */
    public boolean hasEpochs() {
        return kernelMinor >= FIRST_WITH_EPOCHS;
    }

    /** The most bytes of a read, which one message of the server carries; a multiple of a page. */
    public int data() {
        return data;
    }

    /** What the memory for one request has to hold: the largest write, which goes to the server in pieces, with its headers. */
    public int requestBytes() {
        return MOST_DATA + PAGE;
    }

    /**
     * Reads {@code major[4] minor[4] max_readahead[4] flags[4] ...} and answers by {@code struct fuse_init_out}:
     *
     * <pre>
     *   major[4] minor[4] max_readahead[4] flags[4] max_background[2] congestion_threshold[2] max_write[4] time_gran[4]
     *       max_pages[2] map_alignment[2] flags2[4] max_stack_depth[4] request_timeout[2] unused[22]
     * </pre>
     */
    public ByteBuf answer(ByteBuf asked) {
        int major = asked.readIntLE();
        int minor = asked.readIntLE();
        if (major != MAJOR || minor < MINOR) {
            throw new FuseException(Errno.EPROTO);
        }
        kernelMinor = minor;
        int readAhead = asked.readIntLE();
        int offered = asked.readIntLE();
        return Replies.buffer(64).writeIntLE(MAJOR).writeIntLE(MINOR).writeIntLE(readAhead)
                .writeIntLE(offered & (locks ? WANTED : WANTED & ~(POSIX_LOCKS | FLOCK_LOCKS)))
                .writeShortLE(REQUESTS_AT_ONCE).writeShortLE(REQUESTS_AT_ONCE * 3 / 4)
                .writeIntLE(MOST_DATA).writeIntLE(1).writeShortLE(MOST_DATA / PAGE).writeZero(34);
    }
}
