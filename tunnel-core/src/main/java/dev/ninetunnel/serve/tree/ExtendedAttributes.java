package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.AttachScope;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.serve.tree.TreeFid.Use;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rxattrcreate;
import dev.ninetunnel.wire.message.Rxattrwalk;
import dev.ninetunnel.wire.message.Txattrcreate;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Extended attributes (rule S9): a value is read into memory when it is walked to, and set when it is clunked. As each
 * holds memory for as long as the far side likes, their number is capped. Called on workers, for one conversation.
 */
final class ExtendedAttributes {
    private static final int CREATE = 1;
    private static final int REPLACE = 2;

    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    ExtendedAttributes(int most) {
        this.most = most;
    }

    ByteBuf walk(TreeRequest r, Txattrwalk t) throws FsException {
        r.fid.requireFile();
        r.fid.area.requireAttributes();
        if (t.newfid() == t.fid()) {
            throw new FsException(Errno.EINVAL);
        }
        Node node = r.fid.node;
        byte[] value = value(node, t.name());
        ByteBuf reply = r.reply(new Rxattrwalk(value.length));
        Node held = node.duplicate();
        try {
            take();
        } catch (FsException e) {
            held.close();
            reply.release();
            throw e;
        }
        TreeFid made = new TreeFid(r.dialect, r.fid.area, held, r.fid.name);
        made.shownUnder = r.fid.shownUnder;
        made.use = new Use.AttributeRead(ByteBuffer.wrap(value).asReadOnlyBuffer());
        r.make(made);
        return reply;
    }

    /** By which error a file in there says that it has no such attribute; 0 if it may have it. */
    static int lacks(AttachScope area, Node file, Text name) {
        try {
            area.requireAttributes();
            value(file, name);
            return 0;
        } catch (FsException e) {
            return FileUse.NO_ATTRIBUTE.contains(Errno.of(e.number())) ? e.number() : 0;
        }
    }

    private static byte[] value(Node file, Text name) throws FsException {
        return name.isEmpty() ? file.attributeNames() : file.attribute(name.bytes());
    }

    ByteBuf create(TreeRequest r, Txattrcreate t) throws FsException {
        r.fid.requireUnused();
        r.fid.area.requireAttributes();
        if (t.name().isEmpty()) {
            throw new FsException(Errno.EINVAL);
        }
        if (t.size() < 0 || t.size() > NewAttribute.LARGEST) {
            throw new FsException(Errno.E2BIG);
        }
        Node.SetMode mode = switch (t.flags()) {
            case 0 -> Node.SetMode.ANY;
            case CREATE -> Node.SetMode.CREATE;
            case REPLACE -> Node.SetMode.REPLACE;
            default -> throw new FsException(Errno.EINVAL);
        };
        Use use = new Use.AttributeWrite(new NewAttribute(t.name(), (int) t.size(), mode));
        take();
        try {
            return r.commit(r.reply(new Rxattrcreate()), () -> r.fid.use = use);
        } catch (FsException e) {
            released(use);
            throw e;
        }
    }

    private void take() throws FsException {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            throw new FsException(Errno.EMFILE);
        }
    }

    /** Says that what a fid was used for has ended. */
    void released(Use use) {
        if (use instanceof Use.AttributeRead || use instanceof Use.AttributeWrite) {
            open.decrementAndGet();
        }
    }
}
