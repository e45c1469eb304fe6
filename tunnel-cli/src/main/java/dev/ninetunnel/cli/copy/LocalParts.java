package dev.ninetunnel.cli.copy;

import dev.ninetunnel.cli.Remote;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What runs that were cut short have left on this machine. May be used by several threads. */
record LocalParts(Copying copying, Remote remote) {
    /** What is left in a directory. */
    Parts in(LocalDirectory directory) {
        Parts parts = new Parts(part -> removePart(directory, LocalNames.name(part)));
        if (copying.rules().dryRun()) {
            return parts;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory.path(), ".ninetunnel-*.part")) {
            for (Path file : found) {
                Path name = file.getFileName();
                BasicFileAttributes is = directory.status(name)
                        .orElseThrow(() -> new NoSuchFileException(file.toString()));
                if (copying.names().isLeftOver(LocalNames.text(name), is.lastModifiedTime().toInstant())) {
                    parts.add(LocalNames.text(name), is.isRegularFile() && is.size() >= Parts.WORTH && isOneName(file));
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // They hinder nobody but who looks for them.
        }
        return parts;
    }

    /** Whether a file has no other name, by which it is somebody's who does not mean it to be written to. */
    private static boolean isOneName(Path file) throws IOException {
        try {
            return (Integer) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) == 1;
        } catch (UnsupportedOperationException | IllegalArgumentException _) {
            return false;
        }
    }

    private static void removePart(LocalDirectory in, Path part) {
        try {
            in.delete(part);
        } catch (IOException _) {
            // It hinders nobody but who looks for it.
        }
    }

    /** Takes a part that a run has left, as far as it is right. Returns where it ends, or 0, with nothing of it left. */
    long takeOn(Remote.Found from, LocalDirectory to, Path part, Path temporary) throws IOException {
        try {
            // Of several runs, one has it from now on.
            to.rename(part, temporary);
        } catch (FileSystemException _) {
            return 0;
        }
        try (SeekableByteChannel here = to.openFile(temporary, LocalDirectory.TO_READ)) {
            long length = Math.min(here.size(), from.status().size());
            long common = remote.files().commonStart(from.path(), here, length).orElse(0);
            if (common > 0) {
                return common;
            }
        }
        to.delete(temporary);
        return 0;
    }
}
