package dev.ninetunnel.fs.local;

import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.linux.InotifyWatch;
import dev.ninetunnel.fs.linux.LinuxTrees;
import dev.ninetunnel.fs.portable.PortableTree;
import dev.ninetunnel.linux.Linux;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens directories of this machine as trees: by Linux's system calls where they are to be had, else by java.nio. One
 * for all exports of a process, which then share one count of open descriptors. Any thread.
 */
public final class LocalTrees {
    private static final Logger LOG = LoggerFactory.getLogger(LocalTrees.class);

    private final LinuxTrees linux = Linux.available() ? new LinuxTrees() : null;

    /** None yet. */
    public LocalTrees() {
        Linux.fault().ifPresent(why -> LOG.info("directories are served the portable way: {}", why));
    }

    /** Finds out what is to be had here, which takes a moment the first time. */
    public static void prepare() {
        Linux.available();
    }

    /** Tells of changes of local files by any program; empty where the system has no way to. The caller closes it. */
    public static Optional<ChangeWatch> watch() {
        return Linux.available() ? InotifyWatch.open() : Optional.empty();
    }

    /**
     * Opens a directory.
     *
     * @throws FsException if it is not there (ENOENT), is none (ENOTDIR) or may not be opened
     */
    public FileTree open(Path directory) throws FsException {
        return linux == null ? PortableTree.open(directory) : linux.open(directory);
    }
}
