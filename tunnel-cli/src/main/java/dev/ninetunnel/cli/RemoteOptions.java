package dev.ninetunnel.cli;

import dev.ninetunnel.cli.copy.ProgressLine;
import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.client.ChangeNotices;
import dev.ninetunnel.client.RemotePath;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What all commands on a peer's files take, and how they go through what they were given. */
final class RemoteOptions {
    @Option(names = "--aname", paramLabel = "NAME", defaultValue = "", description = "Attach to this tree, and take paths as "
            + "beneath it. Only needed where the peer passes another 9P server on that offers nothing without a name, "
            + "such as diod.")
    private String aname;

    /** What is done with one PEER:PATH. */
    @FunctionalInterface
    interface Work {
        /**
         * Does it.
         *
         * @param there the peer's files
         * @param path where among them
         * @param report for what fails below it and does not end the whole
         */
        void run(Remote there, RemotePath path, Report report) throws IOException;
    }

    /** The way to the peers' files, to be closed. */
    PeerFiles open(Invocation invocation) {
        return new PeerFiles(invocation.common().sockets(), aname);
    }

    /** The same, of one peer, and something hears when what was looked at has changed. */
    PeerFiles open(Invocation invocation, ChangeNotices notices) {
        return new PeerFiles(invocation.common().sockets(), aname, Optional.of(notices));
    }

    /** Where a command without a line of progress tells what failed. */
    Report report(Invocation invocation) {
        return new Report(ProgressLine.none(invocation.err()), invocation.common().verbose());
    }

    /**
     * Does the same with each PEER:PATH in turn, also after one has failed.
     *
     * @return the exit code
     */
    int each(Invocation invocation, List<String> typed, Work work) {
        List<PeerPath> paths = PeerPath.all(invocation, typed);
        Report report = report(invocation);
        try (PeerFiles peers = open(invocation)) {
            for (PeerPath path : paths) {
                report.attempt(path.peer(), () -> work.run(peers.of(path), path.inTree(), report));
            }
        }
        return report.exitCode();
    }
}
