package dev.ninetunnel.model;

import static dev.ninetunnel.model.Refused.check;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.testing.Libc;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rgetlock;
import dev.ninetunnel.wire.message.Rlock;
import dev.ninetunnel.wire.message.Tgetlock;
import dev.ninetunnel.wire.message.Tlock;
import java.util.concurrent.CompletableFuture;

/**
 * Locks of ranges (rule S10), by a process of its own for each fid; on the disk, by open-file-description locks of a
 * description of its own for each slot. They end with the fid.
 */
sealed interface LockStep extends Step {
    int UNLOCK = 2;
    Text CLIENT = Text.of("model");

    /** What the protocol refuses, whatever the file. */
    private static Disk.Slot slot(Disk disk, int fid, int type, long start, long length) throws Refused {
        Disk.Slot slot = disk.bound(fid);
        if (type > UNLOCK || start < 0 || length < 0 || (length > 0 && start + length - 1 < 0)) {
            throw new Refused(Errno.EINVAL);
        }
        if (slot.open < 0) {
            throw new Refused(Errno.EBADF);
        }
        return slot;
    }

    record Lock(int fid, int type, long start, long length) implements LockStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            Tlock request = new Tlock(wire.fid(fid), type, 0, start, length, wire.fid(fid), CLIENT);
            return wire.ask(request, reply -> ((Rlock) reply).status() == 0 ? "locked" : "blocked");
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot slot = slot(disk, fid, type, start, length);
            if (slot.lock < 0) {
                if (type == UNLOCK) {
                    return "locked"; // there is nothing to unlock
                }
                slot.lock = opened(disk.libc, slot.fd, type);
            }
            int result = disk.libc.lock(slot.lock, Libc.SET_LOCK, type, start, length);
            if (result == -Errno.EAGAIN.number()) {
                return "blocked";
            }
            check(result);
            return "locked";
        }

        /** For both kinds of lock if that may be, else for the one that is asked for. */
        private static int opened(Libc libc, int fd, int type) throws Refused {
            int both = libc.reopen(fd, 2);
            int one = both >= 0 ? both : libc.reopen(fd, type);
            if (one < 0) {
                throw new Refused(Errno.EBADF);
            }
            return one;
        }
    }

    record Ask(int fid, int type, long start, long length) implements LockStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            Tgetlock request = new Tgetlock(wire.fid(fid), type, start, length, wire.fid(fid), CLIENT);
            return wire.ask(request, reply -> words(((Rgetlock) reply).lockType() == UNLOCK));
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot slot = slot(disk, fid, type, start, length);
            int asked = type == UNLOCK ? 1 : type; // as Linux asks, whose client is told of any lock
            int fd = slot.lock < 0 ? slot.open : slot.lock;
            return words(check(disk.libc.lock(fd, Libc.GET_LOCK, asked, start, length)) == UNLOCK);
        }

        private static String words(boolean free) {
            return free ? "free" : "held";
        }
    }
}
