package dev.ninetunnel.model;

import static dev.ninetunnel.model.Refused.check;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.testing.Libc;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmkdir;
import dev.ninetunnel.wire.message.Rmknod;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rreadlink;
import dev.ninetunnel.wire.message.Rstatfs;
import dev.ninetunnel.wire.message.Rsymlink;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tmknod;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Treadlink;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Tunlinkat;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;

/** Names and directories in 9P2000.L. Attributes are {@link LinuxAttributeStep}s. */
sealed interface LinuxStep extends Step {
    int NO_GROUP = -1;

    /** Flags that no server is asked to know go over the wire too. */
    record Open(int fid, int flags, int strange) implements LinuxStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tlopen(wire.fid(fid), flags | strange),
                    reply -> "opened " + ((Rlopen) reply).qid().type());
        }

        @Override
        public String expect(Disk disk) throws Refused {
            return disk.open(fid, flags);
        }
    }

    record Create(int fid, Text name, int flags, int mode) implements LinuxStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tlcreate(wire.fid(fid), name, flags, mode, NO_GROUP),
                    reply -> "made " + ((Rlcreate) reply).qid().type());
        }

        @Override
        public String expect(Disk disk) throws Refused {
            return disk.create(fid, name, flags, mode);
        }
    }

    record MakeDirectory(int fid, Text name, int mode) implements LinuxStep {
        private static final int SET_IDS = 06000;
        private static final int STICKY = 01000;
        private static final int WRITABLE_BY_OTHERS = 022;

        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tmkdir(wire.fid(fid), name, mode, NO_GROUP),
                    reply -> "made " + ((Rmkdir) reply).qid().type());
        }

        @Override
        public String expect(Disk disk) throws Refused {
            int directory = disk.bound(fid).fd;
            check(disk.libc.makeDirectory(directory, Disk.entry(name), mode));
            if ((mode & SET_IDS) != 0 && isGuarded(disk.libc.status(directory))) {
                setExactly(disk, directory);
            }
            return "made 128";
        }

        /** Whether nobody but root can put another directory in the place of one that root has made there (rule S23). */
        private static boolean isGuarded(Libc.Status directory) {
            return directory.uid() == 0
                    && ((directory.mode() & WRITABLE_BY_OTHERS) == 0 || (directory.mode() & STICKY) != 0);
        }

        /** What is made through 9P has the mode that was asked for, which mkdir(2) gives only in part. */
        private void setExactly(Disk disk, int directory) throws Refused {
            int made = check(disk.libc.open(directory, name.bytes(), Disk.PATH, 0));
            int given = disk.libc.status(made).mode() & 07777;
            check(disk.libc.changeMode(made, given | mode));
            disk.libc.close(made);
        }
    }

    record MakeNode(int fid, Text name, int mode, int major, int minor) implements LinuxStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tmknod(wire.fid(fid), name, mode, major, minor, NO_GROUP),
                    reply -> "made " + ((Rmknod) reply).qid().type());
        }

        @Override
        public String expect(Disk disk) throws Refused {
            int directory = disk.bound(fid).fd;
            if ((mode & Disk.KIND) == Disk.DIRECTORY) {
                throw new Refused(Errno.EPERM);
            }
            check(disk.libc.makeNode(directory, Disk.entry(name), mode, ((long) major << 8) | minor));
            return "made 0";
        }
    }

    record MakeSymlink(int fid, Text name, Text target) implements LinuxStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tsymlink(wire.fid(fid), name, target, NO_GROUP),
                    reply -> "made " + ((Rsymlink) reply).qid().type());
        }

        @Override
        public String expect(Disk disk) throws Refused {
            int directory = disk.bound(fid).fd;
            if (target.isEmpty()) {
                throw new Refused(Errno.ENOENT);
            }
            check(disk.libc.makeSymlink(target.bytes(), directory, Disk.entry(name)));
            return "made 2";
        }
    }

    record Link(int directory, int fid, Text name) implements LinuxStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tlink(wire.fid(directory), wire.fid(fid), name), _ -> "linked");
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot where = disk.bound(directory);
            check(disk.libc.link(disk.bound(fid).fd, where.fd, Disk.entry(name)));
            return "linked";
        }
    }

    record Rename(int fid, int directory, Text name) implements LinuxStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Trename(wire.fid(fid), wire.fid(directory), name), _ -> "renamed");
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot file = disk.bound(fid);
            Disk.Slot where = disk.bound(directory);
            disk.requireNotRoot(file);
            byte[] entry = Disk.entry(name);
            check(disk.libc.rename(Libc.NO_DIRECTORY, disk.path(file), where.fd, entry));
            return "renamed";
        }
    }

    record RenameAt(int from, Text name, int to, Text newName) implements LinuxStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Trenameat(wire.fid(from), name, wire.fid(to), newName), _ -> "renamed");
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot here = disk.bound(from);
            Disk.Slot there = disk.bound(to);
            check(disk.libc.rename(here.fd, Disk.entry(name), there.fd, Disk.entry(newName)));
            return "renamed";
        }
    }

    record UnlinkAt(int fid, Text name, int flags) implements LinuxStep {
        private static final int REMOVE_DIRECTORY = 0x200;

        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tunlinkat(wire.fid(fid), name, flags), _ -> "removed");
        }

        @Override
        public String expect(Disk disk) throws Refused {
            int directory = disk.bound(fid).fd;
            if ((flags & ~REMOVE_DIRECTORY) != 0) {
                throw new Refused(Errno.EINVAL);
            }
            check(disk.libc.unlink(directory, Disk.entry(name), flags));
            return "removed";
        }
    }

    record ReadLink(int fid) implements LinuxStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Treadlink(wire.fid(fid)), reply -> "to " + ((Rreadlink) reply).target());
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot slot = disk.bound(fid);
            if (disk.kind(slot) != Disk.SYMLINK) {
                throw new Refused(Errno.EINVAL);
            }
            return "to " + Text.of(disk.libc.readLink(slot.fd, new byte[0]));
        }
    }

    /** Lists a whole directory, in parts of this size, from its start. */
    record Listing(int fid, int count) implements LinuxStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return part(wire, 0, new ArrayList<>());
        }

        private CompletableFuture<String> part(Wire wire, long offset, ArrayList<String> names) {
            return wire.then(new Treaddir(wire.fid(fid), offset, count), reply -> {
                ByteBuf data = ((Rreaddir) reply).data();
                if (!data.isReadable()) {
                    return CompletableFuture.completedFuture(sorted(names));
                }
                long next = offset;
                while (data.isReadable()) {
                    DirectoryEntry entry = DirectoryEntry.read(data);
                    names.add(entry.name() + "/" + entry.type());
                    next = entry.offset();
                }
                return part(wire, next, names);
            });
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot slot = disk.bound(fid);
            if (slot.open < 0) {
                throw new Refused(Errno.EBADF);
            }
            if (disk.kind(slot) != Disk.DIRECTORY) {
                throw new Refused(Errno.ENOTDIR);
            }
            int[] failed = new int[1];
            var entries = disk.libc.list(slot.open, failed);
            if (entries == null) {
                throw new Refused(failed[0]);
            }
            ArrayList<String> names = new ArrayList<>();
            entries.forEach(e -> names.add(e.name() + "/" + e.type()));
            return sorted(names);
        }

        private static String sorted(ArrayList<String> names) {
            names.sort(null);
            return "lists " + names;
        }
    }

    record Sync(int fid, int dataOnly) implements LinuxStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tfsync(wire.fid(fid), dataOnly), _ -> "synced");
        }

        @Override
        public String expect(Disk disk) throws Refused {
            if (disk.bound(fid).open < 0) {
                throw new Refused(Errno.EBADF);
            }
            return "synced";
        }
    }

    record Space(int fid) implements LinuxStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tstatfs(wire.fid(fid)), reply -> {
                Rstatfs s = (Rstatfs) reply;
                return new Libc.Space(Integer.toUnsignedLong(s.fstype()), s.bsize(), s.blocks(), s.files(),
                        s.namelen()).toString();
            });
        }

        @Override
        public String expect(Disk disk) throws Refused {
            return disk.libc.space(disk.bound(fid).fd).toString();
        }
    }
}
