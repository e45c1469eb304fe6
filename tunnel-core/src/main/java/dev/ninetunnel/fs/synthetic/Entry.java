package dev.ninetunnel.fs.synthetic;

import dev.ninetunnel.fs.FileTree;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What a name in a synthetic directory stands for. */
public sealed interface Entry {
    /**
     * A read-only file; each time it is opened it has what is produced then. The supplier may be called on any thread.
     */
    record File(Supplier<byte[]> content) implements Entry {}

    /** The root of another tree, which whoever mounted it closes. */
    record Mounted(FileTree tree) implements Entry {}

    /** A directory of such entries, in this order. */
    record Directory(Map<String, Entry> entries) implements Entry {
        public Directory {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }
    }
}
