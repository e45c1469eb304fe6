package dev.ninetunnel.cache.known;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;

/** The replies that are written here. Their tag is filled in later. */
public final class Replies {
    private final ByteBufAllocator alloc;

    /** Takes their memory from there. */
    public Replies(ByteBufAllocator alloc) {
        this.alloc = alloc;
    }

    /** Rlerror. */
    public ByteBuf error(Errno errno) {
        return error(errno.number());
    }

    /** Rlerror with a number of Linux. */
    public ByteBuf error(int errno) {
        ByteBuf out = alloc.buffer(Frame.HEADER + Integer.BYTES);
        new Rlerror(errno).write(out, 0);
        return out;
    }

    /** Rwalk. */
    public ByteBuf walked(List<Qid> qids) {
        ByteBuf out = alloc.buffer(Frame.HEADER + 2 + qids.size() * Qid.BYTES);
        new Rwalk(qids).write(out, 0);
        return out;
    }

    /** Rread with these one after the other, which stay the caller's. */
    public ByteBuf data(List<ByteBuf> parts) {
        int length = parts.stream().mapToInt(ByteBuf::readableBytes).sum();
        ByteBuf out = alloc.buffer(Frame.HEADER + Integer.BYTES + length);
        int start = Frame.begin(out, MessageType.RREAD, 0);
        out.writeIntLE(length);
        parts.forEach(part -> out.writeBytes(part, part.readerIndex(), part.readableBytes()));
        Frame.end(out, start);
        return out;
    }

    /** Rwrite. */
    public ByteBuf written(int count) {
        ByteBuf out = alloc.buffer(Frame.HEADER + Integer.BYTES);
        new Rwrite(count).write(out, 0);
        return out;
    }

    /** With this body. */
    public ByteBuf of(MessageType type, byte[] body) {
        ByteBuf out = alloc.buffer(Frame.HEADER + body.length);
        int start = Frame.begin(out, type, 0);
        out.writeBytes(body);
        Frame.end(out, start);
        return out;
    }

    /** The body of a reply. */
    public static byte[] body(ByteBuf reply) {
        byte[] body = new byte[reply.readableBytes() - Frame.HEADER];
        reply.getBytes(reply.readerIndex() + Frame.HEADER, body);
        return body;
    }

    /** The reply that a local client gets about a fid: the reply, or another where the fid has turned out to have this fault. */
    public ByteBuf about(Errno fault, ByteBuf reply) {
        if (fault == null) {
            return reply;
        }
        reply.release();
        return error(fault);
    }
}
