package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.ClaimedUser;
import dev.ninetunnel.export.ExportedServer;
import dev.ninetunnel.export.UserMapping;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.serve.tree.Fid;
import dev.ninetunnel.serve.tree.ReadOnly;
import dev.ninetunnel.serve.upstream.UpstreamConnection;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.message.Tmessage;

/**
 * A fid of an upstream server, by the same number there. What it is, only that server knows.
 *
 * @param claim who its attach says it is for
 * @param admission who let that in
 */
record UpstreamFid(UpstreamConnection connection, ExportedServer server, ClaimedUser claim, UserMapping admission)
        implements
            Fid {
    /** Whether both are of one export, so that one request may name them. */
    boolean isWith(Fid other) {
        return other instanceof UpstreamFid up && up.connection == connection && up.server.equals(server);
    }

    /** Refuses what may not be asked through it, or not any more. */
    void require(Tmessage message) throws FsException {
        if (message.type().isExtended()) {
            throw new FsException(Errno.EOPNOTSUPP); // it was not asked whether it takes any
        }
        server.standing().requireInForce(admission, claim);
        if (server.standing().options().readOnly()) {
            ReadOnly.require(message);
        }
    }

    @Override
    public Dialect dialect() {
        return connection.dialect();
    }
}
