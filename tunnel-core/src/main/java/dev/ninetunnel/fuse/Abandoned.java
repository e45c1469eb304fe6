package dev.ninetunnel.fuse;

import io.netty.buffer.ByteBuf;

/** Takes back what an answer would have given the kernel, which does not wait for it any more: lookups, open files, locks. */
final class Abandoned {
    private final InodeTable inodes;
    private final Handles handles;

    Abandoned(InodeTable inodes, Handles handles) {
        this.inodes = inodes;
        this.handles = handles;
    }

    /** The body stays the caller's. */
    void undo(Pending request, ByteBuf body) {
        request.undo().run();
        switch (request.opcode()) {
            case LOOKUP, MKDIR, MKNOD, SYMLINK, LINK -> inodes.forget(body.getLongLE(body.readerIndex()), 1);
            case CREATE, TMPFILE -> {
                inodes.forget(body.getLongLE(body.readerIndex()), 1);
                close(body.getLongLE(body.readerIndex() + AttributeWriter.ENTRY));
            }
            case OPEN, OPENDIR -> close(body.getLongLE(body.readerIndex()));
            case READDIRPLUS -> forgetAll(body);
            default -> {
                // Nothing is to be taken back.
            }
        }
    }

    private void close(long handle) {
        Handle open = handles.remove(handle);
        if (open != null) {
            open.close();
        }
    }

    private void forgetAll(ByteBuf body) {
        int at = body.readerIndex();
        while (at < body.writerIndex()) {
            long node = body.getLongLE(at);
            if (node != 0) {
                inodes.forget(node, 1);
            }
            at += AttributeWriter.ENTRY + DirectoryRequests.length(body.getIntLE(at + AttributeWriter.ENTRY + 16));
        }
    }
}
