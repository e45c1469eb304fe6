package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/** A reply: odd type, with the tag of the request that it answers. */
public sealed interface Rmessage permits
        Rstatfs, Rlopen, Rlcreate, Rsymlink, Rmknod, Rrename, Rreadlink, Rgetattr, Rsetattr, Rxattrwalk,
        Rxattrcreate, Rreaddir, Rfsync, Rlock, Rgetlock, Rlink, Rmkdir, Rrenameat, Runlinkat, Rversion, Rauth,
        Rattach, Rlerror, Rerror, Rflush, Rwalk, Ropen, Rcreate, Rread, Rwrite, Rclunk, Rremove, Rstat, Rwstat,
        Rgranted, Rbreak, Rbehind, Rlist, Rbreaks, Rrenameat2, Rfallocate, Rlseek, Rcopyrange, Rtmpfile,
        Rchecksum, Rput {
    /** Its number and shape. */
    default MessageType type() {
        return NamedType.of(getClass());
    }

    /** Writes what follows the tag, at the writer index. */
    void writeBody(ByteBuf out);

    /** Writes the whole frame at the writer index. */
    default void write(ByteBuf out, int tag) {
        int start = Frame.begin(out, type(), tag);
        writeBody(out);
        Frame.end(out, start);
    }

    /**
     * Reads a frame, whose indexes and reference count stay as they are.
     *
     * @throws MalformedMessageException if it is no reply, or not of its shape
     */
    static Rmessage read(ByteBuf frame) {
        MessageType type = MessageType.withLeases(Frame.checked(frame));
        if (type == null || type.isRequest()) {
            throw new MalformedMessageException("type " + Frame.type(frame) + " is no reply");
        }
        type.check(frame);
        ByteBuf in = frame.slice(frame.readerIndex() + Frame.HEADER, frame.readableBytes() - Frame.HEADER);
        return body(type, in);
    }

    /** What is wrapped in a message of leases: its type and body, whose shape has been checked. */
    static Rmessage body(ByteBuf in) {
        return body(MessageType.of(in.readUnsignedByte()), in);
    }

    private static Rmessage body(MessageType type, ByteBuf in) {
        return switch (type) {
            case RSTATFS -> Rstatfs.read(in);
            case RLOPEN -> Rlopen.read(in);
            case RLCREATE -> Rlcreate.read(in);
            case RSYMLINK -> Rsymlink.read(in);
            case RMKNOD -> Rmknod.read(in);
            case RRENAME -> new Rrename();
            case RREADLINK -> Rreadlink.read(in);
            case RGETATTR -> Rgetattr.read(in);
            case RSETATTR -> new Rsetattr();
            case RXATTRWALK -> Rxattrwalk.read(in);
            case RXATTRCREATE -> new Rxattrcreate();
            case RREADDIR -> Rreaddir.read(in);
            case RFSYNC -> new Rfsync();
            case RLOCK -> Rlock.read(in);
            case RGETLOCK -> Rgetlock.read(in);
            case RLINK -> new Rlink();
            case RMKDIR -> Rmkdir.read(in);
            case RRENAMEAT -> new Rrenameat();
            case RUNLINKAT -> new Runlinkat();
            case RVERSION -> Rversion.read(in);
            case RAUTH -> Rauth.read(in);
            case RATTACH -> Rattach.read(in);
            case RLERROR -> Rlerror.read(in);
            case RERROR -> Rerror.read(in);
            case RFLUSH -> new Rflush();
            case RWALK -> Rwalk.read(in);
            case ROPEN -> Ropen.read(in);
            case RCREATE -> Rcreate.read(in);
            case RREAD -> Rread.read(in);
            case RWRITE -> Rwrite.read(in);
            case RCLUNK -> new Rclunk();
            case RREMOVE -> new Rremove();
            case RSTAT -> Rstat.read(in);
            case RWSTAT -> new Rwstat();
            case RGRANTED -> Rgranted.read(in);
            case RBREAK -> new Rbreak();
            case RBEHIND -> Rbehind.read(in);
            case RLIST -> Rlist.read(in);
            case RBREAKS -> new Rbreaks();
            case RRENAMEAT2 -> new Rrenameat2();
            case RFALLOCATE -> new Rfallocate();
            case RLSEEK -> Rlseek.read(in);
            case RCOPYRANGE -> Rcopyrange.read(in);
            case RTMPFILE -> Rtmpfile.read(in);
            case RCHECKSUM -> Rchecksum.read(in);
            case RPUT -> Rput.read(in);
            default -> throw new MalformedMessageException(type + " is no reply");
        };
    }
}
