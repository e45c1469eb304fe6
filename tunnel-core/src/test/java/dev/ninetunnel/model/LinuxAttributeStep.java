package dev.ninetunnel.model;

import static dev.ninetunnel.model.Refused.check;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.testing.Libc;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rxattrwalk;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Txattrcreate;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Attributes, and extended ones, in 9P2000.L. */
sealed interface LinuxAttributeStep extends Step {
    int ALL = 0x7ff;

    record Get(int fid) implements LinuxAttributeStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tgetattr(wire.fid(fid), ALL), reply -> {
                Rgetattr a = (Rgetattr) reply;
                return words(a.qid().type(), new Libc.Status(0, a.mode(), a.nlink(), a.uid(), a.gid(), a.rdev(),
                        a.size(), (int) a.blksize(), a.atimeSec(), (int) a.atimeNsec(), a.ctimeSec(), a.mtimeSec(),
                        (int) a.mtimeNsec()));
            });
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Libc.Status status = disk.status(disk.bound(fid));
            return words(Disk.qidType(status.mode()), status);
        }

        static String words(int type, Libc.Status s) {
            return "qid %x mode %o links %d owner %d:%d device %x size %d blocks of %d times %s %s %s".formatted(type,
                    s.mode(), s.links(), s.uid(), s.gid(), s.device(), s.size(), s.blockSize(),
                    time(s.accessSeconds(), s.accessNanos()), time(s.modifiedSeconds(), s.modifiedNanos()),
                    time(s.changeSeconds(), 0));
        }

        /** The two disks' clocks do not agree; no time that a step sets is near the present. */
        private static String time(long seconds, int nanoseconds) {
            boolean now = seconds > 1_700_000_000L && seconds < 4_000_000_000L;
            return now ? "now" : seconds + "." + nanoseconds;
        }
    }

    /** Whether two fids are the same file (rule S15). */
    record Same(int one, int other) implements LinuxAttributeStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.then(new Tgetattr(wire.fid(one), ALL), first -> wire.ask(new Tgetattr(wire.fid(other), ALL),
                    second -> "same " + (path(first) == path(second))));
        }

        private static long path(Object reply) {
            return ((Rgetattr) reply).qid().path();
        }

        @Override
        public String expect(Disk disk) throws Refused {
            long first = disk.status(disk.bound(one)).inode();
            return "same " + (first == disk.status(disk.bound(other)).inode());
        }
    }

    /** Whether qid.version changes with what is written (rule S15). */
    record WriteAndLook(FidStep.Write write) implements LinuxAttributeStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.then(new Tgetattr(wire.fid(write.fid()), ALL), before -> write.ask(wire)
                    .thenCompose(wrote -> wire.ask(new Tgetattr(wire.fid(write.fid()), ALL),
                            after -> wrote + (lost(wrote, before, after) ? ", and the version is the same" : ""))));
        }

        /** A version may change without need, so nothing is asked where nothing was written. */
        private boolean lost(String wrote, Object before, Object after) {
            return write.count() > 0 && wrote.startsWith("wrote") && version(before) == version(after);
        }

        private static int version(Object reply) {
            Qid qid = ((Rgetattr) reply).qid();
            return qid.version();
        }

        @Override
        public String expect(Disk disk) throws Refused {
            return write.expect(disk);
        }
    }

    /** Bits of {@code valid} are those of Tsetattr. */
    record Set(int fid, int valid, int mode, int uid, int gid, long size, long access, long accessNanos, long modified,
            long modifiedNanos) implements LinuxAttributeStep {
        private static final long NOW = (1 << 30) - 1;
        private static final long OMIT = (1 << 30) - 2;

        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tsetattr(wire.fid(fid), valid, mode, uid, gid, size, access, accessNanos, modified,
                    modifiedNanos), _ -> "changed");
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot slot = disk.bound(fid);
            Libc libc = disk.libc;
            boolean times = (valid & 0x30) != 0;
            if ((valid & 8) != 0) {
                resize(disk, slot);
            }
            if ((valid & 1) != 0 && disk.kind(slot) == Disk.SYMLINK) {
                throw new Refused(Errno.EOPNOTSUPP);
            }
            if ((valid & 6) != 0) {
                check(libc.changeOwner(slot.fd, (valid & 2) != 0 ? uid : -1, (valid & 4) != 0 ? gid : -1));
            }
            if ((valid & 1) != 0) {
                check(libc.changeMode(slot.fd, mode & 07777));
            }
            if (times) {
                check(libc.changeTimes(slot.fd, access, nanos(0x10, 0x80, accessNanos), modified,
                        nanos(0x20, 0x100, modifiedNanos)));
            }
            return "changed";
        }

        private void resize(Disk disk, Disk.Slot slot) throws Refused {
            if (size < 0) {
                throw new Refused(Errno.EINVAL);
            }
            boolean writable = slot.open >= 0 && slot.writes;
            check(writable ? disk.libc.truncate(slot.open, size) : disk.libc.truncateSelf(slot.fd, size));
        }

        private long nanos(int bit, int exact, long nanoseconds) {
            if ((valid & bit) == 0) {
                return OMIT;
            }
            return (valid & exact) == 0 ? NOW : nanoseconds;
        }
    }

    /** The value of an extended attribute; with an empty name, the names of all. */
    record GetExtended(int fid, Text name) implements LinuxAttributeStep {
        private static final int LARGEST = 65536;

        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.then(new Txattrwalk(wire.fid(fid), wire.fid(Wire.SPARE), name), walked -> wire
                    .ask(new Tread(wire.fid(Wire.SPARE), 0, LARGEST), reply -> words(((Rxattrwalk) walked).size(),
                            ByteBufUtil.getBytes(((Rread) reply).data())))
                    .thenCompose(words -> wire.clunk(Wire.SPARE).thenApply(_ -> words)));
        }

        @Override
        public String expect(Disk disk) throws Refused {
            int fd = disk.bound(fid).fd;
            byte[] into = new byte[LARGEST];
            int length = check(name.isEmpty()
                    ? disk.libc.attributeNames(fd, into)
                    : disk.libc.attribute(fd, name.bytes(), into));
            return words(length, Arrays.copyOf(into, length));
        }

        private String words(long size, byte[] value) {
            if (!name.isEmpty()) {
                return size + ": " + Text.of(value);
            }
            String[] names = Text.of(value).utf8().split("\0", -1);
            Arrays.sort(names);
            return size + ": " + Arrays.toString(names);
        }
    }

    /** Sets an extended attribute to as many bytes; to none is to remove it. */
    record SetExtended(int fid, Text name, int length, int flags) implements LinuxAttributeStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            int spare = wire.fid(Wire.SPARE);
            return wire.then(new Twalk(wire.fid(fid), spare, List.of()),
                    _ -> wire.then(new Txattrcreate(spare, name, length, flags), _ -> length == 0
                            ? CompletableFuture.completedFuture("")
                            : wire.ask(new Twrite(spare, 0, Unpooled.wrappedBuffer(value())), _ -> ""))
                            .thenCompose(failed -> wire.clunk(Wire.SPARE)
                                    .thenApply(clunked -> failed + clunked))
                            .thenApply(failed -> failed.isEmpty() ? "set" : failed));
        }

        @Override
        public String expect(Disk disk) throws Refused {
            int fd = disk.bound(fid).fd;
            if (name.isEmpty() || flags > 2) {
                throw new Refused(Errno.EINVAL);
            }
            check(length == 0
                    ? disk.libc.removeAttribute(fd, name.bytes())
                    : disk.libc.setAttribute(fd, name.bytes(), value(), flags));
            return "set";
        }

        private byte[] value() {
            byte[] value = new byte[length];
            Arrays.fill(value, (byte) ('a' + length % 26));
            return value;
        }
    }
}
