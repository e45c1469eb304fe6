package dev.ninetunnel.cli;

import dev.ninetunnel.link.HostPort;
import java.nio.file.Path;

/**
 * What is mounted: a peer's files, through the socket that an endpoint posts, or those of any other 9P server.
 */
sealed interface MountSource {
    /** The port of a 9P server where none is given. */
    int NINE_PORT = 564;

    /** The tree to attach to; empty for the server's own choice. */
    String aname();

    /** A peer. */
    record OfPeer(PeerPath path) implements MountSource {
        @Override
        public String aname() {
            return path.path();
        }
    }

    /** A server that listens on TCP. */
    record OfTcp(HostPort at, String aname) implements MountSource {}

    /** A server that listens on a unix socket. */
    record OfUnix(Path socket, String aname) implements MountSource {}

    /**
     * Reads {@code PEER:PATH}, {@code tcp:HOST:PORT[!ANAME]} or {@code unix:PATH[!ANAME]}.
     *
     * @throws IllegalArgumentException with a message for the person who typed it
     */
    static MountSource parse(String text) {
        int mark = text.indexOf('!');
        String where = mark < 0 ? text : text.substring(0, mark);
        String aname = mark < 0 ? "" : text.substring(mark + 1);
        if (where.startsWith("tcp:")) {
            return new OfTcp(HostPort.parse(where.substring(4), NINE_PORT), aname);
        }
        if (where.startsWith("unix:")) {
            return new OfUnix(Path.of(where.substring(5)), aname);
        }
        return new OfPeer(PeerPath.parse(text));
    }
}
