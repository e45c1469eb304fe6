package dev.ninetunnel.endpoint;

import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.export.TreeCache;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.serve.Quota;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What each peer may use of what is exported: everybody the same, or each what it is granted. Any thread, where nothing else
 * is said.
 */
final class PeerExports implements AutoCloseable {
    /** What one peer may use. */
    record Share(Exports exports, Quota quota) {}

    private final EventLoop loop;
    private final TreeCache treeCache = new TreeCache(new LocalTrees());
    /** What everybody may use; nothing where peers are granted what they may. */
    private final Exports common;
    private final Map<String, Share> offers = new ConcurrentHashMap<>();

    private PeerExports(EventLoop loop, List<Export> common) throws IOException {
        this.loop = loop;
        this.common = new Exports(common, treeCache);
    }

    /** The same for everybody, or to each its own. Throws as {@link Exports} does. */
    static PeerExports of(EventLoop loop, HubConfig hubConfig) throws IOException {
        boolean same = hubConfig.admitted() instanceof HubConfig.Admitted.Everyone;
        PeerExports made = new PeerExports(loop, same ? hubConfig.config().exports() : List.of());
        try {
            made.prepare(hubConfig).apply();
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
        return made;
    }

    /** What this peer may use. */
    Share of(String peer) {
        return offers.computeIfAbsent(peer, name -> new Share(common, new Quota(loop, Rights.Limits.NONE)));
    }

    /** Why directories that are exported cannot be attached to, in words for people. Never blocks. */
    List<String> troubles() {
        return treeCache.troubles();
    }

    /** What others are to have from some moment on. To be ended by either method. */
    final class Change {
        private final Map<String, Exports.Change> changes = new LinkedHashMap<>();
        private final Map<String, Share> added = new LinkedHashMap<>();
        private final Map<String, Rights.Limits> limits = new LinkedHashMap<>();

        /** Lets it hold. On the session loop, or before there is anything on it. */
        void apply() {
            changes.values().forEach(Exports.Change::apply);
            offers.putAll(added);
            limits.forEach((peer, l) -> offers.get(peer).quota().change(l));
            offers.keySet().stream().filter(peer -> !limits.containsKey(peer)).collect(Collectors.toSet())
                    .forEach(gone -> withdraw(gone));
        }

        private void withdraw(String peer) {
            Share gone = offers.remove(peer);
            if (gone.exports() != common) {
                gone.exports().close();
            }
        }

        /** Lets everything be as it was. */
        void cancel() {
            changes.values().forEach(Exports.Change::cancel);
            added.values().forEach(share -> share.exports().close());
        }
    }

    /**
     * Opens what the peers are to have.
     *
     * @throws IOException if a directory cannot be opened; nothing has changed then
     * @throws IllegalArgumentException if something cannot be granted; nothing has changed then
     */
    Change prepare(HubConfig hubConfig) throws IOException {
        Change change = new Change();
        try {
            for (PeerConfig peer : hubConfig.peers()) {
                List<Export> granted = Granted.of(hubConfig.config().exports(), peer.rights());
                Share there = offers.get(peer.name());
                if (there == null) {
                    change.added.put(peer.name(), new Share(new Exports(granted, treeCache),
                            new Quota(loop, peer.rights().limits())));
                } else {
                    change.changes.put(peer.name(), there.exports().change(granted));
                }
                change.limits.put(peer.name(), peer.rights().limits());
            }
        } catch (IOException | RuntimeException e) {
            change.cancel();
            throw e;
        }
        return change;
    }

    @Override
    public void close() {
        offers.values().forEach(share -> share.exports().close());
        offers.clear();
        common.close();
        treeCache.close();
    }
}
