package dev.ninetunnel.fs.linux;

import dev.ninetunnel.fs.FsException;
import java.nio.file.Path;

/** Opens {@link LinuxTree}s that share one count of descriptors, three quarters of what the process may have. */
public final class LinuxTrees {
    private final Descriptors descriptors = Descriptors.ofProcess();
    private final Resizing resizing = new Resizing();
    private final Roots roots = new Roots();

    /** Serves a directory; see {@link LinuxTree#open}. */
    public LinuxTree open(Path directory) throws FsException {
        return LinuxTree.open(directory, roots, descriptors, resizing);
    }
}
