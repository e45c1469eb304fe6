package dev.ninetunnel.client;

import dev.ninetunnel.wire.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * A file's place below the root of what was attached to: names, each of bytes without a slash. No names: the root.
 */
public record RemotePath(List<Text> names) {
    public static final RemotePath ROOT = new RemotePath(List.of());

    private static final Text HERE = Text.of(".");
    private static final Text UP = Text.of("..");

    public RemotePath {
        names = List.copyOf(names);
        for (Text name : names) {
            if (!isName(name)) {
                throw new IllegalArgumentException("no file can have the name \"" + name + '"');
            }
        }
    }

    /** From a path as people type it: empty names and {@code .} fall away, {@code ..} takes back the name before it. */
    public static RemotePath of(String path) {
        List<Text> names = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                if (!names.isEmpty()) {
                    names.removeLast();
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                names.add(Text.of(part));
            }
        }
        return new RemotePath(names);
    }

    /** Whether a file can be called so: not empty, not {@code .} or {@code ..}, no slash and no NUL in it. */
    static boolean isName(Text name) {
        if (name.isEmpty() || isDots(name)) {
            return false;
        }
        for (byte b : name.bytes()) {
            if (b == '/' || b == 0) {
                return false;
            }
        }
        return true;
    }

    static boolean isDots(Text name) {
        return name.equals(HERE) || name.equals(UP);
    }

    public boolean isRoot() {
        return names.isEmpty();
    }

    /** The place of an entry of this directory. */
    public RemotePath child(Text name) {
        List<Text> longer = new ArrayList<>(names);
        longer.add(name);
        return new RemotePath(longer);
    }

    /** The directory that this is in; the root's is the root. */
    public RemotePath parent() {
        return isRoot() ? this : new RemotePath(names.subList(0, names.size() - 1));
    }

    /** The last name; none for the root. */
    public Text name() {
        return isRoot() ? Text.EMPTY : names.getLast();
    }

    /** For people: slashes between, and what could mislead a terminal escaped. */
    @Override
    public String toString() {
        StringBuilder path = new StringBuilder();
        names.forEach(name -> path.append('/').append(name));
        return isRoot() ? "/" : path.substring(1);
    }
}
