package dev.ninetunnel.endpoint.mount;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The mounts of an endpoint, one a peer at most. Any thread. */
public final class PeerMounts implements AutoCloseable {
    private final Predicate<String> linked;
    private final Map<String, PeerMount> mounts = new ConcurrentHashMap<>();
    private boolean closed;

    /**
     * None yet.
     *
     * @param linked whether a peer of this name is linked; asked by threads that may wait
     */
    public PeerMounts(Predicate<String> linked) {
        this.linked = linked;
    }

    /**
     * Has these mounts and no others, by the names of the peers. Those that are the same stay as they are, but for one that somebody
     * has unmounted. Waits for the end of the others.
     */
    public synchronized void keep(Map<String, MountConfig> wanted, MountProgram program) {
        if (closed) {
            return;
        }
        end(mounts.keySet().stream().filter(peer -> !goesOn(mounts.get(peer), wanted.get(peer))).toList());
        wanted.forEach((peer, config) -> mounts.computeIfAbsent(peer, _ -> {
            PeerMount mount = new PeerMount(peer, config, program.command(peer, config), () -> linked.test(peer));
            mount.start();
            return mount;
        }));
    }

    private static boolean goesOn(PeerMount mount, MountConfig wanted) {
        return mount.config().equals(wanted) && !(mount.state() instanceof MountState.Unmounted);
    }

    private void end(List<String> peers) {
        List<PeerMount> gone = peers.stream().map(mounts::get).toList();
        gone.forEach(PeerMount::end);
        for (PeerMount mount : gone) {
            try {
                mount.awaitEnd();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        peers.forEach(mounts::remove);
    }

    /** Where a peer's files are to be mounted, if anywhere. */
    public Optional<MountConfig> config(String peer) {
        return Optional.ofNullable(mounts.get(peer)).map(PeerMount::config);
    }

    /** How it is with the mount of a peer's files, if there is to be one. */
    public Optional<MountState> state(String peer) {
        return Optional.ofNullable(mounts.get(peer)).map(PeerMount::state);
    }

    /** Unmounts all, for good, and waits for that. */
    @Override
    public synchronized void close() {
        closed = true;
        end(List.copyOf(mounts.keySet()));
    }
}
