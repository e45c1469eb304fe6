package dev.ninetunnel.fs;

import dev.ninetunnel.fs.linux.LinuxTree;
import dev.ninetunnel.fs.portable.PortableTree;
import java.nio.file.Path;

/** The ways to serve a directory that must behave alike. */
enum Backend {
    LINUX, PORTABLE;

    FileTree open(Path directory) throws FsException {
        return switch (this) {
            case LINUX -> LinuxTree.open(directory);
            case PORTABLE -> PortableTree.open(directory);
        };
    }
}
