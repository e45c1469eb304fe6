package dev.ninetunnel.client;

import dev.ninetunnel.wire.message.DirectoryEntry;

/** What kind of file something is. */
public enum FileKind {
    FILE, DIRECTORY, SYMLINK, OTHER;

    private static final int FORMAT = 0170000;

    /** By the format bits of a Unix mode (inode(7)). */
    public static FileKind ofMode(int mode) {
        return switch (mode & FORMAT) {
            case 0100000 -> FILE;
            case 0040000 -> DIRECTORY;
            case 0120000 -> SYMLINK;
            default -> OTHER;
        };
    }

    /** By the type of a directory entry. */
    static FileKind ofEntry(DirectoryEntry entry) {
        return switch (entry.type()) {
            case DirectoryEntry.FILE -> FILE;
            case DirectoryEntry.DIRECTORY -> DIRECTORY;
            case DirectoryEntry.SYMLINK -> SYMLINK;
            // 0 says "unknown": then the qid has to do.
            default -> entry.qid().isDirectory() ? DIRECTORY : entry.type() == 0 ? FILE : OTHER;
        };
    }
}
