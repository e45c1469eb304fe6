package dev.ninetunnel.testing;

import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rgetlock;
import dev.ninetunnel.wire.message.Rlock;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tgetlock;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Twalk;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** A 9P2000.L client that locks, as the kernel of a machine named {@code twin} would for its process 7. */
public final class LockingClient implements AutoCloseable {
    /** Kinds of lock, as 9P2000.L numbers them. */
    public static final int READ = 0;
    /** See {@link #READ}. */
    public static final int WRITE = 1;
    /** See {@link #READ}. */
    public static final int UNLOCK = 2;

    private static final int READ_WRITE = 2;
    private static final int UID = 0;
    private static final int PROCESS = 7;
    private static final Text CLIENT = Text.of("twin");

    private final RawNine nine;

    /** Connects to a socket, and attaches. */
    public LockingClient(Path socket, String aname) {
        nine = RawNine.connect(UnixDomainSocketAddress.of(socket));
        nine.handshake(Dialect.LINUX, 8192);
        nine.call(1, new Tattach(0, Frame.NOFID, Text.of("root"), Text.of(aname), OptionalInt.of(UID)), Rattach.class);
    }

    /** Opens a file under this fid. */
    public void open(int fid, String name) {
        nine.call(1, new Twalk(0, fid, List.of(Text.of(name))), Rwalk.class);
        nine.call(1, new Tlopen(fid, READ_WRITE), Rlopen.class);
    }

    /** Whether the whole file could be locked or unlocked. */
    public boolean lock(int fid, int kind) {
        return nine.call(1, new Tlock(fid, kind, 0, 0, 0, PROCESS, CLIENT), Rlock.class).status() == 0;
    }

    /** Who keeps it from a lock for writing on the whole file. */
    public Rgetlock conflict(int fid) {
        return nine.call(1, new Tgetlock(fid, WRITE, 0, 0, PROCESS, CLIENT), Rgetlock.class);
    }

    /** Ends a fid. */
    public void clunk(int fid) {
        nine.call(1, new Tclunk(fid), Rclunk.class);
    }

    @Override
    public void close() {
        nine.close();
    }
}
