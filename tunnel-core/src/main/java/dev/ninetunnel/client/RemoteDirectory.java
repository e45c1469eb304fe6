package dev.ninetunnel.client;

import dev.ninetunnel.client.data.BulkWrite;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * A directory of a server that many files are put into or taken from: it is walked to once, and each file is dealt with by one fid. Each method
 * waits for the server. May be used by several threads.
 */
public final class RemoteDirectory implements AutoCloseable {
    private final RpcCalls rpcCalls;
    private final DialectOps dialectOps;
    private final Fid directory;
    private final int gid;
    private final Runnable release;

    RemoteDirectory(RpcCalls rpcCalls, DialectOps dialectOps, Fid directory, int gid, Runnable release) {
        this.rpcCalls = rpcCalls;
        this.dialectOps = dialectOps;
        this.directory = directory;
        this.gid = gid;
        this.release = release;
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
