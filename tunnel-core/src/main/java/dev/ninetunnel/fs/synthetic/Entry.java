package dev.ninetunnel.fs.synthetic;

import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FsException;
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

    /**
     * A file that does something when it is written to, once for each write; and that has what is produced when it is opened.
     * Both are called on any thread, and may block.
     */
    record Command(Action action, Supplier<byte[]> content) implements Entry {}

    /** What a {@link Command} does. */
    @FunctionalInterface
    interface Action {
        /** Takes what was written; EINVAL, or another error, if it is not to be done or did not succeed. */
        void take(byte[] written) throws FsException;
    }

    /** The root of another tree, which knows nothing of this one, and is closed by the one who mounted it. */
    record Mounted(FileTree tree) implements Entry {}

    /** A directory of such entries, in this order. */
    record Directory(Map<String, Entry> entries) implements Entry {
        public Directory {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }
    }
}
