package dev.ninetunnel.cli;

import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.FileStatus;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The files of one peer, with symbolic links followed where a shell user expects it. 9P servers follow none: it is for
 * the client to read them, as the Linux kernel does. A link is followed within what the peer offers, and not out of it.
 */
public record Remote(String peer, RemoteFiles files, SecondConversation second) {
    /** As many as Linux follows (path_resolution(7)). */
    private static final int MOST_LINKS = 40;
    private static final Text UP = Text.of("..");
    private static final Text HERE = Text.of(".");

    /** A file, and where it was found when links were followed. */
    public record Found(RemotePath path, FileStatus status) {}

    /** A path for people, as they would type it. */
    public String shown(RemotePath path) {
        return peer + ":" + (path.isRoot() ? "" : path);
    }

    /**
     * Finds a file.
     *
     * @param last whether to follow the link that the whole path may lead to
     */
    Found find(RemotePath path, boolean last) throws IOException {
        try {
            FileStatus status = files.status(path);
            return status.kind() == FileKind.SYMLINK && last ? followed(path, true) : new Found(path, status);
        } catch (RefusedException _) {
            // Servers differ in what they answer to a walk through a link. If it was none, this tells which name is
            // wrong.
            return followed(path, last);
        }
    }

    /** The same, but nothing where there is no such file. */
    Optional<Found> findIfThere(RemotePath path, boolean last) throws IOException {
        try {
            return Optional.of(find(path, last));
        } catch (RefusedException e) {
            if (e.is(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The place of an entry whose directory was found through links, if it was; the same place if it was not. */
    RemotePath throughLinks(RemotePath path) throws IOException {
        return path.parent().isRoot() ? path : find(path.parent(), true).path().child(path.name());
    }

    /** Goes name by name. */
    private Found followed(RemotePath path, boolean last) throws IOException {
        Deque<Text> rest = new ArrayDeque<>(path.names());
        Found at = new Found(RemotePath.ROOT, files.status(RemotePath.ROOT));
        int links = 0;
        while (!rest.isEmpty()) {
            Text name = rest.pop();
            if (name.equals(UP)) {
                if (at.path().isRoot()) {
                    throw leadsOut(path);
                }
                at = new Found(at.path().parent(), files.status(at.path().parent()));
                continue;
            }
            RemotePath next = at.path().child(name);
            FileStatus status = files.status(next);
            if (status.kind() == FileKind.SYMLINK && (last || !rest.isEmpty())) {
                if (++links > MOST_LINKS) {
                    throw new Failure(Failure.IO, shown(path) + ": the links on the way lead in circles");
                }
                namesOf(files.readLink(next), path).reversed().forEach(rest::push);
            } else {
                at = new Found(next, status);
            }
        }
        return at;
    }

    private List<Text> namesOf(Text target, RemotePath path) {
        byte[] bytes = target.bytes();
        if (bytes.length > 0 && bytes[0] == '/') {
            throw leadsOut(path);
        }
        List<Text> names = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '/') {
                Text name = Text.of(Arrays.copyOfRange(bytes, from, i));
                if (!name.isEmpty() && !name.equals(HERE)) {
                    names.add(name);
                }
                from = i + 1;
            }
        }
        return names;
    }

    /** Removes a half-written file, past the data for it that are still on their way, if the peer lets a second conversation in. */
    public void removePart(RemotePath part) throws IOException {
        second.files().orElse(files).remove(part);
    }

    private Failure leadsOut(RemotePath path) {
        return new Failure(Failure.NO_INPUT, shown(path) + ": a link on the way leads out of what " + peer
                + " offers ('ninetunnel stat' shows where it points)");
    }
}
