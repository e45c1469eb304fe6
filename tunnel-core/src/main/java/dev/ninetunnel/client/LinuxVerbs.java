package dev.ninetunnel.client;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rmkdir;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rreadlink;
import dev.ninetunnel.wire.message.Rrename;
import dev.ninetunnel.wire.message.Rrenameat;
import dev.ninetunnel.wire.message.Rsetattr;
import dev.ninetunnel.wire.message.Rsymlink;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Treadlink;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tsymlink;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** In 9P2000.L: the messages that the Linux client uses, with its flags. */
final class LinuxVerbs implements DialectOps {
    private static final int READ_ONLY = 0;
    private static final int WRITE_ONLY = 1;
    private static final int CREATE = 0100;
    /** Everything that stat(2) tells (P9_GETATTR_BASIC). */
    private static final long BASIC = 0x7ff;
    private static final int SET_MODE = 0x1;
    private static final int SET_SIZE = 0x8;
    private static final int SET_MTIME = 0x20;
    private static final int SET_MTIME_TO_THIS = 0x100;
    private static final int PERMISSIONS = 07777;

    private final RpcCalls rpcCalls;
    private int gid;

    LinuxVerbs(RpcCalls rpcCalls) {
        this.rpcCalls = rpcCalls;
    }

    @Override
    public Fid attach(Login login) throws IOException {
        gid = login.gid();
        return rpcCalls.attach(login.uname(), OptionalInt.of(login.uid()), login.aname());
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
    public int openToRead(Fid fid) throws IOException {
        return rpcCalls.call(new Tlopen(fid.number(), READ_ONLY), Rlopen.class).iounit();
    }

    @Override
    public int openToOverwrite(Fid fid) throws IOException {
        int iounit = rpcCalls.call(new Tlopen(fid.number(), WRITE_ONLY), Rlopen.class).iounit();
        // As Linux does it: servers need not know O_TRUNC.
        rpcCalls.call(new Tsetattr(fid.number(), SET_SIZE, 0, 0, 0, 0, 0, 0, 0, 0), Rsetattr.class);
        return iounit;
    }

    @Override
    public int create(Fid directory, Text name, int permissions) throws IOException {
        Rlcreate made = rpcCalls.call(
                new Tlcreate(directory.number(), name, WRITE_ONLY | CREATE, permissions, gid), Rlcreate.class);
        directory.nowIs(made.qid());
        return made.iounit();
    }

    @Override
    public void makeDirectory(Fid directory, Text name, int permissions) throws IOException {
        rpcCalls.call(new Tmkdir(directory.number(), name, permissions, gid), Rmkdir.class);
    }

    @Override
    public void makeLink(Fid directory, Text name, Text target) throws IOException {
        rpcCalls.call(new Tsymlink(directory.number(), name, target, gid), Rsymlink.class);
    }

    @Override
    public Text readLink(Fid link) throws IOException {
        return rpcCalls.call(new Treadlink(link.number()), Rreadlink.class).target();
    }

    @Override
    public void setAttributes(Fid file, int permissions, Instant modified) throws IOException {
        rpcCalls.call(new Tsetattr(file.number(), SET_MODE | SET_MTIME | SET_MTIME_TO_THIS, permissions, 0, 0, 0, 0, 0,
                modified.getEpochSecond(), modified.getNano()), Rsetattr.class);
    }

    @Override
    public void rename(Fid file, Place from, Place to) throws IOException {
        try {
            rpcCalls.call(new Trenameat(from.directory().number(), from.name(), to.directory().number(), to.name()),
                    Rrenameat.class);
        } catch (RefusedException e) {
            if (!e.is(Errno.EOPNOTSUPP) && !e.is(Errno.ENOSYS)) {
                throw e;
            }
            // Servers from before Trenameat have the older message.
            rpcCalls.call(new Trename(file.number(), to.directory().number(), to.name()), Rrename.class);
        }
    }

    @Override
    public DirectoryPart readDirectory(Fid directory, long offset, int count, Consumer<RemoteEntry> entries)
            throws IOException {
        ByteBuf data = rpcCalls.call(new Treaddir(directory.number(), offset, count), Rreaddir.class).data();
        long next = offset;
        boolean end = !data.isReadable();
        while (data.isReadable()) {
            DirectoryEntry entry = whole(data);
            next = entry.offset();
            if (!RemotePath.isDots(entry.name())) {
                entries.accept(new RemoteEntry(DialectOps.checkedName(entry.name()), FileKind.ofEntry(entry)));
            }
        }
        return new DirectoryPart(next, end);
    }

    private static DirectoryEntry whole(ByteBuf data) throws IOException {
        try {
            return DirectoryEntry.read(data);
        } catch (MalformedMessageException e) {
            throw new ConversationException("the server broke the protocol: " + e.getMessage(), e);
        }
    }
}
