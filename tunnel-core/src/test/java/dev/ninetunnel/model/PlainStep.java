package dev.ninetunnel.model;

import static dev.ninetunnel.model.Refused.check;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.testing.Libc;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rcreate;
import dev.ninetunnel.wire.message.Ropen;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rstat;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tstat;
import dev.ninetunnel.wire.message.Twstat;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What 9P2000 does with messages of its own. */
sealed interface PlainStep extends Step {
    int DIRECTORY = 0x8000_0000;
    int TRUNCATE = 0x10;

    /** What open(2) calls the mode of an open(5). */
    private static int flags(int mode) {
        return (mode & 3) | ((mode & TRUNCATE) != 0 ? 01000 : 0);
    }

    record Open(int fid, int mode) implements PlainStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Topen(wire.fid(fid), mode), reply -> "opened " + ((Ropen) reply).qid().isDirectory());
        }

        @Override
        public String expect(Disk disk) throws Refused {
            disk.open(fid, flags(mode));
            return "opened " + (disk.kind(disk.bound(fid)) == Disk.DIRECTORY);
        }
    }

    record Create(int fid, Text name, int permissions, int mode) implements PlainStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tcreate(wire.fid(fid), name, permissions, mode, Optional.empty()),
                    reply -> "made " + ((Rcreate) reply).qid().isDirectory());
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot slot = disk.unused(fid);
            byte[] entry = Disk.entry(name);
            int allowed = disk.status(slot).mode();
            if ((permissions & DIRECTORY) == 0) {
                int limited = permissions & (~0666 | (allowed & 0666)) & 0777;
                disk.create(fid, name, flags(mode) | Disk.EXCLUSIVE, limited);
                return "made false";
            }
            check(disk.libc.makeDirectory(slot.fd, entry, permissions & (~0777 | (allowed & 0777)) & 0777));
            disk.into(slot, entry);
            disk.open(fid, flags(mode));
            return "made true";
        }
    }

    record Look(int fid) implements PlainStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tstat(wire.fid(fid)), reply -> {
                Stat stat = ((Rstat) reply).stat();
                boolean directory = (stat.mode() & DIRECTORY) != 0;
                return words(directory, stat.mode() & 0777, stat.length(), Integer.toUnsignedLong(stat.mtime()));
            });
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Libc.Status status = disk.status(disk.bound(fid));
            boolean directory = (status.mode() & Disk.KIND) == Disk.DIRECTORY;
            return words(directory, status.mode() & 0777, directory ? 0 : status.size(), status.modifiedSeconds());
        }

        private static String words(boolean directory, int permissions, long length, long time) {
            boolean now = time > 1_700_000_000L && time < 4_000_000_000L;
            return "%s mode %o length %d time %s".formatted(directory ? "directory" : "file", permissions, length,
                    now ? "now" : time);
        }
    }

    /** Reads a file; lists a directory whole, in parts of at least 8 KiB. */
    record Read(FidStep.Read read) implements PlainStep {
        private static final int PART = 8192;

        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.then(new Tstat(wire.fid(read.fid())),
                    reply -> (((Rstat) reply).stat().mode() & DIRECTORY) == 0
                            ? read.ask(wire)
                            : list(wire, 0, new ArrayList<>()));
        }

        private CompletableFuture<String> list(Wire wire, long offset, List<String> names) {
            return wire.then(new Tread(wire.fid(read.fid()), offset, PART), reply -> {
                ByteBuf data = ((Rread) reply).data();
                int length = data.readableBytes();
                if (length == 0) {
                    names.sort(null);
                    return CompletableFuture.completedFuture("lists " + names);
                }
                while (data.isReadable()) {
                    Stat stat = Stat.read(data.readSlice(2 + data.getUnsignedShortLE(data.readerIndex())));
                    names.add(stat.name().toString());
                }
                return list(wire, offset + length, names);
            });
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot slot = disk.bound(read.fid());
            if (disk.kind(slot) != Disk.DIRECTORY) {
                return read.expect(disk);
            }
            if (slot.open < 0) {
                throw new Refused(Errno.EBADF);
            }
            int[] failed = new int[1];
            List<Libc.Entry> entries = disk.libc.list(slot.open, failed);
            if (entries == null) {
                throw new Refused(failed[0]);
            }
            List<String> names = new ArrayList<>(entries.stream().map(e -> e.name().toString())
                    .filter(name -> !name.matches("\\.\\.?")).toList());
            names.sort(null);
            return "lists " + names;
        }
    }

    /** Gives a file another name in its directory, replacing what has it. */
    record Rename(int fid, Text name) implements PlainStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(change(wire.fid(fid), -1, -1, -1, name), _ -> "renamed");
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot slot = disk.bound(fid);
            if (name.isEmpty() || (!disk.isRoot(slot) && name.equals(disk.name(slot)))) {
                return "renamed"; // there is nothing to change
            }
            if (disk.isRoot(slot)) {
                throw new Refused(Errno.EPERM);
            }
            byte[] entry = Disk.entry(name);
            byte[] path = disk.path(slot);
            byte[] above = Arrays.copyOf(path, Disk.directoryEnd(path));
            int directory = check(disk.libc.open(Libc.NO_DIRECTORY, above, Disk.PATH, 0));
            int result = disk.libc.rename(Libc.NO_DIRECTORY, path, directory, entry);
            disk.libc.close(directory);
            check(result);
            return "renamed";
        }
    }

    record Resize(int fid, long length) implements PlainStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(change(wire.fid(fid), -1, -1, length, Text.EMPTY), _ -> "changed");
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot slot = disk.bound(fid);
            boolean directory = disk.kind(slot) == Disk.DIRECTORY;
            if (length == -1 || (directory && length == 0)) {
                return "changed";
            }
            if (directory) {
                throw new Refused(Errno.EISDIR);
            }
            if (length < 0) {
                throw new Refused(Errno.EINVAL);
            }
            if (length != disk.status(slot).size()) {
                boolean writable = slot.open >= 0 && slot.writes;
                check(writable ? disk.libc.truncate(slot.open, length) : disk.libc.truncateSelf(slot.fd, length));
            }
            return "changed";
        }
    }

    /** Sets permissions and a time; a directory stays one. */
    record Change(int fid, int permissions, int time) implements PlainStep {
        private static final long OMIT = (1 << 30) - 2;

        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.then(new Tstat(wire.fid(fid)), reply -> {
                int kind = ((Rstat) reply).stat().mode() & DIRECTORY;
                return wire.ask(change(wire.fid(fid), permissions | kind, time, -1, Text.EMPTY), _ -> "changed");
            });
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot slot = disk.bound(fid);
            check(disk.libc.changeMode(slot.fd, permissions));
            check(disk.libc.changeTimes(slot.fd, 0, OMIT, Integer.toUnsignedLong(time), 0));
            return "changed";
        }
    }

    private static Twstat change(int fid, int mode, int mtime, long length, Text name) {
        return new Twstat(fid, new Stat(0xFFFF, -1, new Qid(0xFF, -1, -1), mode, -1, mtime, length, name, Text.EMPTY,
                Text.EMPTY, Text.EMPTY, Optional.empty()));
    }
}
