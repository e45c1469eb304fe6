package dev.ninetunnel.client;

import dev.ninetunnel.client.DialectOps.DirectoryPart;
import dev.ninetunnel.client.DialectOps.Opened;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.Rfsync;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rreadlink;
import dev.ninetunnel.wire.message.Rstatfs;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tmknod;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Treadlink;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Tunlinkat;
import io.netty.buffer.ByteBuf;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** In 9P2000.L: the messages that the Linux client uses, with its flags. */
final class LinuxVerbs implements DialectOps {
    private static final int WRITE_ONLY = 1;
    private static final int CREATE = 0100;
    /** Everything that stat(2) tells (P9_GETATTR_BASIC). */
    private static final long BASIC = 0x7ff;
    private static final int SET_SIZE = 0x8;
    private static final int PERMISSIONS = 07777;
    private static final int REMOVE_DIRECTORY = 0x200;
    /** What a server answers to a message that it does not know. */
    private static final Set<Errno> UNKNOWN_MESSAGE = Set.of(Errno.EOPNOTSUPP, Errno.ENOSYS);

    private final FidCalls calls;

    LinuxVerbs(FidCalls calls) {
        this.calls = calls;
    }

    @Override
    public boolean tellsAll() {
        return true;
    }

    @Override
    public CompletableFuture<FidCalls.Walked> attach(Login login) {
        return calls.attach(login.uname(), OptionalInt.of(login.uid()), login.aname());
    }

    @Override
    public Tmessage askStatus(int fid) {
        return new Tgetattr(fid, BASIC);
    }

    @Override
    public FileStatus status(Rmessage reply) {
        Rgetattr attributes = (Rgetattr) reply;
        return new FileStatus(FileKind.ofMode(attributes.mode()), attributes.mode() & PERMISSIONS,
                Math.max(0, attributes.size()), instant(attributes.mtimeSec(), attributes.mtimeNsec()),
                number(attributes.uid()), number(attributes.gid()), attributes.nlink(), attributes.qid());
    }

    private static Text number(int id) {
        return Text.of(Integer.toUnsignedString(id));
    }

    private static Instant instant(long seconds, long nanoseconds) {
        try {
            return Instant.ofEpochSecond(seconds, nanoseconds);
        } catch (DateTimeException | ArithmeticException _) {
            return Instant.EPOCH;
        }
    }

    @Override
    public CompletableFuture<Rgetattr> attributes(int fid) {
        return calls.ask(new Tgetattr(fid, BASIC), Rgetattr.class);
    }

    @Override
    public CompletableFuture<Opened> open(int fid, int flags) {
        return calls.ask(new Tlopen(fid, flags), Rlopen.class)
                .thenApply(opened -> new Opened(opened.qid(), opened.iounit()));
    }

    @Override
    public CompletableFuture<Opened> openToOverwrite(int fid) {
        // As Linux does it: servers need not know O_TRUNC.
        return open(fid, WRITE_ONLY).thenCompose(opened -> done(new Tsetattr(fid, SET_SIZE, 0, 0, 0, 0, 0, 0, 0, 0))
                .thenApply(_ -> opened));
    }

    @Override
    public CompletableFuture<Opened> create(int directory, Text name, int flags, int permissions, int gid) {
        return calls.ask(new Tlcreate(directory, name, flags | CREATE, permissions, gid), Rlcreate.class)
                .thenApply(made -> new Opened(made.qid(), made.iounit()));
    }

    @Override
    public CompletableFuture<Void> makeDirectory(int directory, Text name, int permissions, int gid) {
        return done(new Tmkdir(directory, name, permissions, gid));
    }

    @Override
    public CompletableFuture<Void> makeLink(int directory, Text name, Text target, int gid) {
        return done(new Tsymlink(directory, name, target, gid));
    }

    @Override
    public CompletableFuture<Void> makeNode(int directory, Text name, int mode, int major, int minor, int gid) {
        return done(new Tmknod(directory, name, mode, major, minor, gid));
    }

    @Override
    public CompletableFuture<Void> link(int directory, Text name, int file) {
        return done(new Tlink(directory, file, name));
    }

    @Override
    public CompletableFuture<Text> readLink(int link) {
        return calls.ask(new Treadlink(link), Rreadlink.class).thenApply(Rreadlink::target);
    }

    @Override
    public CompletableFuture<Void> setAttributes(Tsetattr change, boolean directory) {
        return done(change);
    }

    @Override
    public CompletableFuture<Void> rename(Place from, Place to, boolean sameDirectory) {
        // Servers from before Trenameat have the older message.
        return FidCalls.ifRefused(done(new Trenameat(from.directory(), from.name(), to.directory(), to.name())),
                UNKNOWN_MESSAGE,
                () -> calls.walk(from.directory(), List.of(from.name())).thenCompose(file -> done(
                        new Trename(file.fid(), to.directory(), to.name()))
                        .whenComplete((_, _) -> calls.clunk(file.fid()))));
    }

    @Override
    public CompletableFuture<Void> remove(Place entry, boolean directory) {
        return FidCalls.ifRefused(
                done(new Tunlinkat(entry.directory(), entry.name(), directory ? REMOVE_DIRECTORY : 0)), UNKNOWN_MESSAGE,
                () -> calls.walk(entry.directory(), List.of(entry.name()))
                        .thenCompose(file -> calls.remove(file.fid())));
    }

    @Override
    public CompletableFuture<Void> sync(int fid, boolean dataOnly) {
        return calls.ask(new Tfsync(fid, dataOnly ? 1 : 0), Rfsync.class).thenApply(_ -> null);
    }

    @Override
    public CompletableFuture<Rstatfs> statfs(int fid) {
        return calls.ask(new Tstatfs(fid), Rstatfs.class);
    }

    @Override
    public CompletableFuture<DirectoryPart> readDirectory(int directory, long offset, int count) {
        return calls.ask(new Treaddir(directory, offset, count), reply -> {
            ByteBuf data = ((Rreaddir) reply).data();
            List<DirectoryEntry> entries = new ArrayList<>();
            while (data.isReadable()) {
                entries.add(DirectoryEntry.read(data));
            }
            return new DirectoryPart(entries, entries.isEmpty() ? offset : entries.getLast().offset(),
                    entries.isEmpty());
        });
    }

    private CompletableFuture<Void> done(Tmessage request) {
        return calls.ask(request, Rmessage.class).thenApply(_ -> null);
    }
}
