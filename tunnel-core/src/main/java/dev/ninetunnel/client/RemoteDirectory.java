package dev.ninetunnel.client;

import dev.ninetunnel.client.data.BulkWrite;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rput;
import dev.ninetunnel.wire.message.Tput;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * A directory of a server that many files are put into or taken from: it is walked to once, and each file is dealt with by one fid. Each method
 * waits for the server. May be used by several threads.
 */
public final class RemoteDirectory implements AutoCloseable {
    /** Files of up to so many bytes may be put by one request. */
    public static final int MOST_AT_ONCE = 64 << 10;
    /** What a Tput has beside names and data. */
    private static final int PUT_HEADER = Frame.HEADER + 4 + 2 + 2 + 3 * 4 + 2 * 8 + 4;

    private final RpcCalls rpcCalls;
    private final DialectOps dialectOps;
    private final Fid directory;
    private final int gid;
    private final Runnable release;
    private volatile boolean putsWhole;

    RemoteDirectory(RpcCalls rpcCalls, DialectOps dialectOps, Fid directory, int gid, Runnable release) {
        this.rpcCalls = rpcCalls;
        this.dialectOps = dialectOps;
        this.directory = directory;
        this.gid = gid;
        this.release = release;
        this.putsWhole = rpcCalls.client().extended();
    }

    /**
     * Makes a file of a name that nobody has, with all that a source has; its zeros that fill whole blocks are holes.
     *
     * @param size how many bytes that will be, for the progress
     * @param unkept hears where the server does not keep permissions and times
     * @return how many bytes that were
     */
    public long make(Text name, Source source, int permissions, Instant modified, long size, Progress progress,
            Consumer<RefusedException> unkept) throws IOException {
        try (Fid file = rpcCalls.walk(directory, List.of())) {
            DialectOps.Opened made = rpcCalls.wait(
                    () -> dialectOps.create(file.number(), name, RemoteFiles.WRITE_ONLY, permissions, gid));
            file.nowIs(made.qid());
            long written = new BulkWrite(rpcCalls.client(), file.number(), 0, rpcCalls.client().chunk(made.iounit()),
                    size, source, true, progress).run();
            try {
                rpcCalls.wait(() -> dialectOps
                        .setAttributes(RemoteFiles.attributes(file.number(), permissions, modified), false));
            } catch (RefusedException e) {
                unkept.accept(e);
            }
            file.clunk();
            return written;
        }
    }

    /**
     * Puts a file here by one request, if the server takes that.
     *
     * @param temporary the name that it has until it is whole, which nobody has
     * @param replaces whether it takes the place of what may have its name
     * @return whether it is there; if not, all is as it was
     */
    public boolean put(Text name, Text temporary, boolean replaces, byte[] content, int permissions, Instant modified)
            throws IOException {
        int size = PUT_HEADER + name.length() + temporary.length() + content.length;
        if (!putsWhole || size > rpcCalls.client().msize()) {
            return false;
        }
        Tput request = new Tput(directory.number(), name, temporary, replaces ? 0 : Tput.NO_REPLACE, permissions, gid,
                modified.getEpochSecond(), modified.getNano(), Unpooled.wrappedBuffer(content));
        try {
            rpcCalls.call(request, Rput.class);
            return true;
        } catch (RefusedException e) {
            if (e.is(Errno.EOPNOTSUPP) || e.is(Errno.ENOSYS) || e.is(Errno.EINVAL) || e.is(Errno.EPERM)) {
                putsWhole = false; // a server from before this message, or a disk that cannot, such as one without permissions
            }
            return false;
        }
    }

    /** Gives a file another name, and replaces what has that. */
    public void rename(Text from, Text to) throws IOException {
        rpcCalls.wait(() -> dialectOps.rename(new DialectOps.Place(directory.number(), from),
                new DialectOps.Place(directory.number(), to), true));
    }

    @Override
    public void close() {
        release.run();
        directory.close();
    }
}
