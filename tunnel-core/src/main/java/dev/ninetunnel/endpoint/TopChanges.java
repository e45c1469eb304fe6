package dev.ninetunnel.endpoint;

import dev.ninetunnel.export.Export;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What peers see at the top: the directory of the one export that they are granted, or a directory that lists several. A file
 * that grants one more, or one less, moves every path of a peer that names no export when it attaches.
 */
final class TopChanges {
    private TopChanges() {}

    /** For each peer whose paths move, in words for people. */
    static List<String> between(HubConfig before, HubConfig next) {
        List<String> moved = new ArrayList<>();
        for (PeerConfig peer : next.peers()) {
            Optional<PeerConfig> was = before.peer(peer.name());
            if (was.isPresent()) {
                compare(peer.name(), granted(before, was.get()), granted(next, peer), moved);
            }
        }
        return moved;
    }

    private static List<String> granted(HubConfig hubConfig, PeerConfig peer) {
        return hubConfig.config().exports().stream().map(Export::name)
                .filter(name -> peer.rights().grants().containsKey(name)).toList();
    }

    private static void compare(String peer, List<String> before, List<String> next, List<String> into) {
        boolean nothing = before.isEmpty() || next.isEmpty();
        boolean lists = before.size() > 1 && next.size() > 1;
        if (!nothing && !lists && !before.equals(next)) {
            into.add("the paths of peer " + peer + " move: at the top it saw " + top(before) + ", and sees " + top(next)
                    + " when it attaches from now on. Who names the export in the attach (aname=" + next.getFirst()
                    + ") finds it at the same place in either case");
        }
    }

    private static String top(List<String> exports) {
        return exports.size() == 1
                ? "the files of " + exports.getFirst()
                : "a directory that lists " + String.join(", ", exports);
    }
}
