package dev.ninetunnel.cli.copy;

import dev.ninetunnel.cli.Amount;
import dev.ninetunnel.cli.Failure;
import dev.ninetunnel.cli.LocalSource;
import dev.ninetunnel.cli.ModeText;
import dev.ninetunnel.cli.Remote;
import dev.ninetunnel.cli.process.Umask;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.FileStatus;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RemoteEntry;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Copies files and trees of this machine to a peer. A file is written under a temporary name and then renamed, so that
 * it appears when it is whole; where the server does not let that be done, it is written in place. Permission bits (but
 * for setuid, setgid and the sticky bit) and times of change are kept.
 */
public final class Upload implements AutoCloseable {
    private static final Path TOP = Path.of("");
    private static final int OWNER_RWX = 0700;

    private final Copying copying;
    private final Remote remote;
    private final RemoteParts remoteParts;
    private final WorkerPool.Batch looking;
    private final CompletableFuture<Parts> left;
    private final RemoteTarget top;

    /** Into a directory of a peer, where it looks meanwhile what earlier runs have left. */
    public Upload(Copying copying, Remote remote, RemotePath directory) {
        this.copying = copying;
        this.remote = remote;
        this.remoteParts = new RemoteParts(copying, remote);
        this.looking = copying.crew().batch();
        this.left = CompletableFuture.supplyAsync(() -> remoteParts.in(directory), looking::file);
        this.top = new RemoteTarget(copying, remote, directory, left::join);
    }

    /**
     * What has a name on the far side.
     *
     * @param status what is known of it besides, if that is known
     */
    public record There(FileKind kind, Optional<FileStatus> status) {
        /** Of which all is known. */
        public There(FileStatus status) {
            this(status.kind(), Optional.of(status));
        }
    }

    /**
     * Copies what is there, with all that is below it, to this name; a directory of that name is added to.
     *
     * @param there what has the name on the far side
     */
    public void tree(Path from, RemotePath to, Optional<There> there) throws IOException {
        WorkerPool.Batch counting = copying.crew().batch();
        counting.tree(() -> new LocalSize(copying).expect(from));
        try {
            tree(from, to, there, TOP, top);
        } finally {
            counting.await();
        }
    }

    /** Copies a file's content to this name. */
    public void file(Path from, RemotePath to, Optional<There> there) throws IOException {
        file(from, to, there, top);
    }

    /** Removes what earlier runs have left and nobody has gone on with. */
    @Override
    public void close() {
        looking.await();
        left.join().close();
        top.close();
    }

    private void tree(Path from, RemotePath to, Optional<There> there, Path below, RemoteTarget in)
            throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(from, BasicFileAttributes.class,
                LinkOption.NOFOLLOW_LINKS);
        if (attributes.isSymbolicLink()) {
            link(from, to, there);
        } else if (attributes.isDirectory()) {
            directory(from, to, there, below, in);
        } else if (attributes.isRegularFile()) {
            newer(from, attributes, to, there, in);
        } else {
            copying.report().note("skipped " + LocalNames.text(from)
                    + ": it is neither a file, a directory nor a link");
        }
    }

    /** Copies a file, unless it is there already. */
    private void newer(Path from, BasicFileAttributes attributes, RemotePath to, Optional<There> there,
            RemoteTarget in) throws IOException {
        Optional<FileStatus> far = there.flatMap(There::status);
        Instant modified = attributes.lastModifiedTime().toInstant();
        if (far.isPresent() && copying.rules().isSame(far.get(), attributes.size(), modified,
                () -> hasSameContent(from, to, attributes.size()))) {
            copying.tally().wasThere();
            copying.line().expect(-attributes.size());
            boolean isLike = (far.get().permissions() & ModeText.RWX) == permissions(from)
                    && CopyRules.isSame(far.get().modified(), modified);
            if (!copying.rules().dryRun() && !isLike) {
                in.setAttributes(from, to, 0);
            }
            return;
        }
        if (far.isPresent() && far.get().kind() == FileKind.FILE) {
            copying.rules().requireOlder(remote.shown(to), far.get().modified(), modified);
        }
        if (copying.rules().dryRun()) {
            copying.would("copy " + LocalNames.text(from.normalize()) + ", " + Amount.bytes(attributes.size()));
        } else {
            file(from, to, there, in);
        }
    }

    private boolean hasSameContent(Path from, RemotePath to, long size) throws IOException {
        try (FileChannel here = FileChannel.open(from)) {
            return remote.files().isSame(to, here, size);
        }
    }

    private void file(Path from, RemotePath to, Optional<There> there, RemoteTarget in) throws IOException {
        refuseDirectory(to, there);
        try (var progress = copying.line().begin(LocalNames.text(from).toString())) {
            if (kind(there, FileKind.FILE) == FileKind.OTHER
                    || !in.replace(from, to.name(), there.isPresent(), progress)) {
                copying.tally().copied(writeInPlace(from, to, in.unlessLeaving(progress)));
                in.setAttributes(from, to, 0);
            }
        }
    }

    private long writeInPlace(Path from, RemotePath to, Progress progress) throws IOException {
        try (LocalSource in = LocalSource.open(from)) {
            return remote.files().write(to, in, permissions(from), Files.size(from), progress);
        }
    }

    private static FileKind kind(Optional<There> there, FileKind otherwise) {
        return there.map(There::kind).orElse(otherwise);
    }

    private void refuseDirectory(RemotePath to, Optional<There> there) {
        if (kind(there, FileKind.FILE) == FileKind.DIRECTORY) {
            throw new Failure(Failure.CANNOT_CREATE,
                    remote.shown(to) + ": is a directory there: a file or link cannot take its place");
        }
    }

    private void directory(Path from, RemotePath to, Optional<There> there, Path below, RemoteTarget in)
            throws IOException {
        CopyRules rules = copying.rules();
        if (rules.dryRun() && there.isEmpty() && !to.isRoot()) {
            copying.would("copy " + LocalNames.text(from.normalize()) + " with all that is in it");
            return;
        }
        boolean made = !to.isRoot() && makeDirectory(to, permissions(from) | OWNER_RWX, there);
        List<RemoteEntry> found = made ? List.of() : remote.files().list(to);
        try (Parts parts = remoteParts.among(found, to);
                RemoteTarget target = new RemoteTarget(copying, remote, to, () -> parts)) {
            entries(from, to, below, entries(from, to, found), target);
        }
        if (made) {
            in.setAttributes(from, to, remote.files().status(to).permissions() & ModeText.SETGID);
        }
    }

    private void entries(Path from, RemotePath to, Path below, Map<Text, There> entries, RemoteTarget target)
            throws IOException {
        CopyRules rules = copying.rules();
        Set<Text> here = new HashSet<>();
        WorkerPool.Batch batch = copying.crew().batch();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(from)) {
            for (Path child : children) {
                Text name = LocalNames.text(child.getFileName());
                here.add(name);
                Path place = below.resolve(child.getFileName());
                if (rules.excludes(place)) {
                    continue;
                }
                Runnable work = () -> copying.report().attempt(remote.peer(),
                        () -> tree(child, to.child(name), Optional.ofNullable(entries.get(name)), place, target));
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
        if (rules.delete()) {
            deleteOthers(entries.keySet(), here, to, below);
        }
    }

    /** What is in a far directory; of what this host's has as well, more than the kind. */
    private Map<Text, There> entries(Path from, RemotePath to, List<RemoteEntry> found) throws IOException {
        Map<Text, There> all = new HashMap<>();
        found.forEach(entry -> all.put(entry.name(), new There(entry.kind(), Optional.empty())));
        if (copying.rules().sameness() != CopyRules.Sameness.NONE) {
            List<RemoteEntry> both = found.stream().filter(entry -> isHere(from, entry)).toList();
            List<Optional<FileStatus>> statuses = remote.files().statuses(to, both);
            for (int i = 0; i < both.size(); i++) {
                Text name = both.get(i).name();
                statuses.get(i).ifPresent(status -> all.put(name, new There(status)));
            }
        }
        return all;
    }

    private static boolean isHere(Path directory, RemoteEntry entry) {
        try {
            return entry.kind() != FileKind.DIRECTORY
                    && Files.exists(directory.resolve(LocalNames.name(entry.name())), LinkOption.NOFOLLOW_LINKS);
        } catch (Failure _) {
            return false; // nothing can be called so here
        }
    }

    /** Removes from a far directory what this host's does not have. */
    private void deleteOthers(Set<Text> far, Set<Text> here, RemotePath to, Path below) {
        for (Text name : far) {
            if (here.contains(name) || PartNames.isPart(name) || isExcluded(name, below)) {
                continue;
            }
            RemotePath other = to.child(name);
            copying.report().attempt(remote.peer(), () -> {
                if (copying.rules().dryRun()) {
                    copying.would("remove " + remote.shown(other));
                } else {
                    remote.files().removeTree(other);
                    copying.tally().removed();
                }
            });
        }
    }

    private boolean isExcluded(Text name, Path below) {
        try {
            return copying.rules().excludes(below.resolve(LocalNames.name(name)));
        } catch (Failure _) {
            return false; // no pattern of this host is of such a name
        }
    }

    /** Whether it is new. */
    private boolean makeDirectory(RemotePath to, int permissions, Optional<There> there) throws IOException {
        if (there.isPresent()) {
            if (there.get().kind() == FileKind.DIRECTORY) {
                return false;
            }
            throw new Failure(Failure.CANNOT_CREATE,
                    remote.shown(to) + ": is no directory there: a directory cannot take its place");
        }
        remote.files().makeDirectory(to, permissions);
        return true;
    }

    private void link(Path from, RemotePath to, Optional<There> there) throws IOException {
        refuseDirectory(to, there);
        Text target = LocalNames.text(Files.readSymbolicLink(from));
        if (copying.rules().leavesOutLinks() && there.isPresent() && there.get().kind() == FileKind.SYMLINK
                && remote.files().readLink(to).equals(target)) {
            copying.tally().wasThere();
            return;
        }
        if (copying.rules().dryRun()) {
            copying.would("copy " + LocalNames.text(from.normalize()) + ", a link to " + target);
            return;
        }
        try {
            if (there.isEmpty()) {
                remote.files().makeLink(to, target);
                return;
            }
            RemotePath temporary = to.parent().child(copying.names().next(to.name()));
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

    static int permissions(Path file) throws IOException {
        try {
            return ModeText.ofPosix(Files.getPosixFilePermissions(file));
        } catch (UnsupportedOperationException e) {
            return Umask.applied(Files.isDirectory(file) ? ModeText.RWX : ModeText.READ_WRITE);
        }
    }
}
