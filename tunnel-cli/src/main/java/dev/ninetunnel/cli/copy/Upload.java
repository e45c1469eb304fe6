package dev.ninetunnel.cli.copy;

import dev.ninetunnel.cli.Failure;
import dev.ninetunnel.cli.FileProblems;
import dev.ninetunnel.cli.LocalSource;
import dev.ninetunnel.cli.ModeText;
import dev.ninetunnel.cli.Remote;
import dev.ninetunnel.cli.process.Umask;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RemoteEntry;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Copies files and trees of this machine to a peer. A file is written under a temporary name and then renamed, so that
 * it appears when it is whole; where the server does not let that be done, it is written in place. Permission bits (but
 * for setuid, setgid and the sticky bit) and times of change are kept.
 */
public final class Upload {
    private static final int OWNER_RWX = 0700;
    private static final Set<Errno> NOT_IN_THIS_WAY = Set.of(Errno.EPERM, Errno.EACCES, Errno.EROFS, Errno.EEXIST,
            Errno.EOPNOTSUPP, Errno.ENOSYS, Errno.EINVAL, Errno.EXDEV, Errno.ENAMETOOLONG, Errno.EIO);

    private final Copying copying;
    private final Remote remote;

    public Upload(Copying copying, Remote remote) {
        this.copying = copying;
        this.remote = remote;
    }

    /**
     * Copies what is there, with all that is below it, to this name; a directory of that name is added to.
     *
     * @param there what has the name on the far side
     */
    public void tree(Path from, RemotePath to, Optional<FileKind> there) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(from, BasicFileAttributes.class,
                LinkOption.NOFOLLOW_LINKS);
        if (attributes.isSymbolicLink()) {
            link(from, to, there);
        } else if (attributes.isDirectory()) {
            directory(from, to, there);
        } else if (attributes.isRegularFile()) {
            file(from, to, there);
        } else {
            copying.report().note("skipped " + LocalNames.text(from)
                    + ": it is neither a file, a directory nor a link");
        }
    }

    /** Copies a file's content to this name. */
    public void file(Path from, RemotePath to, Optional<FileKind> there) throws IOException {
        refuseDirectory(to, there);
        try (var progress = copying.line().begin(LocalNames.text(from).toString())) {
            if (there.orElse(FileKind.FILE) == FileKind.OTHER || !replace(from, to, progress)) {
                write(from, to, progress);
                keepAttributes(from, to);
            }
        }
    }

    /** Puts a new file in the place of what may be there. Returns false, with all as it was, if the server does not. */
    private boolean replace(Path from, RemotePath to, Progress progress) throws IOException {
        RemotePath temporary = to.parent().child(copying.names().next());
        try (var leftover = copying.leftovers().expect(() -> remote.removePart(temporary))) {
            write(from, temporary, progress);
            keepAttributes(from, temporary);
            remote.files().rename(temporary, to);
            leftover.kept();
            return true;
        } catch (RefusedException e) {
            if (NOT_IN_THIS_WAY.contains(Errno.of(e.errno()))) {
                return false;
            }
            throw FileProblems.explained(remote.shown(to), remote.peer(), e);
        }
    }

    private void write(Path from, RemotePath to, Progress progress) throws IOException {
        try (LocalSource in = LocalSource.open(from)) {
            remote.files().write(to, in, permissions(from), Files.size(from), (done, total) -> {
                copying.leftovers().goOnUnlessLeaving();
                progress.moved(done, total);
            });
        }
    }

    /** Removes what runs that were killed have left in a directory. */
    public void clearParts(RemotePath in) {
        try {
            clearParts(in, remote.files().list(in));
        } catch (IOException _) {
            // It hinders nobody but who looks for it.
        }
    }

    private void clearParts(RemotePath in, List<RemoteEntry> entries) throws IOException {
        for (RemoteEntry entry : entries) {
            if (entry.kind() != FileKind.DIRECTORY && PartNames.isPart(entry.name())) {
                clearPart(in.child(entry.name()));
            }
        }
    }

    private void clearPart(RemotePath part) throws IOException {
        try {
            if (copying.names().isLeftOver(part.name(), remote.files().status(part).modified())) {
                remote.files().remove(part);
            }
        } catch (RefusedException _) {
            // Somebody else was faster, or it is not ours to remove.
        }
    }

    private void refuseDirectory(RemotePath to, Optional<FileKind> there) {
        if (there.orElse(FileKind.FILE) == FileKind.DIRECTORY) {
            throw new Failure(Failure.CANNOT_CREATE,
                    remote.shown(to) + ": is a directory there: a file or link cannot take its place");
        }
    }

    private void directory(Path from, RemotePath to, Optional<FileKind> there) throws IOException {
        boolean made = !to.isRoot() && makeDirectory(to, permissions(from) | OWNER_RWX, there);
        Map<Text, FileKind> entries = new HashMap<>();
        if (!made) {
            List<RemoteEntry> found = remote.files().list(to);
            found.forEach(entry -> entries.put(entry.name(), entry.kind()));
            clearParts(to, found);
        }
        WorkerPool.Batch batch = copying.crew().batch();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(from)) {
            for (Path child : children) {
                Text name = LocalNames.text(child.getFileName());
                Runnable work = () -> copying.report().attempt(remote.peer(),
                        () -> tree(child, to.child(name), Optional.ofNullable(entries.get(name))));
                if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    batch.tree(work);
                } else {
                    batch.file(work);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } finally {
            batch.await();
        }
        if (made) {
            keepAttributes(from, to, remote.files().status(to).permissions() & ModeText.SETGID);
        }
    }

    /** Whether it is new. */
    private boolean makeDirectory(RemotePath to, int permissions, Optional<FileKind> there) throws IOException {
        if (there.isPresent()) {
            if (there.get() == FileKind.DIRECTORY) {
                return false;
            }
            throw new Failure(Failure.CANNOT_CREATE,
                    remote.shown(to) + ": is no directory there: a directory cannot take its place");
        }
        remote.files().makeDirectory(to, permissions);
        return true;
    }

    private void link(Path from, RemotePath to, Optional<FileKind> there) throws IOException {
        refuseDirectory(to, there);
        Text target = LocalNames.text(Files.readSymbolicLink(from));
        try {
            if (there.isEmpty()) {
                remote.files().makeLink(to, target);
                return;
            }
            RemotePath temporary = to.parent().child(copying.names().next());
            try (var leftover = copying.leftovers().expect(() -> remote.removePart(temporary))) {
                remote.files().makeLink(temporary, target);
                remote.files().rename(temporary, to);
                leftover.kept();
            }
        } catch (RefusedException e) {
            if (!e.is(Errno.EOPNOTSUPP)) {
                throw e;
            }
            copying.report().note("skipped " + LocalNames.text(from) + ", a link to " + target
                    + ": the far side has no symbolic links");
        }
    }

    private void keepAttributes(Path from, RemotePath to) throws IOException {
        keepAttributes(from, to, 0);
    }

    /** With bits of the mode that stay as the far side has set them. */
    private void keepAttributes(Path from, RemotePath to, int kept) throws IOException {
        try {
            remote.files().setAttributes(to, permissions(from) | kept, Files.getLastModifiedTime(from).toInstant());
        } catch (RefusedException e) {
            copying.report().noteOnce("permissions and times cannot be kept in " + remote.shown(to.parent()) + ": "
                    + e.words());
        }
    }

    private static int permissions(Path file) throws IOException {
        try {
            return ModeText.ofPosix(Files.getPosixFilePermissions(file));
        } catch (UnsupportedOperationException e) {
            return Umask.applied(Files.isDirectory(file) ? ModeText.RWX : ModeText.READ_WRITE);
        }
    }
}
