package dev.ninetunnel.endpoint;

import dev.ninetunnel.export.Export;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What one file has that another has not, for the record. */
final class SetupChanges {
    private SetupChanges() {}

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
}
