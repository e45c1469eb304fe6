package dev.ninetunnel.fs;

import java.util.Arrays;
import java.util.List;

/**
 * Where a file is in its tree at one moment.
 *
 * @param files the tree's root, and what was gone through from there, down to the file itself
 * @param names the name of each but the root
 */
public record Way(List<FileId> files, List<byte[]> names) {
    /** That of a file that has been removed, or of a tree in which nothing moves. */
    public static final Way NOWHERE = new Way(List.of(), List.of());

    public Way {
        files = List.copyOf(files);
        names = List.copyOf(names);
    }

    /** Whether it comes through this directory, or ends in it. */
    public boolean isThrough(FileId directory) {
        return files.contains(directory);
    }

    /** Whether it begins with these names. */
    public boolean beginsWith(List<byte[]> path) {
        if (names.size() < path.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            if (!Arrays.equals(names.get(i), path.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is none. */
    public boolean isNowhere() {
        return files.isEmpty();
    }
}
