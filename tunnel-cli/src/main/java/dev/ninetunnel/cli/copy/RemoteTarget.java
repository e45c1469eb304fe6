package dev.ninetunnel.cli.copy;

import dev.ninetunnel.cli.FileProblems;
import dev.ninetunnel.cli.LocalSource;
import dev.ninetunnel.cli.Remote;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RemoteDirectory;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** A directory of a peer that files are put into. May be used by several threads. */
final class RemoteTarget implements AutoCloseable {
    private static final Set<Errno> NOT_IN_THIS_WAY = Set.of(Errno.EPERM, Errno.EACCES, Errno.EROFS, Errno.EEXIST,
            Errno.EOPNOTSUPP, Errno.ENOSYS, Errno.EINVAL, Errno.EXDEV, Errno.ENAMETOOLONG, Errno.EIO);

    /** Becomes a hole, where it is written by itself. */
    private static final byte[] EMPTY_BLOCK = new byte[4096];

    private final Copying copying;
    private final Remote remote;
    private final RemotePath path;
    private final Supplier<Parts> parts;
    private RemoteDirectory held;

    /** With what earlier runs have left there, which may have to be waited for. */
    RemoteTarget(Copying copying, Remote remote, RemotePath path, Supplier<Parts> parts) {
        this.copying = copying;
        this.remote = remote;
        this.path = path;
        this.parts = parts;
    }

    private synchronized RemoteDirectory held() throws IOException {
        if (held == null) {
            held = remote.files().directory(path);
        }
        return held;
    }

    /**
     * Puts a new file in the place of what may be there. Returns false, with all as it was, if the server does not.
     *
     * @param isThere whether something is, as far as is known
     */
    boolean replace(Path from, Text name, boolean isThere, ProgressLine.Transfer progress) throws IOException {
        Text temporary = copying.names().next(name);
        RemotePath place = path.child(temporary);
        try (var leftover = copying.expectPart(() -> remote.removePart(place))) {
            OptionalLong whole = putWhole(from, name, temporary, isThere, progress);
            long moved;
            if (whole.isPresent()) {
                moved = whole.getAsLong();
            } else {
                moved = write(from, name, temporary, progress);
                held().rename(temporary, name);
            }
            leftover.kept();
            copying.tally().copied(moved);
            return true;
        } catch (RefusedException e) {
            if (NOT_IN_THIS_WAY.contains(Errno.of(e.errno()))) {
                new RemoteParts(copying, remote).remove(place);
                return false;
            }
            throw FileProblems.explained(remote.shown(path.child(name)), remote.peer(), e);
        }
    }

    /** Puts a small file by one request, without holes. Returns how many bytes that were; empty if it has to be written. */
    private OptionalLong putWhole(Path from, Text name, Text temporary, boolean isThere, Progress progress)
            throws IOException {
        if (Files.size(from) > RemoteDirectory.MOST_AT_ONCE || !Files.isRegularFile(from)) {
            return OptionalLong.empty(); // what is no file may not be read twice
        }
        byte[] content;
        try (InputStream in = Files.newInputStream(from)) {
            content = in.readNBytes(RemoteDirectory.MOST_AT_ONCE + 1);
        }
        if (content.length > RemoteDirectory.MOST_AT_ONCE || hasEmptyBlock(content)) {
            return OptionalLong.empty();
        }
        copying.leftovers().goOnUnlessLeaving();
        if (!held().put(name, temporary, isThere, content, Upload.permissions(from),
                Files.getLastModifiedTime(from).toInstant())) {
            return OptionalLong.empty();
        }
        progress.moved(content.length, content.length);
        return OptionalLong.of(content.length);
    }

    private static boolean hasEmptyBlock(byte[] content) {
        for (int at = 0; at + EMPTY_BLOCK.length <= content.length; at += EMPTY_BLOCK.length) {
            if (Arrays.equals(content, at, at + EMPTY_BLOCK.length, EMPTY_BLOCK, 0, EMPTY_BLOCK.length)) {
                return true;
            }
        }
        return false;
    }

    /** Writes it whole, or what its part lacks. Returns how many bytes that were. */
    private long write(Path from, Text name, Text temporary, ProgressLine.Transfer progress) throws IOException {
        long size = Files.size(from);
        Optional<Text> part = size < Parts.WORTH ? Optional.empty() : parts.get().take(name);
        RemotePath place = path.child(temporary);
        long begun = part.isPresent()
                ? new RemoteParts(copying, remote).takeOn(from, path.child(part.get()), place)
                : 0;
        progress.goesOnAt(begun);
        try (LocalSource in = LocalSource.open(from)) {
            if (begun == 0) {
                return held().make(temporary, in, Upload.permissions(from), Files.getLastModifiedTime(from).toInstant(),
                        size, unlessLeaving(progress), this::unkept);
            }
            in.channel().position(begun);
            long end = remote.files().goOnWriting(place, begun, in, size, unlessLeaving(progress));
            setAttributes(from, place, 0);
            return end - begun;
        }
    }

    /** Progress that goes no further once the process is leaving. */
    Progress unlessLeaving(Progress progress) {
        return (done, total) -> {
            copying.leftovers().goOnUnlessLeaving();
            progress.moved(done, total);
        };
    }

    /** Gives what is there the permissions and the time of a local one, with bits of the mode that stay as the far side has set them. */
    void setAttributes(Path from, RemotePath to, int kept) throws IOException {
        try {
            remote.files().setAttributes(to, Upload.permissions(from) | kept,
                    Files.getLastModifiedTime(from).toInstant());
        } catch (RefusedException e) {
            unkept(e);
        }
    }

    private void unkept(RefusedException e) {
        copying.report().noteOnce(
                "permissions and times cannot be kept in " + remote.shown(path) + ": " + e.words());
    }

    @Override
    public synchronized void close() {
        if (held != null) {
            held.close();
        }
    }
}
