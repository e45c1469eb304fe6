package dev.ninetunnel.cli;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Hears of changes in a tree of this machine (inotify(7)). Which they are is not asked, so that none that was lost is missed. */
final class TreeWatch implements AutoCloseable {
    private static final int MOST_PAUSES = 25;

    private final Path top;
    private final WatchService service;

    TreeWatch(Path top) throws IOException {
        this.top = top;
        this.service = top.getFileSystem().newWatchService();
    }

    /** Watches the directories that there are now. Throws if the system has not as many watches left. */
    void cover() throws IOException {
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                directory.register(service, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // it is gone, or not to be looked into
            }
        });
    }

    /** Waits until something has changed, and nothing has for a pause; or for this long. */
    void await(Duration most, Duration pause) throws InterruptedException {
        WatchKey key = service.poll(most.toMillis(), TimeUnit.MILLISECONDS);
        for (int pauses = 0; key != null && pauses < MOST_PAUSES; pauses++) {
            key.pollEvents();
            key.reset();
            key = service.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
        }
        if (key != null) {
            key.reset();
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
