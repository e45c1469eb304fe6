package dev.ninetunnel.endpoint;

import dev.ninetunnel.export.Export;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What one file has that another has not, for the record and for people. */
final class ConfigChanges {
    private ConfigChanges() {}

    /** Each in a few words, such as {@code peer bob added}. */
    static List<String> between(HubConfig before, HubConfig next) {
        List<String> changes = new ArrayList<>();
        compare("listen", named(before.listen(), Object::toString), named(next.listen(), Object::toString), changes);
        compare("export", named(before.config().exports(), Export::name), named(next.config().exports(), Export::name),
                changes);
        compare("peer", named(before.peers(), PeerConfig::name), named(next.peers(), PeerConfig::name), changes);
        if (!before.config().papers().equals(next.config().papers())) {
            changes.add("keys or authorities changed");
        }
        return changes;
    }

    private static <T> Map<String, T> named(List<T> all, Function<T, String> name) {
        return all.stream().collect(Collectors.toMap(name, Function.identity()));
    }

    private static <T> void compare(String kind, Map<String, T> before, Map<String, T> next, List<String> into) {
        next.keySet().stream().filter(name -> !before.containsKey(name)).sorted()
                .forEach(name -> into.add(kind + " " + name + " added"));
        before.keySet().stream().filter(name -> !next.containsKey(name)).sorted()
                .forEach(name -> into.add(kind + " " + name + " removed"));
        next.keySet().stream().filter(before::containsKey).sorted()
                .filter(name -> !Objects.equals(before.get(name), next.get(name)))
                .forEach(name -> into.add(kind + " " + name + " changed"));
    }

    /**
     * For each peer whose paths move, in words for people. At the top a peer sees the directory of the one export that it is
     * granted, or a directory that lists several: one more, or one less, moves every path of a peer that names no export when it
     * attaches.
     */
    static List<String> moved(HubConfig before, HubConfig next) {
        List<String> moved = new ArrayList<>();
        for (PeerConfig peer : next.peers()) {
            Optional<PeerConfig> was = before.peer(peer.name());
            if (was.isPresent()) {
                compareTops(peer.name(), granted(before, was.get()), granted(next, peer), moved);
            }
        }
        return moved;
    }

    private static List<String> granted(HubConfig hubConfig, PeerConfig peer) {
        return hubConfig.config().exports().stream().map(Export::name)
                .filter(name -> peer.rights().grants().containsKey(name)).toList();
    }

    private static void compareTops(String peer, List<String> before, List<String> next, List<String> into) {
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
