package dev.ninetunnel.endpoint;

import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.mux.LocalListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The local sockets: for each peer one in the run directory, named after it as Plan 9 names a service in /srv, and more
 * where asked for. For any thread but the session loop, whose work it waits for.
 */
final class Posts implements AutoCloseable {
    /** No peer has this name. */
    private static final String CONTROL = "ctl";

    private final Path run;
    private final EventLoop loop;
    private final Set<String> posted = new HashSet<>();
    private final List<LocalListener> listeners = new ArrayList<>();
    /** Those of peers that may go before the endpoint does. */
    private final Map<String, List<LocalListener>> ofPeers = new HashMap<>();
    private boolean closed;

    Posts(Path run, EventLoop loop) {
        this.run = run;
        this.loop = loop;
    }

    /** Where a peer's files are posted. */
    Path socket(String peer) {
        return run.resolve(peer + ".9p");
    }

    /** Posts a peer in the run directory, if that has not been done. */
    synchronized void post(String peer, ClientRole role) throws EndpointException {
        if (!closed && !posted.contains(peer)) {
            makeRun();
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
        makeRun();
        try {
            listeners.add(LocalListener.unix(socket(CONTROL), loop, handlers));
        } catch (IOException taken) {
            listen(CONTROL,
                    () -> LocalListener.unix(socket(CONTROL + "-" + ProcessHandle.current().pid()), loop, handlers));
        }
    }

    /** Takes a peer's sockets away. Local connections that are there stay. */
    synchronized void unpost(String peer) {
        posted.remove(peer);
        List<LocalListener> gone = ofPeers.remove(peer);
        if (gone != null) {
            gone.forEach(LocalListener::close);
            listeners.removeAll(gone);
        }
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

    private void listen(String whose, Binding binding) throws EndpointException {
        try {
            LocalListener bound = binding.bind();
            listeners.add(bound);
            ofPeers.computeIfAbsent(whose, name -> new ArrayList<>()).add(bound);
        } catch (IOException e) {
            throw new EndpointException(EndpointException.Kind.CANNOT_CREATE, e.getMessage(), e);
        }
    }

    private void makeRun() throws EndpointException {
        try {
            Files.createDirectories(run.toAbsolutePath().getParent());
            Files.createDirectory(run,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(run)) {
                throw new EndpointException(EndpointException.Kind.CANNOT_CREATE,
                        run + " is to hold the sockets, but is "
                                + "no directory: give another with --run",
                        e);
            }
        } catch (IOException e) {
            throw new EndpointException(EndpointException.Kind.CANNOT_CREATE, "the directory for the sockets, " + run
                    + ", cannot be made (" + e.getMessage() + "): give another with --run", e);
        }
    }

    /** Takes all sockets away. Local connections that are there stay. */
    @Override
    public synchronized void close() {
        closed = true;
        listeners.forEach(LocalListener::close);
        listeners.clear();
    }
}
