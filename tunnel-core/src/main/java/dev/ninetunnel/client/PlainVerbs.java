package dev.ninetunnel.client;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rcreate;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Ropen;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rstat;
import dev.ninetunnel.wire.message.Rwstat;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tstat;
import dev.ninetunnel.wire.message.Twstat;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** In 9P2000, as section 5 of Plan 9's manual has it. It knows no links, and a rename stays in its directory. */
final class PlainVerbs implements DialectOps {
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int TRUNCATE = 0x10;
    private static final int DIRECTORY = 0x8000_0000;
    private static final int SYMLINK = 0x0200_0000;
    private static final int DEVICE_PIPE_SOCKET = 0x0080_0000 | 0x0020_0000 | 0x0010_0000;
    private static final int PERMISSIONS = 0777;
    /** In a Twstat: leave it as it is. */
    private static final Qid NO_QID = new Qid(0xFF, -1, -1);

    private final RpcCalls rpcCalls;

    PlainVerbs(RpcCalls rpcCalls) {
        this.rpcCalls = rpcCalls;
    }

    @Override
    public Fid attach(Login login) throws IOException {
        return rpcCalls.attach(login.uname(), OptionalInt.empty(), login.aname());
    }

    @Override
    public Tmessage askStatus(int fid) {
        return new Tstat(fid);
    }

    @Override
    public FileStatus status(Rmessage reply) {
        Stat stat = ((Rstat) reply).stat();
        return new FileStatus(kind(stat.mode()), stat.mode() & PERMISSIONS, Math.max(0, stat.length()),
                Instant.ofEpochSecond(Integer.toUnsignedLong(stat.mtime())), stat.uid(), stat.gid(), 1, stat.qid());
    }

    private static FileKind kind(int mode) {
        if ((mode & DIRECTORY) != 0) {
            return FileKind.DIRECTORY;
        }
        if ((mode & SYMLINK) != 0) {
            return FileKind.SYMLINK;
        }
        return (mode & DEVICE_PIPE_SOCKET) != 0 ? FileKind.OTHER : FileKind.FILE;
    }

    @Override
    public int openToRead(Fid fid) throws IOException {
        return rpcCalls.call(new Topen(fid.number(), READ), Ropen.class).iounit();
    }

    @Override
    public int openToOverwrite(Fid fid) throws IOException {
        return rpcCalls.call(new Topen(fid.number(), WRITE | TRUNCATE), Ropen.class).iounit();
    }

    @Override
    public int create(Fid directory, Text name, int permissions) throws IOException {
        return create(directory, name, permissions & PERMISSIONS, WRITE);
    }

    private int create(Fid directory, Text name, int perm, int mode) throws IOException {
        Rcreate made = rpcCalls.call(new Tcreate(directory.number(), name, perm, mode, Optional.empty()),
                Rcreate.class);
        directory.nowIs(made.qid());
        return made.iounit();
    }

    @Override
    public void makeDirectory(Fid directory, Text name, int permissions) throws IOException {
        // The fid would stand for the new directory afterwards, so it is not the caller's that is used.
        try (Fid made = rpcCalls.walk(directory, List.of())) {
            create(made, name, DIRECTORY | (permissions & PERMISSIONS), READ);
        }
    }

    @Override
    public void makeLink(Fid directory, Text name, Text target) throws IOException {
        throw RefusedException.of(Errno.EOPNOTSUPP, "9P2000 has no symbolic links");
    }

    @Override
    public Text readLink(Fid link) throws IOException {
        throw RefusedException.of(Errno.EOPNOTSUPP, "9P2000 has no symbolic links");
    }

    @Override
    public void setAttributes(Fid file, int permissions, Instant modified) throws IOException {
        int type = file.qid().isDirectory() ? DIRECTORY : 0;
        rpcCalls.call(new Twstat(file.number(), new Stat(0xFFFF, -1, NO_QID, type | (permissions & PERMISSIONS), -1,
                (int) modified.getEpochSecond(), -1, Text.EMPTY, Text.EMPTY, Text.EMPTY, Text.EMPTY, Optional.empty())),
                Rwstat.class);
    }

    @Override
    public void rename(Fid file, Place from, Place to) throws IOException {
        if (!from.path().parent().equals(to.path().parent())) {
            throw RefusedException.of(Errno.EXDEV, "9P2000 renames within a directory only");
        }
        rpcCalls.call(new Twstat(file.number(), named(to.name())), Rwstat.class);
    }

    /** A stat that changes the name and nothing else (stat(5)). */
    private static Stat named(Text name) {
        return new Stat(0xFFFF, -1, NO_QID, -1, -1, -1, -1, name, Text.EMPTY, Text.EMPTY, Text.EMPTY,
                Optional.empty());
    }

    @Override
    public DirectoryPart readDirectory(Fid directory, long offset, int count, Consumer<RemoteEntry> entries)
            throws IOException {
        ByteBuf data = rpcCalls.call(new Tread(directory.number(), offset, count), Rread.class).data();
        int bytes = data.readableBytes();
        while (data.isReadable()) {
            Stat stat = whole(data);
            entries.accept(new RemoteEntry(DialectOps.checkedName(stat.name()), kind(stat.mode())));
        }
        return new DirectoryPart(offset + bytes, bytes == 0);
    }

    private static Stat whole(ByteBuf data) throws IOException {
        try {
            return Stat.readNext(data);
        } catch (MalformedMessageException e) {
            throw new ConversationException("the server broke the protocol: " + e.getMessage(), e);
        }
    }
}
