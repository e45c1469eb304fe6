package dev.ninetunnel.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What each thing about some files has been, from the first moment on, and what an observer may be told of it: no less than anybody had
 * been shown, or told as done, before the question was put (promise 1 of docs/coherence.md). What a program of the exporting host has
 * changed holds for who has been shown it: that one is not shown what was before it, nor before earlier changes of that host
 * (promise 2).
 *
 * <p>What a peer writes behind is so from when it is told as done, or shown, and is there when it has come. What is lost of it because
 * the peer was silent for a term, or begins anew, is so no more.
 */
final class Observations {
    /** One state of one thing: when it began, and whether by a program of the exporting host. */
    private record Version(Object value, long moment, boolean outsiders) {}

    /** A thing that is written behind: what was there last, and versions that have been told and are not there. */
    private static final class Behind {
        private Object there;
        private final Map<Object, Integer> told = new LinkedHashMap<>();
    }

    private final Map<String, List<Version>> histories = new HashMap<>();
    private final Map<String, Integer> bounds = new HashMap<>();
    /** Which peer has written a value, and of those that were told before they came, at which version. */
    private final Map<Object, Object> writers = new HashMap<>();
    private final Map<Object, Integer> toldAt = new HashMap<>();
    private final Map<String, Behind> behind = new HashMap<>();
    private final Map<Object, Map<String, Integer>> boundsOfPeers = new HashMap<>();
    private long moment;
    private int early;

    /** What is so now, all at one moment. */
    void are(Map<String, Object> values, boolean outsiders) {
        moment++;
        values.forEach((thing, value) -> {
            List<Version> history = histories.computeIfAbsent(thing, _ -> new ArrayList<>());
            Behind late = behind.computeIfAbsent(thing, _ -> new Behind());
            if (!value.equals(late.there)) {
                assertIsNotTooLate(thing, value);
            }
            if (!value.equals(late.there) && !comes(late, value, history.size())) {
                history.add(new Version(value, moment, outsiders));
            }
            late.there = value;
        });
    }

    /** What is written behind never lands on what another peer has written since. */
    private void assertIsNotTooLate(String thing, Object value) {
        Integer told = toldAt.get(value);
        if (told != null) {
            List<Version> since = histories.get(thing).subList(told, histories.get(thing).size());
            assertThat(since).as("%s comes when another peer has written", value)
                    .allMatch(version -> writers.getOrDefault(version.value, writers.get(value))
                            .equals(writers.get(value)));
        }
    }

    /** Whether it is what was told before, and only what was told behind it has been since. */
    private static boolean comes(Behind late, Object value, int versions) {
        Integer told = late.told.get(value);
        if (told == null) {
            return false;
        }
        boolean inOrder = late.told.values().stream().filter(version -> version >= told).count() == versions - told;
        late.told.remove(value);
        return inOrder;
    }

    /** A peer is told something that it has written, and that is not there. */
    private void isTold(String thing, Object value) {
        moment++;
        early++;
        toldAt.put(value, histories.get(thing).size());
        behind.get(thing).told.put(value, histories.get(thing).size());
        histories.get(thing).add(new Version(value, moment, false));
    }

    /** Whether this has been told as done, and is not there. */
    boolean isBehind(String thing, Object value) {
        return behind.get(thing).told.containsKey(value);
    }

    /** How often something has been told that was not there. */
    int early() {
        return early;
    }

    /** What has been told and is not there may be lost. */
    void mayBeLost() {
        behind.forEach((thing, late) -> {
            if (!late.told.isEmpty()) {
                moment++;
                late.told.clear();
                histories.get(thing).add(new Version(late.there, moment, false));
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
        if (seen == history.size() && isWritten(peer, answer)) {
            isTold(thing, answer);
        }
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
        int at = versions.size() - 1;
        while (at > 0 && versions.get(at).moment > moment) {
            at--;
        }
        return at;
    }

    /** A peer is about to write something behind. */
    void writes(Object peer, Object value) {
        writers.put(value, peer);
    }

    private boolean isWritten(Object peer, Object value) {
        return peer.equals(writers.get(value));
    }

    /** A write of a peer is told as done, which may not have come. */
    void written(Object peer, String thing, int from, Object value) {
        if (first(histories.get(thing), from, value::equals) == histories.get(thing).size()) {
            isTold(thing, value);
        }
        done(thing, from, value::equals);
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
