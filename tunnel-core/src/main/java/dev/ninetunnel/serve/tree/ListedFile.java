package dev.ninetunnel.serve.tree;

import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.ListedEntry;
import dev.ninetunnel.wire.message.Rgetattr;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** What is told of a file in a directory that is listed, if it is leased. On a worker. */
final class ListedFile implements AutoCloseable {
    private final int kinds;
    private final Rgetattr attributes;
    private final Text target;
    private final int[] ecodes;
    /** Null if it is not to be opened. */
    private final OpenFile file;
    private final boolean content;

    /** Takes over the open file. */
    ListedFile(int kinds, Rgetattr attributes, Text target, int[] ecodes, OpenFile file, boolean content) {
        this.kinds = kinds;
        this.attributes = attributes;
        this.target = target;
        this.ecodes = ecodes;
        this.file = file;
        this.content = content;
    }

    /** What it takes without content. */
    int bytes() {
        return ListedEntry.ATTRIBUTE_BYTES + 2 + target.length() + 1 + 4 * ecodes.length + 1;
    }

    /** What its content takes; 0 if it is not to come along. */
    int contentBytes() {
        return content ? 4 + (int) attributes.size() : 0;
    }

    /**
     * Writes it at the writer index, behind which there is room for it, and for a byte more.
     *
     * @return which leases are to come with it
     */
    int write(ByteBuf out, boolean withContent) {
        attributes.writeBody(out);
        target.write(out);
        out.writeBoolean(file != null);
        for (int ecode : ecodes) {
            out.writeIntLE(ecode);
        }
        boolean has = content && withContent && writeContent(out);
        if (!has) {
            out.writeBoolean(false);
        }
        return has ? kinds | LeaseKinds.DATA : kinds;
    }

    /** False, and nothing written, if it cannot be read, or has not the size that its attributes say. */
    private boolean writeContent(ByteBuf out) {
        int start = out.writerIndex();
        int size = (int) attributes.size();
        out.writeBoolean(true).writeIntLE(size).ensureWritable(size + 1);
        boolean whole = readWhole(out.nioBuffer(out.writerIndex(), size + 1));
        out.writerIndex(whole ? out.writerIndex() + size : start);
        return whole;
    }

    /** Whether it ends a byte before the buffer does. */
    private boolean readWhole(ByteBuffer into) {
        try {
            while (into.hasRemaining() && file.read(into.position(), into) > 0) {
                // Until its end.
            }
            return into.remaining() == 1;
        } catch (FsException e) {
            return false;
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
