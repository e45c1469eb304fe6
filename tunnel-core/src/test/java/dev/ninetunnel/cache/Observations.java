package dev.ninetunnel.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What each thing about some files has been, from the first moment on, and what an observer may be told of it: no less than anybody had
 * been shown, or told as done, before the question was put (promise 1 of docs/coherence.md). What a program of the exporting host has
 * changed holds for who has been shown it: that one is not shown what was before it, nor before earlier changes of that host
 * (promise 2).
 */
final class Observations {
    /** One state of one thing: when it began, and whether by a program of the exporting host. */
    private record Version(Object value, long moment, boolean outsiders) {}

    private final Map<String, List<Version>> histories = new HashMap<>();
    private final Map<String, Integer> bounds = new HashMap<>();
    private final Map<Object, Map<String, Integer>> boundsOfPeers = new HashMap<>();
    private long moment;

    /** What is so now, all at one moment. */
    void are(Map<String, Object> values, boolean outsiders) {
        moment++;
        values.forEach((thing, value) -> {
            List<Version> history = histories.computeIfAbsent(thing, _ -> new ArrayList<>());
            if (history.isEmpty() || !history.getLast().value.equals(value)) {
                history.add(new Version(value, moment, outsiders));
            }
        });
    }

    /** A question about a thing that a peer puts now: the earliest version that may answer it. */
    int ask(Object peer, String thing) {
        return Math.max(bounds.getOrDefault(thing, 0), of(peer).getOrDefault(thing, 0));
    }

    /** The version that is there now. */
    int latest(String thing) {
        return histories.get(thing).size() - 1;
    }

    private Map<String, Integer> of(Object peer) {
        return boundsOfPeers.computeIfAbsent(peer, _ -> new HashMap<>());
    }

    /** The answer has come, which fits some of the versions. */
    void shown(Object peer, String thing, int from, Object answer, Predicate<Object> fits) {
        List<Version> history = histories.get(thing);
        int seen = first(history, from, fits);
        assertThat(seen).as("%s is told %s of %s, which since version %s has been %s", peer, answer, thing, from,
                history.subList(Math.max(0, from - 2), history.size())).isLessThan(history.size());
        int lasting = seen;
        while (lasting > 0 && history.get(lasting).outsiders) {
            lasting--;
        }
        bounds.merge(thing, lasting, Math::max);
        of(peer).merge(thing, seen, Math::max);
        if (history.get(seen).outsiders) {
            long since = history.get(seen).moment;
            histories.forEach((other, versions) -> of(peer).merge(other, at(versions, since), Math::max));
        }
    }

    private static int first(List<Version> history, int from, Predicate<Object> fits) {
        int at = from;
        while (at < history.size() && !fits.test(history.get(at).value)) {
            at++;
        }
        return at;
    }

    private static int at(List<Version> versions, long moment) {
        int at = 0;
        while (at + 1 < versions.size() && versions.get(at + 1).moment <= moment) {
            at++;
        }
        return at;
    }

    /** A change is told as done, which was asked for at this version: some version since then is what it made, and so are others with that. */
    void done(String thing, int from, Predicate<Object> made) {
        List<Version> history = histories.get(thing);
        int seen = first(history, from, made);
        if (seen < history.size()) {
            long since = history.get(seen).moment;
            histories.forEach((other, versions) -> {
                int bound = at(versions, since);
                while (bound > 0 && versions.get(bound).outsiders) {
                    bound--;
                }
                bounds.merge(other, other.equals(thing) ? Math.min(bound, seen) : bound, Math::max);
            });
        }
    }
}
