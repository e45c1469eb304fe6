package dev.ninetunnel.endpoint;

import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.mux.LocalListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local sockets: for each peer one in the run directory, named after it as Plan 9 names a service in /srv, and more
 * where asked for. For any thread but the session loop, whose work it waits for.
 */
final class LocalSockets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSockets.class);
    /** No peer has this name. */
    private static final String CONTROL = "ctl";

    private final SocketDirectory run;
    private final EventLoop loop;
    private final Set<String> posted = new HashSet<>();
    private final List<Post> all = new ArrayList<>();
    private boolean closed;
    /** Why a lost socket could not be posted again, as it was told. */
    private String fault = "";

    /** One socket, and how it is made again. */
    private record Post(String whose, LocalListener listener, Binding binding) {
        Post again() throws IOException {
            return new Post(whose, binding.bind(), binding);
        }
    }

    LocalSockets(Path run, EventLoop loop) {
        this.run = new SocketDirectory(run);
        this.loop = loop;
    }

    /** Where a peer's files are posted. */
    Path socket(String peer) {
        return run.path().resolve(peer + ".9p");
    }

    /** Posts a peer in the run directory, if that has not been done. */
    synchronized void post(String peer, ClientRole role) throws EndpointException {
        if (!closed && !posted.contains(peer)) {
            run.make();
            listen(peer, () -> LocalListener.unix(socket(peer), loop, role));
            posted.add(peer);
        }
    }

    /**
     * Posts what tells about this endpoint: at {@code ctl.9p}, or, if another endpoint with the same directory has that
     * already, with the number of this process in the name.
     */
    synchronized void postControl(Supplier<ChannelHandler> handlers) throws EndpointException {
        if (closed || !posted.add(CONTROL)) {
            return;
        }
        run.make();
        try {
            bind(CONTROL, () -> LocalListener.unix(socket(CONTROL), loop, handlers));
        } catch (IOException taken) {
            listen(CONTROL,
                    () -> LocalListener.unix(socket(CONTROL + "-" + ProcessHandle.current().pid()), loop, handlers));
        }
    }

    /** Takes a peer's sockets away. Local connections that are there stay. */
    synchronized void unpost(String peer) {
        posted.remove(peer);
        List<Post> gone = all.stream().filter(post -> post.whose.equals(peer)).toList();
        gone.forEach(post -> post.listener.close());
        all.removeAll(gone);
    }

    /** Posts a peer at one more place. */
    synchronized void post(String peer, LocalAddress address, ClientRole role) throws EndpointException {
        if (closed) {
            return;
        }
        listen(peer, () -> switch (address) {
            case LocalAddress.Unix(Path path) -> LocalListener.unix(path, loop, role);
            case LocalAddress.Tcp tcp -> LocalListener.tcp(
                    new InetSocketAddress(tcp.address().host(), tcp.address().port()), loop, role);
        });
    }

    private interface Binding {
        LocalListener bind() throws IOException;
    }

    private void bind(String whose, Binding binding) throws IOException {
        all.add(new Post(whose, binding.bind(), binding));
    }

    private void listen(String whose, Binding binding) throws EndpointException {
        try {
            bind(whose, binding);
        } catch (IOException e) {
            throw new EndpointException(EndpointException.Kind.CANNOT_CREATE, e.getMessage(), e);
        }
    }

    /**
     * Posts removed sockets again, as when a run directory went with a login. A failure is told once.
     */
    synchronized void restore() {
        for (Post lost : List.copyOf(all)) {
            if (!closed && lost.listener.isLost()) {
                restore(lost);
            }
        }
    }

    private void restore(Post lost) {
        try {
            run.make();
            Post again = lost.again();
            all.set(all.indexOf(lost), again);
            lost.listener.close();
            fault = "";
            LOG.info("the socket {} was gone, and is there again", again.listener.address());
        } catch (EndpointException | IOException e) {
            if (!e.getMessage().equals(fault)) {
                fault = e.getMessage();
                LOG.warn("the socket {} is gone, and local programs cannot reach {}: {}", lost.listener.address(),
                        lost.whose, fault);
            }
        }
    }

    /** Takes all sockets away. Local connections that are there stay. */
    @Override
    public synchronized void close() {
        closed = true;
        all.forEach(post -> post.listener.close());
        all.clear();
    }
}
