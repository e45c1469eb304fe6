package dev.ninetunnel.cli;

import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.wire.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files in which the endpoints that run here tell about themselves. */
final class ControlFiles {
    private ControlFiles() {}

    /** Of several endpoints with one run directory, the later ones have their process numbers in the names. */
    static List<Path> sockets(RunDirectory run) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(run.path())) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(run.path(), "ctl{,-*}.9p")) {
                all.forEach(found::add);
            } catch (IOException | DirectoryIteratorException e) {
                throw new Failure(Failure.NO_PERMISSION, "cannot look into " + run.path() + ": " + e.getMessage()
                        + ". Run this as the user who runs the endpoint", e);
            }
        }
        found.sort(null);
        return found;
    }

    /** What such a file says now. */
    static String read(RunDirectory run, Path socket, String file) throws IOException {
        try (RemoteFiles files = run.connect(socket, Text.EMPTY)) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            files.read(RemotePath.of(file), content, Progress.NONE);
            return content.toString(StandardCharsets.UTF_8);
        }
    }

    /** Whether the endpoint that made the socket is gone. */
    static boolean isStale(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return true;
            }
        }
        return false;
    }
}
