package dev.ninetunnel.serve;

import dev.ninetunnel.wire.Dialect;

/** A fid of an upstream server, by the same number there. What it is, only that server knows. */
record UpstreamFid(UpstreamConnection connection) implements Fid {
    @Override
    public Dialect dialect() {
        return connection.dialect();
    }
}
