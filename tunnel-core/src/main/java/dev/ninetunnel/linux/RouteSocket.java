package dev.ninetunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;

/** Sockets on which the kernel tells of every change of this host's interfaces, addresses and routes (rtnetlink(7)). */
public final class RouteSocket {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int NETLINK_ROUTE = 0;
    /** {@code RTMGRP_*} of linux/rtnetlink.h. An interface that goes down takes its IPv4 routes along without a word of its own. */
    private static final int LINK = 1;
    private static final int IPV4_ADDRESS = 0x10;
    private static final int IPV4_ROUTE = 0x40;
    private static final int IPV6_ADDRESS = 0x100;
    private static final int IPV6_ROUTE = 0x400;
    /** {@code sockaddr_nl}: family[2] pad[2] pid[4] groups[4]. */
    private static final int ADDRESS_SIZE = 12;

    private RouteSocket() {}

    /**
     * Opens one, in the network namespace of the calling thread. It does not block, and needs no rights.
     *
     * @return its descriptor, which is the caller's
     * @throws IOException if the system has none, or allows none
     */
    public static int open() throws IOException {
        CallMemory s = CallMemory.ofThread();
        int socket = (int) Syscall.SOCKET.call(s, AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
        if (socket < 0) {
            throw fault("socket", socket);
        }
        s.block.set(JAVA_LONG, 0, 0);
        s.block.set(JAVA_SHORT, 0, (short) AF_NETLINK);
        s.block.set(JAVA_INT, 8, LINK | IPV4_ADDRESS | IPV4_ROUTE | IPV6_ADDRESS | IPV6_ROUTE);
        int bound = (int) Syscall.BIND.call(s, socket, s.block.address(), ADDRESS_SIZE);
        if (bound < 0) {
            Syscall.CLOSE.call(s, socket);
            throw fault("bind", bound);
        }
        return socket;
    }

    private static IOException fault(String call, int result) {
        return new IOException(call + " of rtnetlink: errno " + -result);
    }
}
