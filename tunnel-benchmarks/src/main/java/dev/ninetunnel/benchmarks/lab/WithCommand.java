package dev.ninetunnel.benchmarks.lab;

import dev.ninetunnel.cli.bench.RandomBytes;
import dev.ninetunnel.cli.process.Sandbox;
import dev.ninetunnel.cli.process.TempDirectory;
import dev.ninetunnel.identity.IdentityException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command that is run while two endpoints are there, and a network between them: for what this program cannot measure
 * itself, such as a kernel's mount. Blocks the thread that calls it.
 *
 * @param command for {@code sh -c}; {@value #SOCKET} is where the far files are, {@value #FILE} the name of one of
 *     them, {@value #SIZE} its length in bytes, {@value #MSIZE} the largest message that the endpoints agree on,
 *     {@value #EXPORT} the directory that is served, {@value #RUN} the run directory of the endpoint that uses it, and
 *     {@value #NETWORK} the network, or nothing
 * @param program what starts an endpoint
 * @param options more options of the endpoint that uses the files
 * @param line the network, if it is not this machine's own
 * @param msize the largest message for the endpoints, in bytes
 * @param fileBytes how long the file is
 */
record WithCommand(String command, String program, List<String> options, Optional<Line> line, int msize,
        long fileBytes) {
    private static final String SOCKET = "NINETUNNEL_SOCKET";
    private static final String FILE = "NINETUNNEL_FILE";
    private static final String SIZE = "NINETUNNEL_SIZE";
    private static final String MSIZE = "NINETUNNEL_MSIZE";
    private static final String EXPORT = "NINETUNNEL_EXPORT";
    private static final String RUN = "NINETUNNEL_RUN";
    private static final String NETWORK = "NINETUNNEL_NETWORK";
    private static final String OURS = Comparison.OURS;
    private static final String DATA = "data";

    /** Runs it, with this process's own input and output; returns what it ends with. */
    int run() throws IOException, InterruptedException, IdentityException {
        try (Sandbox sandbox = new Sandbox()) {
            Path room = sandbox.keep(new TempDirectory(Files.createTempDirectory(OURS + "-bench"))).path();
            Path export = sandbox.keep(Contender.export(room)).path();
            Files.copy(new RandomBytes(fileBytes), export.resolve(DATA));
            Contender pair = sandbox.keep(
                    Contender.ninetunnel(OURS, program, msize, options).in(room, export, line));
            pair.start();
            Path socket = ((UnixDomainSocketAddress) pair.target().address()).getPath();
            return sandbox.keep(new Programs(room)).runHere(List.of("sh", "-c", command),
                    Map.of(SOCKET, socket.toString(), FILE, DATA, SIZE, String.valueOf(fileBytes), MSIZE,
                            String.valueOf(msize), EXPORT, export.toString(), RUN, socket.getParent().toString(),
                            NETWORK,
                            line.map(Line::toString).orElse("")));
        }
    }
}
