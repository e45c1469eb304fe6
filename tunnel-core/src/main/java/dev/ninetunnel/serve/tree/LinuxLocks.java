package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.LockRoom;
import dev.ninetunnel.fs.OpenFile.Lock;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rgetlock;
import dev.ninetunnel.wire.message.Rlock;
import dev.ninetunnel.wire.message.Tgetlock;
import dev.ninetunnel.wire.message.Tlock;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Locks on ranges of bytes (rule S10). No lock waits here: the far side is told that it is blocked and asks again. An owner is a
 * process of a client of this conversation. As each range takes memory, here and in the kernel, their number is capped
 * (ENOLCK). Called on workers, for one conversation.
 */
final class LinuxLocks {
    /** The number of {@link Lock.Kind#WRITE}. */
    static final int WRITE = 1;

    private static final int SUCCESS = 0;
    private static final int BLOCKED = 1;
    private static final int LONGEST_CLIENT = 1024;
    /** In the order of their numbers in 9P2000.L. */
    private static final List<Lock.Kind> KINDS = List.of(Lock.Kind.READ, Lock.Kind.WRITE, Lock.Kind.UNLOCK);

    private final LockRoom room;

    /** With the most ranges to lock at a time. */
    LinuxLocks(int most) {
        this.room = new LockRoom(most);
    }

    /** Of a lock; the conversation is compared by identity. */
    private record Owner(LinuxLocks conversation, Text client, int process) {}

    ByteBuf lock(TreeRequest r, Tlock t) throws FsException {
        Lock lock = lock(r, t.lockType(), t.start(), t.length(), t.procId(), t.clientId());
        return r.reply(new Rlock(r.fid.opened().file().lock(lock) ? SUCCESS : BLOCKED));
    }

    /**
     * What is in the way. Linux sends the type of an unlocked range, whatever its program asked (v9fs_file_getlock in
     * fs/9p): any lock of another is an answer to that. SQLite cannot open its write-ahead log without one.
     */
    ByteBuf conflict(TreeRequest r, Tgetlock t) throws FsException {
        int unlocked = KINDS.indexOf(Lock.Kind.UNLOCK);
        int type = t.lockType() == unlocked ? KINDS.indexOf(Lock.Kind.WRITE) : t.lockType();
        Lock asked = lock(r, type, t.start(), t.length(), t.procId(), t.clientId());
        Lock found = r.fid.opened().file().conflict(asked);
        if (found == null) {
            return r.reply(
                    new Rgetlock(unlocked, t.start(), t.length(), t.procId(), t.clientId()));
        }
        Text client = found.owner() instanceof Owner owner ? owner.client : Text.EMPTY;
        return r.reply(
                new Rgetlock(KINDS.indexOf(found.kind()), found.start(), found.length(), found.process(), client));
    }

    private Lock lock(TreeRequest r, int type, long start, long length, int process, Text client) throws FsException {
        boolean endless = length == 0;
        if (type >= KINDS.size() || start < 0 || length < 0 || (!endless && start + length - 1 < 0)
                || client.length() > LONGEST_CLIENT) {
            throw new FsException(Errno.EINVAL);
        }
        return new Lock(KINDS.get(type), start, length, new Owner(this, client, process), process, room,
                r.fid.area.readOnly());
    }
}
