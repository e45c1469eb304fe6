package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.serve.tree.PlainMessages.Mode;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tauth;
import dev.ninetunnel.wire.message.Tchecksum;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tgetlock;
import dev.ninetunnel.wire.message.Tlist;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tlseek;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Treadlink;
import dev.ninetunnel.wire.message.Tstat;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twstat;
import dev.ninetunnel.wire.message.Txattrwalk;

/** What may be asked of a read-only export: a list of what is allowed, and nothing else is (rule S20). */
public final class ReadOnly {
    private ReadOnly() {}

    /**
     * Refuses the rest: with EROFS, and a lock for writing with EBADF, for it is never open for writing, and that is what
     * fcntl(2) says then, and flock(2) on NFS.
     */
    public static void require(Tmessage message) throws FsException {
        if (!allows(message)) {
            throw new FsException(message instanceof Tlock ? Errno.EBADF : Errno.EROFS);
        }
    }

    static boolean allows(Tmessage message) {
        return switch (message) {
            case Tversion t -> true;
            case Tauth t -> true;
            case Tattach t -> true;
            case Tflush t -> true;
            case Twalk t -> true;
            case Tclunk t -> true;
            case Tstatfs t -> true;
            case Tgetattr t -> true;
            case Treadlink t -> true;
            case Treaddir t -> true;
            case Tread t -> true;
            case Tstat t -> true;
            case Txattrwalk t -> true;
            case Tgetlock t -> true;
            case Tlock t -> t.lockType() != LinuxLocks.WRITE;
            case Tfsync t -> true;
            case Tlseek t -> true;
            case Tchecksum t -> true;
            case Tlist t -> true;
            case Tlopen t -> (t.flags() & (LinuxMessages.ACCESS_MODE | LinuxMessages.TRUNCATE)) == 0;
            case Topen t -> (t.mode() & ~Mode.CLOSE_ON_EXEC) == Mode.READ
                    || (t.mode() & ~Mode.CLOSE_ON_EXEC) == Mode.EXECUTE;
            case Twstat t -> StatChange.isSync(t.stat());
            default -> false;
        };
    }
}
