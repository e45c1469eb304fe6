package dev.ninetunnel.cli;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.wire.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ninetunnel status}. */
@Command(name = "status", mixinStandardHelpOptions = true, description = {
        "Tells what the endpoints that run with this run directory are doing: each peer, whether it is linked or when it "
                + "is dialled again and why, what protects the link, how much has gone over it, and who uses it.",
        "It reads the file 'status' or 'status.json' at RUN/ctl.9p, which every 9P program can. Exits with 0 if an "
                + "endpoint answers, linked or not, and with 69 if none runs."}, footer = {"", "Example:",
                        "  ninetunnel status", "  ninetunnel status --json | jq '.peers[] | .name, .state'"})
final class StatusCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "As JSON, a line for each endpoint.")
    private boolean json;

    @Override
    public Integer call() {
        Path run = main.common().run();
        PrintWriter out = spec.commandLine().getOut();
        boolean any = false;
        for (Path socket : sockets(run)) {
            try {
                out.print(read(socket, json ? "status.json" : "status"));
                any = true;
            } catch (IOException e) {
                if (!isStale(e)) {
                    throw new Failure(Failure.UNAVAILABLE, "cannot read from " + socket + ": " + e.getMessage(), e);
                }
            }
        }
        out.flush();
        if (!any) {
            throw new Failure(Failure.UNAVAILABLE, "no endpoint runs here (nobody answers at " + run.resolve("ctl.9p")
                    + "). Start 'ninetunnel dial' or 'ninetunnel listen', or say with --home and --run which is meant");
        }
        return 0;
    }

    /** Of several endpoints with one run directory, the later ones have their process numbers in the names. */
    private static List<Path> sockets(Path run) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(run)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(run, "ctl{,-*}.9p")) {
                all.forEach(found::add);
            } catch (IOException | DirectoryIteratorException e) {
                throw new Failure(Failure.NO_PERMISSION, "cannot look into " + run + ": " + e.getMessage()
                        + ". Run this as the user who runs the endpoint", e);
            }
        }
        found.sort(null);
        return found;
    }

    private static String read(Path socket, String file) throws IOException {
        try (RemoteFiles files = RemoteFiles.connect(UnixDomainSocketAddress.of(socket), Offer.any(),
                Login.ofThisProcess(Text.EMPTY))) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            files.read(RemotePath.of(file), content, Progress.NONE);
            return content.toString(StandardCharsets.UTF_8);
        }
    }

    /** Whether the endpoint that made the socket is gone. */
    private static boolean isStale(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return true;
            }
        }
        return false;
    }
}
