package dev.ninetunnel.cli.copy;

import dev.ninetunnel.cli.Remote;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.FileStatus;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RemoteEntry;
import dev.ninetunnel.client.RemotePath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/** What runs that were cut short have left on the far side. May be used by several threads. */
record RemoteParts(Copying copying, Remote remote) {
    /** What is left in a directory. */
    Parts in(RemotePath directory) {
        try {
            return among(copying.rules().dryRun() ? List.of() : remote.files().list(directory), directory);
        } catch (IOException _) {
            return among(List.of(), directory); // they hinder nobody but who looks for them
        }
    }

    /** The same of one whose entries are known. */
    Parts among(List<RemoteEntry> entries, RemotePath directory) {
        Parts parts = new Parts(part -> removeLeftOver(directory.child(part)));
        if (copying.rules().dryRun()) {
            return parts;
        }
        for (RemoteEntry entry : entries) {
            if (entry.kind() != FileKind.DIRECTORY && PartNames.isPart(entry.name())) {
                addIfLeftOver(directory.child(entry.name()), parts);
            }
        }
        return parts;
    }

    private void addIfLeftOver(RemotePath part, Parts parts) {
        try {
            FileStatus is = remote.files().status(part);
            if (copying.names().isLeftOver(part.name(), is.modified())) {
                // What has another name as well is not to be written to.
                parts.add(part.name(), is.kind() == FileKind.FILE && is.size() >= Parts.WORTH && is.links() == 1);
            }
        } catch (IOException _) {
            // Somebody else was faster.
        }
    }

    private void removeLeftOver(RemotePath part) {
        try {
            remote.files().remove(part);
        } catch (IOException _) {
            // Somebody else was faster, or it is not ours to remove.
        }
    }

    /** Takes a part that a run has left, as far as it is right. Returns where it ends, or 0, with nothing of it left. */
    long takeOn(Path from, RemotePath part, RemotePath temporary) throws IOException {
        try (FileChannel here = FileChannel.open(from)) {
            // Of several runs, one has it from now on.
            remote.files().rename(part, temporary);
            long length = Math.min(here.size(), remote.files().status(temporary).size());
            long common = remote.files().commonStart(temporary, here, length).orElse(0);
            if (common > 0) {
                return common;
            }
        } catch (RefusedException _) {
            // It is made anew.
        }
        remove(temporary);
        return 0;
    }

    /** Removes a file that may be there. */
    void remove(RemotePath file) throws IOException {
        try {
            remote.files().remove(file);
        } catch (RefusedException _) {
            // It is not there, or not ours to remove.
        }
    }
}
