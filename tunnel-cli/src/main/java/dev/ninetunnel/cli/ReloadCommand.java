package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ninetunnel reload}. */
@Command(name = "reload", mixinStandardHelpOptions = true, description = {
        "Has the endpoint of 'ninetunnel up' read its file again, and any endpoint its keys, certificates and "
                + "lists. Links that the change does not concern stay; the rights of a peer change with its next "
                + "request; a peer that is removed from the file is cut off.",
        "Returns when the change is in force. If the file is broken, nothing changes, and it says why and exits "
                + "with 78; with 69 if no endpoint runs. SIGHUP does the same, but reports to the log only."}, footer = {
                        "", "Example:",
                        "  ninetunnel verify && ninetunnel reload"})
final class ReloadCommand implements Callable<Integer> {
    /** The file at the endpoint's own socket. */
    private static final String FILE = "reload";
    private static final byte[] WISH = "again\n".getBytes(StandardCharsets.UTF_8);

    @Mixin
    private Invocation invocation;

    @Override
    public Integer call() {
        RunDirectory run = invocation.common().sockets();
        Path socket = run.path().resolve("ctl.9p");
        try (RemoteFiles files = run.connect(socket, Text.EMPTY)) {
            reload(files);
        } catch (ForeignServerException e) {
            throw RunDirectory.foreign(e);
        } catch (RefusedException e) {
            throw new Failure(Failure.UNAVAILABLE,
                    "the endpoint at " + socket + " cannot read anything again: restart it",
                    e);
        } catch (IOException e) {
            throw new Failure(Failure.UNAVAILABLE, "no endpoint answers at " + socket + " (" + e.getMessage()
                    + "): start 'ninetunnel up', or say with --home and --run which is meant", e);
        }
        invocation.print("it is in force");
        return 0;
    }

    private static void reload(RemoteFiles files) throws IOException {
        try {
            files.write(RemotePath.of(FILE), new ByteArrayInputStream(WISH), 0644, WISH.length, Progress.NONE);
        } catch (RefusedException e) {
            if (!e.is(Errno.EINVAL)) {
                throw e;
            }
            ByteArrayOutputStream why = new ByteArrayOutputStream();
            files.read(RemotePath.of(FILE), why, Progress.NONE);
            throw new Failure(Failure.CONFIG, "all stays as it was: " + why.toString(StandardCharsets.UTF_8).strip(),
                    e);
        }
    }
}
