package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.client.RemotePath;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of a peer, as it is typed: {@code PEER:PATH}.
 *
 * @param path beneath what the peer offers, without a slash at either end; empty for the top
 */
record PeerPath(String peer, String path) {
    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with a message for the person who typed it
     */
    static PeerPath parse(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0 || text.substring(0, colon).indexOf('/') >= 0) {
            throw new IllegalArgumentException("'" + text + "' names no peer: write PEER:PATH, such as server:reports");
        }
        return new PeerPath(text.substring(0, colon), text.substring(colon + 1).replaceAll("^/+|/+$", ""));
    }

    /** Reads what a command was given; a mistake ends it as one of usage. */
    static List<PeerPath> all(Invocation invocation, List<String> texts) {
        return invocation.usage(() -> texts.stream().map(PeerPath::parse).toList());
    }

    /** Whether this reads as a path of a peer, and not of this machine. */
    static boolean looksLike(String text) {
        int colon = text.indexOf(':');
        return colon > 0 && text.substring(0, colon).indexOf('/') < 0;
    }

    /** The socket where the running endpoint posts the peer's files. */
    Path socket(Path run) {
        return run.resolve(peer + ".9p");
    }

    /** Where it is in the tree that the peer offers. */
    RemotePath inTree() {
        return RemotePath.of(path);
    }

    @Override
    public String toString() {
        return peer + ":" + path;
    }
}
