package dev.ninetunnel.cli;

import dev.ninetunnel.cli.copy.WorkerPool;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.FileStatus;
import dev.ninetunnel.client.RemoteEntry;
import dev.ninetunnel.client.RemotePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Goes through a tree of a peer, many directories at a time, since each costs a way to the peer and back. What cannot be looked at
 * is reported, and the rest goes on. Links are not followed.
 */
final class TreeVisit {
    private final Remote there;
    private final Report report;
    private final WorkerPool workerPool = new WorkerPool();

    TreeVisit(Remote there, Report report) {
        this.there = there;
        this.report = report;
    }

    /**
     * Visits a file and all below it: each once, what is in a directory before the directory itself.
     *
     * @param visitor is given a file and what it returned for what is in it, in the order of the names; called by several threads
     */
    <R> R visit(Remote.Found file, BiFunction<Remote.Found, List<R>, R> visitor) throws IOException {
        return visitor.apply(file,
                file.status().kind() == FileKind.DIRECTORY ? below(file.path(), visitor) : List.of());
    }

    private <R> List<R> below(RemotePath directory, BiFunction<Remote.Found, List<R>, R> visitor) throws IOException {
        List<RemoteEntry> entries = there.files().list(directory).stream()
                .sorted(Comparator.comparing(RemoteEntry::name)).toList();
        List<Optional<FileStatus>> statuses = there.files().statuses(directory, entries);
        List<Optional<R>> found = new ArrayList<>(entries.size());
        WorkerPool.Batch batch = workerPool.batch();
        for (int i = 0; i < entries.size(); i++) {
            RemotePath path = directory.child(entries.get(i).name());
            Optional<FileStatus> status = statuses.get(i);
            int at = i;
            found.add(Optional.empty());
            Runnable work = () -> report.attempt(there.peer(), () -> {
                // Asked again where there was no answer, for the server's reason.
                FileStatus known = status.isPresent() ? status.get() : there.files().status(path);
                R result = visit(new Remote.Found(path, known), visitor);
                synchronized (found) {
                    found.set(at, Optional.of(result));
                }
            });
            if (status.isPresent() && status.get().kind() != FileKind.DIRECTORY) {
                work.run();
            } else {
                batch.tree(work);
            }
        }
        batch.await();
        synchronized (found) {
            return found.stream().flatMap(Optional::stream).toList();
        }
    }
}
