package dev.ninetunnel.cache.known;

import dev.ninetunnel.wire.Text;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The order in which a client takes names of a directory one after the other: as the directory tells them, or by name. */
public final class ReadingOrder {
    /** So many in a row may be left out, such as empty files. */
    public static final int MOST_LEFT_OUT = 4;

    private final Names names;
    private boolean isByName;
    /** Null before the first. */
    private Text last;

    /** The names in both orders. */
    private static final class Names {
        private final Order told;
        /** Null until it is asked for. */
        private Order byName;

        Names(List<Text> told) {
            this.told = new Order(told);
        }

        Order order(boolean isByName) {
            if (isByName && byName == null) {
                byName = new Order(told.names.stream().sorted().toList());
            }
            return isByName ? byName : told;
        }
    }

    private static final class Order {
        private final List<Text> names;
        /** Null until it is asked for. */
        private Map<Text, Integer> places;

        Order(List<Text> names) {
            this.names = names;
        }

        /** Where it is; -1 for none of them, and for null. */
        int place(Text name) {
            if (places == null) {
                places = new HashMap<>();
                for (int i = 0; i < names.size(); i++) {
                    places.put(names.get(i), i);
                }
            }
            return places.getOrDefault(name, -1);
        }
    }

    /** Of these names, in the order in which the directory tells them, before the first. */
    public ReadingOrder(List<Text> told) {
        this(new Names(told));
    }

    private ReadingOrder(Names names) {
        this.names = names;
    }

    /** The same names, and another place: before the first. */
    public ReadingOrder another() {
        ReadingOrder other = new ReadingOrder(names);
        other.isByName = isByName;
        return other;
    }

    /** Whether this one is next in either order, but for so many that may be left out. */
    public boolean leadsTo(Text name, int leftOut) {
        return last != null && (isNear(name, isByName, leftOut) || isNear(name, !isByName, leftOut));
    }

    private boolean isNear(Text name, boolean inOrderOfNames, int leftOut) {
        Order order = names.order(inOrderOfNames);
        int before = order.place(last);
        int found = order.place(name);
        return found > before && found <= before + 1 + leftOut;
    }

    /** The client comes to one. Returns whether that is next, as far as can be seen. */
    public boolean comesTo(Text name) {
        boolean isNext = isNear(name, isByName, MOST_LEFT_OUT);
        if (!isNext) {
            isByName = !isByName;
            isNext = isNear(name, isByName, MOST_LEFT_OUT);
        }
        last = name;
        return isNext;
    }

    /** The one that it has come to last; null before the first. */
    public Text last() {
        return last;
    }

    /** What is still to come, in its order. */
    public List<Text> next() {
        Order order = names.order(isByName);
        return order.names.subList(order.place(last) + 1, order.names.size());
    }

    /** The same for other names of the same directory, from the same place. */
    public ReadingOrder of(List<Text> told) {
        ReadingOrder other = new ReadingOrder(told);
        other.isByName = isByName;
        other.last = last;
        return other;
    }
}
