package dev.ninetunnel.cli.copy;

import dev.ninetunnel.cli.Amount;
import dev.ninetunnel.cli.Failure;
import dev.ninetunnel.cli.ModeText;
import dev.ninetunnel.cli.Remote;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.FileStatus;
import dev.ninetunnel.client.RemoteDirectory;
import dev.ninetunnel.client.RemoteEntry;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Copies files and trees of a peer into a directory of this machine, and writes nowhere else, whatever the peer lists:
 * a name is one that leads to no other directory, and no link is followed, be it one that was there or one that the peer
 * has just given. A file appears under its name when it is whole. Permission bits (but for setuid, setgid and the sticky
 * bit) and times of change are kept.
 */
public final class Download {
    private static final Path TOP = Path.of("");

    private final Copying copying;
    private final Remote remote;
    private final LocalParts localParts;

    public Download(Copying copying, Remote remote) {
        this.copying = copying;
        this.remote = remote;
        this.localParts = new LocalParts(copying, remote);
    }

    /** Copies what is there, with all that is below it, to this name; a directory of that name is added to. */
    public void tree(Remote.Found from, LocalDirectory to, Path name) throws IOException {
        try (Parts parts = localParts.in(to); ProgressLine.Unseen unseen = copying.line().unseen()) {
            tree(from, to, name, TOP, parts, unseen);
        }
    }

    /** Copies a file's content to this name. */
    public void file(Remote.Found from, LocalDirectory to, Path name) throws IOException {
        try (Parts parts = localParts.in(to)) {
            file(from, to, name, parts);
        }
    }

    private void tree(Remote.Found from, LocalDirectory to, Path name, Path below, Parts parts,
            ProgressLine.Unseen unseen) throws IOException {
        switch (from.status().kind()) {
            case FILE -> newer(from, to, name, parts);
            case DIRECTORY -> directory(from, to, name, below, unseen);
            case SYMLINK -> link(from.path(), to, name);
            case OTHER -> copying.report().note("skipped " + remote.shown(from.path())
                    + ": it is neither a file, a directory nor a link");
        }
    }

    /** Copies a file, unless it is there already. */
    private void newer(Remote.Found from, LocalDirectory to, Path name, Parts parts) throws IOException {
        Optional<BasicFileAttributes> there = to.status(name);
        if (there.isPresent() && there.get().isRegularFile() && copying.rules().isSame(from.status(),
                there.get().size(), there.get().lastModifiedTime().toInstant(), () -> hasSameContent(from, to, name))) {
            copying.tally().wasThere();
            copying.line().expect(-from.status().size());
            if (!copying.rules().dryRun()) {
                keepAttributes(from.status(), to, Optional.of(name));
            }
            return;
        }
        if (there.isPresent() && there.get().isRegularFile()) {
            copying.rules().requireOlder(LocalNames.text(to.path().resolve(name)).toString(),
                    there.get().lastModifiedTime().toInstant(), from.status().modified());
        }
        if (copying.rules().dryRun()) {
            copying.would("copy " + remote.shown(from.path()) + ", " + Amount.bytes(from.status().size()));
        } else {
            file(from, to, name, parts);
        }
    }

    private boolean hasSameContent(Remote.Found from, LocalDirectory to, Path name) throws IOException {
        try (SeekableByteChannel here = to.openFile(name, LocalDirectory.TO_READ)) {
            return remote.files().isSame(from.path(), here, from.status().size());
        }
    }

    private void file(Remote.Found from, LocalDirectory to, Path name, Parts parts) throws IOException {
        refuse(to, name, FileKind.DIRECTORY, "is a directory here: a file cannot take its place");
        refuse(to, name, FileKind.OTHER, "is a device, a pipe or the like here: it stays as it is");
        Text finalName = LocalNames.text(name);
        Path temporary = LocalNames.name(copying.names().next(finalName));
        try (var leftover = copying.expectPart(() -> to.delete(temporary));
                var progress = copying.line().begin(remote.shown(from.path()))) {
            Optional<Text> part = parts.take(finalName);
            long begun = part.isPresent() ? localParts.takeOn(from, to, LocalNames.name(part.get()), temporary) : 0;
            progress.goesOnAt(begun);
            long size;
            try (OutputStream out = begun > 0 ? to.goOn(temporary, begun) : to.newFile(temporary)) {
                size = remote.files().read(from.path(), begun, out, progress);
            }
            keepAttributes(from.status(), to, Optional.of(temporary));
            to.rename(temporary, name);
            leftover.kept();
            copying.tally().copied(size - begun);
        } catch (FileSystemException e) {
            throw named(e, to.path().resolve(name), temporary);
        }
    }

    /** People know nothing of the name that a file has on the way. */
    private static FileSystemException named(FileSystemException e, Path file, Path temporary) {
        if (e.getFile() == null || !e.getFile().endsWith(temporary.toString())) {
            return e;
        }
        String shown = file.toString();
        FileSystemException named = e instanceof AccessDeniedException
                ? new AccessDeniedException(shown, null, e.getReason())
                : new FileSystemException(shown, null, e.getReason());
        named.initCause(e);
        return named;
    }

    private static void refuse(LocalDirectory to, Path name, FileKind kind, String why) throws IOException {
        if (to.kind(name).orElse(FileKind.FILE) == kind) {
            throw new Failure(Failure.CANNOT_CREATE, LocalNames.text(to.path().resolve(name)) + ": " + why);
        }
    }

    private void directory(Remote.Found from, LocalDirectory to, Path name, Path below, ProgressLine.Unseen unseen)
            throws IOException {
        CopyRules rules = copying.rules();
        if (rules.dryRun() && to.kind(name).isEmpty()) {
            copying.would("copy " + remote.shown(from.path()) + " with all that is in it");
            return;
        }
        boolean made = to.makeDirectory(name);
        try (LocalDirectory here = to.directory(name);
                Parts parts = localParts.in(here);
                RemoteDirectory _ = remote.files().directory(from.path())) {
            List<RemoteEntry> entries = remote.files().list(from.path());
            List<Optional<FileStatus>> statuses = remote.files().statuses(from.path(), entries);
            WorkerPool.Batch batch = copying.crew().batch();
            copying.line().expect(statuses.stream().flatMap(Optional::stream)
                    .filter(status -> status.kind() == FileKind.FILE).mapToLong(FileStatus::size).sum());
            // What is not known may turn out to be a directory.
            List<Optional<ProgressLine.Unseen>> trees = statuses.stream().map(
                    status -> status.isEmpty() || status.get().kind() == FileKind.DIRECTORY
                            ? Optional.of(copying.line().unseen())
                            : Optional.<ProgressLine.Unseen>empty())
                    .toList();
            unseen.close();
            for (int i = 0; i < entries.size(); i++) {
                RemotePath path = from.path().child(entries.get(i).name());
                Optional<FileStatus> status = statuses.get(i);
                ProgressLine.Unseen tree = trees.get(i).orElse(unseen);
                Runnable work = () -> copying.report().attempt(remote.peer(),
                        () -> entry(path, status, here, below, parts, tree));
                if (tree == unseen) {
                    batch.file(work);
                } else {
                    batch.tree(() -> {
                        try (tree) {
                            work.run();
                        }
                    });
                }
            }
            batch.await();
            if (rules.delete() && !made) {
                deleteOthers(entries, here, below);
            }
            if (made) {
                keepAttributes(from.status(), here, Optional.empty());
            }
        }
    }

    /** Removes from a directory what the far one does not have. */
    private void deleteOthers(List<RemoteEntry> entries, LocalDirectory here, Path below) throws IOException {
        Set<Text> far = entries.stream().map(RemoteEntry::name).collect(Collectors.toSet());
        for (Path name : here.names()) {
            Text text = LocalNames.text(name);
            if (far.contains(text) || PartNames.isPart(text) || copying.rules().excludes(below.resolve(name))) {
                continue;
            }
            copying.report().attempt(remote.peer(), () -> {
                if (copying.rules().dryRun()) {
                    copying.would("remove " + LocalNames.text(here.path().resolve(name)));
                } else {
                    here.deleteTree(name);
                    copying.tally().removed();
                }
            });
        }
    }

    private void entry(RemotePath path, Optional<FileStatus> known, LocalDirectory to, Path above, Parts parts,
            ProgressLine.Unseen unseen) throws IOException {
        try {
            Path name = LocalNames.name(path.name());
            Path below = above.resolve(name);
            if (copying.rules().excludes(below)) {
                copying.line().expect(known.filter(status -> status.kind() == FileKind.FILE).map(FileStatus::size)
                        .map(size -> -size).orElse(0L));
                return;
            }
            // Asked again where there was no answer, for the server's reason.
            FileStatus status = known.isPresent() ? known.get() : remote.files().status(path);
            tree(new Remote.Found(path, status), to, name, below, parts, unseen);
        } catch (Failure e) {
            throw new Failure(e.exitCode(), remote.shown(path) + " is not copied: " + e.getMessage(), e);
        }
    }

    private void link(RemotePath from, LocalDirectory to, Path name) throws IOException {
        Text target = remote.files().readLink(from);
        if (isLinkTo(target, to, name)) {
            copying.tally().wasThere();
            return;
        }
        if (copying.rules().dryRun()) {
            copying.would("copy " + remote.shown(from) + ", a link to " + target);
            return;
        }
        Optional<FileKind> there = to.kind(name);
        refuse(to, name, FileKind.DIRECTORY, "is a directory here: a link cannot take its place");
        refuse(to, name, FileKind.OTHER, "is a device, a pipe or the like here: it stays as it is");
        try {
            if (there.isEmpty()) {
                to.makeLink(name, LocalNames.target(target));
                return;
            }
            Path temporary = LocalNames.name(copying.names().next(LocalNames.text(name)));
            try (var leftover = copying.leftovers().expect(() -> to.delete(temporary))) {
                to.makeLink(temporary, LocalNames.target(target));
                to.rename(temporary, name);
                leftover.kept();
            }
        } catch (UnsupportedOperationException e) {
            copying.report().note("skipped " + remote.shown(from) + ", a link to " + target
                    + ": this system makes no symbolic links");
        }
    }

    private boolean isLinkTo(Text target, LocalDirectory to, Path name) throws IOException {
        return copying.rules().leavesOutLinks() && to.kind(name).filter(kind -> kind == FileKind.SYMLINK).isPresent()
                && LocalNames.text(Files.readSymbolicLink(to.path().resolve(name))).equals(target);
    }

    private void keepAttributes(FileStatus status, LocalDirectory to, Optional<Path> name) {
        try {
            to.setAttributes(name, status.permissions() & ModeText.RWX, status.modified());
        } catch (IOException e) {
            copying.report().noteOnce("permissions and times cannot be kept in " + LocalNames.text(to.path()) + ": "
                    + e.getMessage());
        }
    }
}
