package dev.ninetunnel.serve.tree;

import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Finds out whether a change of names is one of these names alone. Where a directory ignores case, other spellings come and go
 * with them, of which the changer knows nothing.
 */
public final class NamesAlone {
    private final List<FileUse.Entry> entries;
    private boolean known;

    /** Of what a request does if it succeeds. */
    public NamesAlone(List<FileUse.Entry> entries) {
        this.entries = entries;
    }

    /** Does the request, on a worker. */
    public ByteBuf during(TreeRequest.Work work) throws FsException {
        if (entries.isEmpty()) {
            return work.run();
        }
        // It outlives the fid, which may stand for the new file then.
        try (Node directory = entries.getFirst().directory().duplicate()) {
            boolean before = areAlone(directory, false);
            ByteBuf reply = work.run();
            known = before && areAlone(directory, true);
            return reply;
        }
    }

    private boolean areAlone(Node directory, boolean come) {
        return entries.stream().filter(entry -> entry.comes() == come).allMatch(entry -> entry.isAlone(directory));
    }

    /** Whether it is known that it is one of these names alone, when it has been done. */
    public boolean isKnown() {
        return known;
    }
}
