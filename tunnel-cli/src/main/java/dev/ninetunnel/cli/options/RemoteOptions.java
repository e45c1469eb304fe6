package dev.ninetunnel.cli.options;

import dev.ninetunnel.cli.PeerFiles;
import picocli.CommandLine.Option;

/** What all commands on a peer's files take. */
public final class RemoteOptions {
    @Option(names = "--aname", paramLabel = "NAME", defaultValue = "", description = "Attach to this tree, and take paths as "
            + "beneath it. Only needed where the peer passes another 9P server on that offers nothing without a name, "
            + "such as diod.")
    private String aname;

    /** The way to the peers' files, to be closed. */
    public PeerFiles open(CommonOptions common) {
        return new PeerFiles(common.sockets(), aname);
    }
}
