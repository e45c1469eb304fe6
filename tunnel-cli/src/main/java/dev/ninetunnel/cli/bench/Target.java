package dev.ninetunnel.cli.bench;

import dev.ninetunnel.wire.Text;
import java.net.SocketAddress;
import java.util.List;

/**
 * A 9P server, however many tunnels it is behind.
 *
 * @param name what to call it in tables
 * @param aname the tree to attach to
 * @param processes those whose processor time counts, with their descendants; may be empty
 */
public record Target(String name, SocketAddress address, Text aname, List<ProcessHandle> processes) {
    public Target {
        processes = List.copyOf(processes);
    }
}
