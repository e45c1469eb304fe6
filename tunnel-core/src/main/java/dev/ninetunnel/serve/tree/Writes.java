package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.Qids;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.serve.tree.TreeFid.Use;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;

/** Answers Twrite, which all dialects have alike, for one conversation. */
final class Writes {
    private final Qids qids;

    Writes(Qids qids) {
        this.qids = qids;
    }

    /** Whether {@link #atOnce} is worth a try. On the event loop. */
    boolean mayDoAtOnce(TreeRequest r) {
        return r.fid.use instanceof Use.Opened opened && opened.writes() && !opened.directory()
                && r.fid.isAsAdmitted() && !r.fid.area.readOnly() && opened.file().mayWriteAtOnce();
    }

    /** Answers a Twrite to what is in memory; null if a worker has to do it. On the event loop. */
    ByteBuf atOnce(TreeRequest r) throws FsException {
        Twrite t = (Twrite) Tmessage.readChecked(r.frame);
        int count = TreeMessages.count(r, t.offset(), t.data().readableBytes());
        OpenFile file = r.fid.opened().file();
        int written = count == 0 ? 0 : inPieces(t.data(), pieces -> file.writeAtOnce(t.offset(), pieces));
        if (written == OpenFile.WOULD_WAIT) {
            return null;
        }
        qids.changed(r.fid.node.id());
        return r.reply(new Rwrite(written));
    }

    /** Answers it. On a worker. */
    ByteBuf answer(TreeRequest r, Twrite t) throws FsException {
        int count = TreeMessages.count(r, t.offset(), t.data().readableBytes());
        return switch (r.fid.use) {
            case Use.AttributeWrite(NewAttribute attribute) ->
                r.reply(new Rwrite(attribute.write(t.offset(), t.data().nioBuffer())));
            case Use.Opened opened when opened.writes() && !opened.directory() -> {
                int written = count == 0 ? 0 : writeFile(opened, t);
                qids.changed(r.fid.node.id());
                yield r.reply(new Rwrite(written));
            }
            default -> throw new FsException(Errno.EBADF);
        };
    }

    /** By one call, whether it came in pieces or not: it is written as a whole, or at its end as a whole. */
    private static int writeFile(Use.Opened opened, Twrite t) throws FsException {
        ByteBuf data = t.data();
        return data.nioBufferCount() == 1
                ? opened.file().write(t.offset(), data.nioBuffer())
                : inPieces(data, pieces -> opened.file().write(t.offset(), pieces));
    }

    /** How data is written. */
    @FunctionalInterface
    private interface Writing {
        int from(ByteBuffer[] pieces) throws FsException;
    }

    /** Has data written from where it lies outside the heap, or from a copy there. */
    private static int inPieces(ByteBuf data, Writing writing) throws FsException {
        if (data.isDirect()) {
            return writing.from(data.nioBuffers());
        }
        int count = data.readableBytes();
        ByteBuf whole = ByteBufAllocator.DEFAULT.directBuffer(count);
        try {
            whole.writeBytes(data, data.readerIndex(), count);
            return writing.from(whole.nioBuffers());
        } finally {
            whole.release();
        }
    }
}
