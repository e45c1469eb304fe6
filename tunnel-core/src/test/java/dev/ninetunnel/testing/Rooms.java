package dev.ninetunnel.testing;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** How many top-level classes a package has, and which of them know each other in a circle, read from class files. */
public final class Rooms {
    private final Map<String, SortedSet<String>> packages = new TreeMap<>();
    private final Map<String, SortedSet<String>> uses = new TreeMap<>();
    private final Map<String, Integer> found = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final List<SortedSet<String>> circles = new ArrayList<>();

    /** Reads what there is among these; nested classes count as the one that they are in. */
    public Rooms(JavaClasses classes) {
        for (JavaClass each : classes) {
            if (each.getSimpleName().equals("package-info")) {
                continue; // some compilers make a class of it
            }
            packages.computeIfAbsent(each.getPackageName(), name -> new TreeSet<>()).add(top(each));
            SortedSet<String> used = uses.computeIfAbsent(top(each), name -> new TreeSet<>());
            each.getDirectDependenciesFromSelf().stream().map(use -> use.getTargetClass().getBaseComponentType())
                    .filter(target -> classes.contain(target.getName())).forEach(target -> used.add(top(target)));
        }
        uses.keySet().stream().filter(each -> !found.containsKey(each)).forEach(this::visit);
    }

    private static String top(JavaClass nested) {
        return nested.getEnclosingClass().map(Rooms::top).orElse(nested.getName());
    }

    /** The packages with more classes than that, each with its classes. */
    public Map<String, SortedSet<String>> above(int most) {
        Map<String, SortedSet<String>> large = new TreeMap<>(packages);
        large.values().removeIf(all -> all.size() <= most);
        return large;
    }

    /** The circles of more classes than that: each of these leads to each other one. */
    public List<SortedSet<String>> circlesAbove(int most) {
        return circles.stream().filter(circle -> circle.size() > most).toList();
    }

    /** By Tarjan's way: the earliest class still open that this one leads to. */
    private int visit(String at) {
        int number = found.size();
        found.put(at, number);
        open.push(at);
        int earliest = number;
        for (String next : uses.get(at)) {
            if (!found.containsKey(next)) {
                earliest = Math.min(earliest, visit(next));
            } else if (open.contains(next)) {
                earliest = Math.min(earliest, found.get(next));
            }
        }
        if (earliest == number) {
            SortedSet<String> circle = new TreeSet<>();
            String last = "";
            while (!last.equals(at)) {
                last = open.pop();
                circle.add(last);
            }
            circles.add(circle);
        }
        return earliest;
    }
}
