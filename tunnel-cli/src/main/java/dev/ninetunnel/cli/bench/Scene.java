package dev.ninetunnel.cli.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Loads at the same time.
 *
 * @param oneConnection whether all clients of all loads share one connection, as programs on one kernel mount do; else
 *        each has its own
 */
public record Scene(List<Load> loads, boolean oneConnection) {
    private static final String SHARED = "shared/";

    /** What is measured when nothing is said. */
    public static final List<Scene> USUAL = all("read", "write", "read+write", "getattr", "getattr:8x16", "walk",
            "open",
            "mix:4x4");

    /** The same on a slow network: who copies must not hold up who asks for something small. */
    public static final List<Scene> USUAL_SLOW = all("read", "write", "getattr", "getattr+read:4x16x128k",
            "shared/getattr+read:4x16x128k", "getattr+write:4x16x128k", "shared/getattr+write:4x16x128k");

    public Scene {
        loads = List.copyOf(loads);
    }

    /**
     * Reads {@code [shared/]LOAD[+LOAD...]}.
     *
     * @throws IllegalArgumentException with a message for the person who typed it
     */
    public static Scene parse(String text) {
        boolean shared = text.startsWith(SHARED);
        String loads = shared ? text.substring(SHARED.length()) : text;
        return new Scene(Arrays.stream(loads.split("\\+", -1)).map(Load::parse).toList(), shared);
    }

    private static List<Scene> all(String... scenes) {
        return Arrays.stream(scenes).map(Scene::parse).toList();
    }

    /** Whether it is file data that its loads move, and nothing else. */
    public boolean bulk() {
        return loads.stream().allMatch(load -> load.kind().bulk());
    }

    /** How many clients write, each to a file of its own. */
    int writers() {
        return loads.stream().filter(l -> l.kind() == Load.Kind.WRITE).mapToInt(Load::clients).sum();
    }

    @Override
    public String toString() {
        return (oneConnection ? SHARED : "") + loads.stream().map(Load::toString).collect(Collectors.joining("+"));
    }
}
