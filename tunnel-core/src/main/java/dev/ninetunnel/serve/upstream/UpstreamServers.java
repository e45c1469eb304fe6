package dev.ninetunnel.serve.upstream;

import dev.ninetunnel.export.Export;
import dev.ninetunnel.link.BoundedLog;
import dev.ninetunnel.wire.Dialect;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The connections of one conversation to upstream servers: one to each, in each dialect. Used on the event loop only. */
public final class UpstreamServers {
    private record Key(Export.Address address, Dialect dialect) {}

    private final EventLoop loop;
    private final int msize;
    private final Function<Export.Address, BoundedLog> logs;
    private final Map<Key, UpstreamConnection> connections = new HashMap<>();

    /**
     * With none.
     *
     * @param msize of the conversation, in bytes
     * @param logs take what befalls the server at an address
     */
    public UpstreamServers(EventLoop loop, int msize, Function<Export.Address, BoundedLog> logs) {
        this.loop = loop;
        this.msize = msize;
        this.logs = logs;
    }

    /** The connection to a server, made if there is none that lives. */
    public UpstreamConnection connection(Export.Address address, Dialect dialect) {
        Key key = new Key(address, dialect);
        UpstreamConnection connection = connections.get(key);
        if (connection == null || connection.isLost()) {
            connection = new UpstreamConnection(address, dialect, msize, loop, logs.apply(address));
            connections.put(key, connection);
            connection.open();
        }
        return connection;
    }

    /** Ends them all. */
    public void close() {
        connections.values().forEach(UpstreamConnection::close);
    }
}
