package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/** A request: even type, answered by one reply with the same tag. */
public sealed interface Tmessage permits
        Tstatfs, Tlopen, Tlcreate, Tsymlink, Tmknod, Trename, Treadlink, Tgetattr, Tsetattr, Txattrwalk,
        Txattrcreate, Treaddir, Tfsync, Tlock, Tgetlock, Tlink, Tmkdir, Trenameat, Tunlinkat, Tversion, Tauth,
        Tattach, Tflush, Twalk, Topen, Tcreate, Tread, Twrite, Tclunk, Tremove, Tstat, Twstat, Twant, Tbreak, Tbehind,
        Tlist, Tbreaks,
        Trenameat2, Tfallocate, Tlseek, Tcopyrange, Ttmpfile, Tchecksum, Tput {
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
     * @throws MalformedMessageException if it is no request, or not of its shape
     */
    static Tmessage read(ByteBuf frame) {
        MessageType type = MessageType.withLeases(Frame.checked(frame));
        if (type == null || !type.isRequest()) {
            throw new MalformedMessageException("type " + Frame.type(frame) + " is no request");
        }
        type.check(frame);
        return readChecked(frame);
    }

    /** The same for a request whose shape has been checked ({@link MessageType#check}). */
    static Tmessage readChecked(ByteBuf frame) {
        ByteBuf in = frame.slice(frame.readerIndex() + Frame.HEADER, frame.readableBytes() - Frame.HEADER);
        return body(MessageType.withLeases(frame), in);
    }

    /** What is wrapped in a message of leases: its type and body, whose shape has been checked. */
    static Tmessage body(ByteBuf in) {
        return body(MessageType.of(in.readUnsignedByte()), in);
    }

    private static Tmessage body(MessageType type, ByteBuf in) {
        return switch (type) {
            case TSTATFS -> Tstatfs.read(in);
            case TLOPEN -> Tlopen.read(in);
            case TLCREATE -> Tlcreate.read(in);
            case TSYMLINK -> Tsymlink.read(in);
            case TMKNOD -> Tmknod.read(in);
            case TRENAME -> Trename.read(in);
            case TREADLINK -> Treadlink.read(in);
            case TGETATTR -> Tgetattr.read(in);
            case TSETATTR -> Tsetattr.read(in);
            case TXATTRWALK -> Txattrwalk.read(in);
            case TXATTRCREATE -> Txattrcreate.read(in);
            case TREADDIR -> Treaddir.read(in);
            case TFSYNC -> Tfsync.read(in);
            case TLOCK -> Tlock.read(in);
            case TGETLOCK -> Tgetlock.read(in);
            case TLINK -> Tlink.read(in);
            case TMKDIR -> Tmkdir.read(in);
            case TRENAMEAT -> Trenameat.read(in);
            case TUNLINKAT -> Tunlinkat.read(in);
            case TVERSION -> Tversion.read(in);
            case TAUTH -> Tauth.read(in);
            case TATTACH -> Tattach.read(in);
            case TFLUSH -> Tflush.read(in);
            case TWALK -> Twalk.read(in);
            case TOPEN -> Topen.read(in);
            case TCREATE -> Tcreate.read(in);
            case TREAD -> Tread.read(in);
            case TWRITE -> Twrite.read(in);
            case TCLUNK -> Tclunk.read(in);
            case TREMOVE -> Tremove.read(in);
            case TSTAT -> Tstat.read(in);
            case TWSTAT -> Twstat.read(in);
            case TWANT -> Twant.read(in);
            case TBREAK -> Tbreak.read(in);
            case TBEHIND -> Tbehind.read(in);
            case TLIST -> Tlist.read(in);
            case TBREAKS -> Tbreaks.read(in);
            case TRENAMEAT2 -> Trenameat2.read(in);
            case TFALLOCATE -> Tfallocate.read(in);
            case TLSEEK -> Tlseek.read(in);
            case TCOPYRANGE -> Tcopyrange.read(in);
            case TTMPFILE -> Ttmpfile.read(in);
            case TCHECKSUM -> Tchecksum.read(in);
            case TPUT -> Tput.read(in);
            default -> throw new MalformedMessageException(type + " is no request");
        };
    }
}
