package dev.ninetunnel.cli;

import dev.ninetunnel.client.ForeignServerException;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Text;
import java.io.ByteArrayInputStream;
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

    /**
     * Has an endpoint do something.
     *
     * @param file the one that takes the wish
     * @return what has come of it
     * @throws Failure if it could not be done, with the endpoint's own words
     */
    static String ask(RunDirectory run, Path socket, String file, String wish) throws IOException {
        byte[] written = (wish + "\n").getBytes(StandardCharsets.UTF_8);
        try (RemoteFiles files = run.connect(socket, Text.EMPTY)) {
            boolean done = true;
            try {
                files.write(RemotePath.of(file), new ByteArrayInputStream(written), 0644, written.length,
                        Progress.NONE);
            } catch (RefusedException e) {
                if (!e.is(Errno.EINVAL)) {
                    throw e;
                }
                done = false;
            }
            ByteArrayOutputStream outcome = new ByteArrayOutputStream();
            files.read(RemotePath.of(file), outcome, Progress.NONE);
            String said = outcome.toString(StandardCharsets.UTF_8).strip();
            if (!done) {
                throw new Failure(Failure.CONFIG, said);
            }
            return said;
        }
    }

    /** The same, of the first endpoint with this run directory. */
    static String ask(RunDirectory run, String file, String wish) {
        Path socket = run.path().resolve("ctl.9p");
        try {
            return ask(run, socket, file, wish);
        } catch (ForeignServerException e) {
            throw RunDirectory.foreign(e);
        } catch (RefusedException e) {
            throw new Failure(Failure.UNAVAILABLE, "the endpoint at " + socket + " knows no such thing ("
                    + e.getMessage() + "): restart it with this version", e);
        } catch (IOException e) {
            throw new Failure(Failure.UNAVAILABLE, "no endpoint answers at " + socket + " (" + e.getMessage()
                    + "): start 'ninetunnel up', 'listen' or 'dial', or say with --home and --run which is meant", e);
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
