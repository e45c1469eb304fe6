package dev.ninetunnel.client;

import dev.ninetunnel.client.DialectOps.DirectoryPart;
import dev.ninetunnel.client.DialectOps.Opened;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.Rcreate;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Ropen;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rstat;
import dev.ninetunnel.wire.message.Rstatfs;
import dev.ninetunnel.wire.message.Rwstat;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tstat;
import dev.ninetunnel.wire.message.Twstat;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * In 9P2000, as section 5 of Plan 9's manual has it, and in 9P2000.u, which adds links, special files and users by number. A rename
 * stays in its directory.
 */
final class PlainVerbs implements DialectOps {
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int TRUNCATE = 0x10;
    private static final int ACCESS_MODE = 3;
    /** O_TRUNC and O_EXCL of open(2). */
    private static final int LINUX_TRUNCATE = 01000;
    private static final int LINUX_EXCLUSIVE = 0200;

    private static final Set<Errno> EXISTS = Set.of(Errno.EEXIST);

    private final FidCalls calls;
    private final PlainStats stats;
    private final boolean unix;

    PlainVerbs(FidCalls calls, Dialect dialect) {
        this.calls = calls;
        this.unix = dialect == Dialect.UNIX;
        this.stats = new PlainStats(unix);
    }

    @Override
    public boolean tellsAll() {
        return false;
    }

    @Override
    public CompletableFuture<FidCalls.Walked> attach(Login login) {
        return calls.attach(login.uname(), unix ? OptionalInt.of(login.uid()) : OptionalInt.empty(), login.aname());
    }

    @Override
    public Tmessage askStatus(int fid) {
        return new Tstat(fid);
    }

    @Override
    public FileStatus status(Rmessage reply) {
        return PlainStats.status(((Rstat) reply).stat());
    }

    @Override
    public CompletableFuture<Rgetattr> attributes(int fid) {
        return stat(fid).thenApply(PlainStats::attributes);
    }

    private CompletableFuture<Stat> stat(int fid) {
        return calls.ask(new Tstat(fid), Rstat.class).thenApply(Rstat::stat);
    }

    @Override
    public CompletableFuture<Opened> open(int fid, int flags) {
        return openAs(fid, mode(flags));
    }

    private static int mode(int flags) {
        return (flags & ACCESS_MODE) | ((flags & LINUX_TRUNCATE) != 0 ? TRUNCATE : 0);
    }

    private CompletableFuture<Opened> openAs(int fid, int mode) {
        return calls.ask(new Topen(fid, mode), Ropen.class)
                .thenApply(opened -> new Opened(opened.qid(), opened.iounit()));
    }

    @Override
    public CompletableFuture<Opened> openToOverwrite(int fid) {
        return openAs(fid, WRITE | TRUNCATE);
    }

    /** Unless it has to be new, a file that somebody has made meanwhile is opened; the Tcreate of a file that is there fails. */
    @Override
    public CompletableFuture<Opened> create(int directory, Text name, int flags, int permissions, int gid) {
        CompletableFuture<Opened> made = create(directory, name, stats.permissions(permissions), mode(flags),
                Text.EMPTY);
        return (flags & LINUX_EXCLUSIVE) != 0
                ? made
                : FidCalls.ifRefused(made, EXISTS, () -> calls.walkOn(directory, List.of(name))
                        .thenCompose(_ -> openAs(directory, mode(flags))));
    }

    private CompletableFuture<Opened> create(int directory, Text name, int perm, int mode, Text extension) {
        Tcreate request = new Tcreate(directory, name, perm, mode, unix ? Optional.of(extension) : Optional.empty());
        return calls.ask(request, Rcreate.class).thenApply(made -> new Opened(made.qid(), made.iounit()));
    }

    /** The fid would stand for what is made afterwards, so it is not the caller's that is used. */
    private CompletableFuture<Void> make(int directory, Text name, int perm, Text extension) {
        return calls.onCopy(directory, copy -> create(copy, name, perm, READ, extension).thenApply(_ -> null));
    }

    @Override
    public CompletableFuture<Void> makeDirectory(int directory, Text name, int permissions, int gid) {
        return make(directory, name, PlainStats.DIRECTORY | stats.permissions(permissions), Text.EMPTY);
    }

    @Override
    public CompletableFuture<Void> makeLink(int directory, Text name, Text target, int gid) {
        return unix
                ? make(directory, name, PlainStats.SYMLINK | 0777, target)
                : refused(Errno.EOPNOTSUPP, "9P2000 has no symbolic links");
    }

    @Override
    public CompletableFuture<Void> makeNode(int directory, Text name, int mode, int major, int minor, int gid) {
        int kind = PlainStats.kindBits(mode);
        if (kind < 0 || (kind != 0 && !unix)) {
            return refused(Errno.EOPNOTSUPP, "9P2000 has files and directories only");
        }
        Text extension = kind != PlainStats.DEVICE
                ? Text.EMPTY
                : Text.of((PlainStats.isBlockDevice(mode) ? "b " : "c ") + major + " " + minor);
        return make(directory, name, kind | stats.permissions(mode), extension);
    }

    @Override
    public CompletableFuture<Void> link(int directory, Text name, int file) {
        return unix
                ? make(directory, name, PlainStats.LINK, Text.of(Integer.toUnsignedString(file)))
                : refused(Errno.EOPNOTSUPP, "in 9P2000 a file has one name");
    }

    @Override
    public CompletableFuture<Text> readLink(int link) {
        return unix
                ? stat(link).thenApply(stat -> stat.unix().map(Stat.Unix::extension).orElse(Text.EMPTY))
                : refused(Errno.EOPNOTSUPP, "9P2000 has no symbolic links");
    }

    /**
     * A server that lets no Twstat empty a file, as of those that are made up, may let a Topen do it.
     */
    @Override
    public CompletableFuture<Void> setAttributes(Tsetattr change, boolean directory) {
        Stat wanted = stats.change(change, directory);
        if (wanted == null) {
            return refused(Errno.EPERM, change.valid() == 0 ? "nothing is to be changed" : "9P2000 cannot say that");
        }
        CompletableFuture<Void> changed = write(change.fid(), wanted);
        return PlainStats.empties(change)
                ? changed.exceptionallyCompose(failure -> calls.onCopy(change.fid(), this::openToOverwrite)
                        .handle((_, other) -> other == null ? null : failure)
                        .thenCompose(left -> left == null
                                ? CompletableFuture.completedFuture(null)
                                : CompletableFuture.failedFuture(left)))
                : changed;
    }

    private CompletableFuture<Void> write(int fid, Stat wanted) {
        return calls.ask(new Twstat(fid, wanted), Rwstat.class).thenApply(_ -> null);
    }

    /** A name that is taken is made free first, where the server does not replace what is there. */
    @Override
    public CompletableFuture<Void> rename(Place from, Place to, boolean sameDirectory) {
        if (!sameDirectory) {
            return refused(Errno.EXDEV, "9P2000 renames within a directory only");
        }
        return calls.walk(from.directory(), List.of(from.name())).thenCompose(file -> FidCalls.ifRefused(
                write(file.fid(), stats.named(to.name())), EXISTS,
                () -> remove(to, file.qid().isDirectory())
                        .thenCompose(_ -> write(file.fid(), stats.named(to.name()))))
                .whenComplete((_, _) -> calls.clunk(file.fid())));
    }

    @Override
    public CompletableFuture<Void> remove(Place entry, boolean directory) {
        return calls.walk(entry.directory(), List.of(entry.name())).thenCompose(file -> {
            if (file.qid().isDirectory() != directory) {
                calls.clunk(file.fid());
                return refused(directory ? Errno.ENOTDIR : Errno.EISDIR, "it is of another kind");
            }
            return calls.remove(file.fid());
        });
    }

    /** A Twstat that changes nothing (stat(5)). */
    @Override
    public CompletableFuture<Void> sync(int fid, boolean dataOnly) {
        return write(fid, stats.named(Text.EMPTY));
    }

    @Override
    public CompletableFuture<Rstatfs> statfs(int fid) {
        return refused(Errno.EOPNOTSUPP, "9P2000 does not tell what room is left");
    }

    @Override
    public CompletableFuture<DirectoryPart> readDirectory(int directory, long offset, int count) {
        return calls.ask(new Tread(directory, offset, count), reply -> {
            ByteBuf data = ((Rread) reply).data();
            int start = data.readerIndex();
            List<DirectoryEntry> entries = new ArrayList<>();
            while (data.isReadable()) {
                Stat stat = Stat.readNext(data);
                entries.add(new DirectoryEntry(stat.qid(), offset + data.readerIndex() - start,
                        PlainStats.entryType(stat.mode()), stat.name()));
            }
            return new DirectoryPart(entries, offset + data.readerIndex() - start, entries.isEmpty());
        });
    }

    private static <R> CompletableFuture<R> refused(Errno errno, String words) {
        return CompletableFuture.failedFuture(RefusedException.of(errno, words));
    }
}
