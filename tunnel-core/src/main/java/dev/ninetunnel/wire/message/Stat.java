package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * A file's attributes as 9P2000 writes them in Rstat, Twstat and the content of directories (stat(5)).
 *
 * <pre>
 *   size[2] type[2] dev[4] qid[13] mode[4] atime[4] mtime[4] length[8] name[s] uid[s] gid[s] muid[s]
 *       (extension[s] n_uid[4] n_gid[4] n_muid[4])
 * </pre>
 *
 * @param unix what 9P2000.u adds
 */
public record Stat(int kernelType, int kernelDevice, Qid qid, int mode, int atime, int mtime, long length, Text name,
        Text uid, Text gid, Text muid, Optional<Unix> unix) {

    /** What 9P2000.u adds: the target of a link or the numbers of a device, and the users by number. */
    public record Unix(Text extension, int uid, int gid, int muid) {}

    /**
     * Reads the next one of a directory's content, and leaves the reader index behind it.
     *
     * @throws MalformedMessageException if it is not whole
     */
    public static Stat readNext(ByteBuf in) {
        int size = in.readableBytes() < 2 ? -1 : 2 + in.getUnsignedShortLE(in.readerIndex());
        if (size < 0 || size > in.readableBytes()) {
            throw new MalformedMessageException("a malformed stat: it runs past the end of what was read");
        }
        return read(in.readSlice(size));
    }

    /** Reads one, whose buffer ends where it does. */
    public static Stat read(ByteBuf in) {
        try {
            in.skipBytes(2);
            Stat stat = new Stat(in.readUnsignedShortLE(), in.readIntLE(), Qid.read(in), in.readIntLE(),
                    in.readIntLE(), in.readIntLE(), in.readLongLE(), Text.read(in), Text.read(in), Text.read(in),
                    Text.read(in), unix(in));
            if (in.isReadable()) {
                throw new MalformedMessageException("a malformed stat: " + in.readableBytes() + " bytes are left over");
            }
            return stat;
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedMessageException("a malformed stat: a field runs past its end");
        }
    }

    private static Optional<Unix> unix(ByteBuf in) {
        return in.isReadable()
                ? Optional.of(new Unix(Text.read(in), in.readIntLE(), in.readIntLE(), in.readIntLE()))
                : Optional.empty();
    }

    /** Writes it, its size first, at the writer index. */
    public void write(ByteBuf out) {
        int start = out.writerIndex();
        out.writeShortLE(0).writeShortLE(kernelType).writeIntLE(kernelDevice);
        qid.write(out);
        out.writeIntLE(mode).writeIntLE(atime).writeIntLE(mtime).writeLongLE(length);
        name.write(out);
        uid.write(out);
        gid.write(out);
        muid.write(out);
        unix.ifPresent(u -> {
            u.extension.write(out);
            out.writeIntLE(u.uid).writeIntLE(u.gid).writeIntLE(u.muid);
        });
        out.setShortLE(start, Fields.short16(out.writerIndex() - start - 2, "bytes of a stat"));
    }
}
