package dev.ninetunnel.cache.known;

import dev.ninetunnel.wire.Text;
import java.util.ArrayList;
import java.util.List;

/** The order in which a client takes names of a directory one after the other: as the directory tells them, or by name. */
public final class ReadingOrder {
    /** So many in a row may be left out, such as empty files. */
    public static final int MOST_LEFT_OUT = 4;

    private final List<Text> told;
    /** Null until it is asked for. */
    private List<Text> byName;
    private boolean isByName;
    /** Where in that order the client is; -1 before the first. */
    private int at = -1;

    /** Of these names, in the order in which the directory tells them, before the first. */
    public ReadingOrder(List<Text> told) {
        this.told = told;
    }

    /** The client comes to one. Returns whether that is next, as far as can be seen. */
    public boolean comesTo(Text name) {
        int found = after(at, order(), name);
        if (found >= 0) {
            at = found;
            return true;
        }
        Text before = last();
        isByName = !isByName;
        found = after(before == null ? -1 : order().indexOf(before), order(), name);
        at = found >= 0 ? found : order().indexOf(name);
        return found >= 0;
    }

    private static int after(int at, List<Text> order, Text name) {
        for (int i = at + 1; i < order.size() && i <= at + 1 + MOST_LEFT_OUT; i++) {
            if (order.get(i).equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The one that it has come to last; null before the first. */
    public Text last() {
        return at < 0 ? null : order().get(at);
    }

    /** What is still to come, in its order. */
    public List<Text> next() {
        return order().subList(at + 1, order().size());
    }

    /** The same for other names of the same directory, from the same place. */
    public ReadingOrder of(List<Text> names) {
        ReadingOrder other = new ReadingOrder(names);
        other.isByName = isByName;
        other.at = at < 0 ? -1 : other.order().indexOf(last());
        return other;
    }

    private List<Text> order() {
        if (!isByName) {
            return told;
        }
        if (byName == null) {
            byName = new ArrayList<>(told);
            byName.sort(null);
        }
        return byName;
    }
}
