package dev.ninetunnel.fs.synthetic;

import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FileTree;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;

/** An entry with its number and the directory it is in (null for the root). */
sealed interface Item {
    String name();

    /** The name in bytes. */
    default byte[] nameBytes() {
        return name().getBytes(StandardCharsets.UTF_8);
    }

    FileId id();

    Directory above();

    /** A file that says what it is asked. */
    record File(String name, FileId id, Directory above, Supplier<byte[]> content) implements Item {}

    /** A file that does what it is told. */
    record Command(String name, FileId id, Directory above, Entry.Action action, Supplier<byte[]> content)
            implements
                Item {}

    /** Another tree. */
    record Mounted(String name, FileId id, Directory above, FileTree tree) implements Item {}

    /** A directory, which is not changed after the tree is made. */
    record Directory(String name, FileId id, Directory above, Map<String, Item> entries) implements Item {}
}
