package dev.ninetunnel.endpoint.process;

import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.linux.DescriptorCalls;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * TCP ports at which systemd listens for this process (sd_listen_fds(3)), and goes on to while there is none. They stay open as
 * long as the process lives, so that one that a reload takes away can come back. Any thread.
 */
public final class InheritedSockets {
    /** Of a process that was started without. */
    public static final InheritedSockets NONE = new InheritedSockets(List.of());
    /** {@code SD_LISTEN_FDS_START} of sd-daemon.h. */
    private static final int FIRST = 3;
    /** More than any unit lists; a number beyond it is a mistake. */
    private static final int MOST = 1000;
    /** {@code SOL_SOCKET}, {@code SO_ACCEPTCONN}, {@code SO_PROTOCOL} and {@code IPPROTO_TCP} of socket(7). */
    private static final int SOCKET_LEVEL = 1;
    private static final int IS_LISTENING = 30;
    private static final int PROTOCOL = 38;
    private static final int TCP = 6;

    private final List<Inherited> all;

    private record Inherited(int descriptor, InetSocketAddress address) {
        boolean isAt(HostPort where) {
            return where.port() == address.getPort() && (where.host().isEmpty()
                    ? address.getAddress().isAnyLocalAddress()
                    : isAddress(where.host()));
        }

        private boolean isAddress(String host) {
            try {
                return InetAddress.getByName(host).equals(address.getAddress());
            } catch (UnknownHostException _) {
                return false; // to be told by who listens there
            }
        }

        @Override
        public String toString() {
            return HostPort.of(address).toString();
        }
    }

    private InheritedSockets(List<Inherited> all) {
        this.all = all;
    }

    /**
     * Those that are named in the environment, which programs that this process starts will not get.
     *
     * @param process the number of this process: another one may be meant
     * @throws IOException with a message for people, if one of them is no TCP port that is listened at
     */
    public static InheritedSockets of(Map<String, String> environment, long process) throws IOException {
        if (!environment.getOrDefault("LISTEN_PID", "").equals(Long.toString(process))) {
            return NONE;
        }
        String count = environment.getOrDefault("LISTEN_FDS", "");
        if (!count.matches("[0-9]{1,4}") || Integer.parseInt(count) > MOST) {
            throw new IOException("LISTEN_FDS is '" + count + "', and should say how many sockets there are");
        }
        List<Inherited> all = new ArrayList<>();
        for (int fd = FIRST; fd < FIRST + Integer.parseInt(count); fd++) {
            all.add(new Inherited(fd, address(fd)));
        }
        return new InheritedSockets(List.copyOf(all));
    }

    private static InetSocketAddress address(int fd) throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("to take sockets from systemd takes Linux's epoll, which is not to be had here");
        }
        Socket socket = new Socket(fd);
        try {
            if (socket.getIntOpt(SOCKET_LEVEL, PROTOCOL) == TCP
                    && socket.getIntOpt(SOCKET_LEVEL, IS_LISTENING) != 0) {
                DescriptorCalls.keepFromPrograms(fd);
                return socket.localAddress();
            }
        } catch (IOException e) {
            throw new IOException("descriptor " + fd + " should be a socket from systemd (LISTEN_FDS), and is none: "
                    + e.getMessage(), e);
        }
        throw new IOException(
                "socket " + (fd - FIRST + 1) + " from systemd is no TCP port that is listened at: the .socket "
                        + "unit is to have ListenStream=[HOST:]PORT only, and Accept=no");
    }

    /**
     * The one at this place, if there is one, to be listened at until it is closed.
     *
     * @return a descriptor that does not block, and is the caller's
     * @throws IOException if there are no more descriptors
     */
    public OptionalInt at(HostPort where) throws IOException {
        for (Inherited one : all) {
            if (one.isAt(where)) {
                int own = DescriptorCalls.duplicate(one.descriptor);
                if (own < 0) {
                    throw new IOException("cannot listen at " + where + ": there are too few descriptors (ulimit -n)");
                }
                DescriptorCalls.neverBlock(own);
                return OptionalInt.of(own);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * Makes sure that each is listened at, or connections would wait there forever.
     *
     * @throws IOException with a message for people, if one is not
     */
    public void requireUse(List<HostPort> listen) throws IOException {
        List<Inherited> rest = new ArrayList<>(all);
        listen.forEach(where -> rest.stream().filter(one -> one.isAt(where)).findFirst().ifPresent(rest::remove));
        if (!rest.isEmpty()) {
            throw new IOException("systemd listens at " + rest.getFirst() + " for this endpoint, which was not told to "
                    + "listen there" + (listen.isEmpty() ? "" : ", but at " + listen)
                    + ": name the same places in the .socket unit (ListenStream=) and here (listen), each with its address "
                    + "if several have one port");
        }
    }
}
