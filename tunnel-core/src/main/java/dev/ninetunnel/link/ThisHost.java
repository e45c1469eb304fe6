package dev.ninetunnel.link;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** By what another host is likely to find this one. */
public final class ThisHost {
    /** TEST-NET-1 of RFC 5737: nobody is there, but the way to it is the way to everybody. Nothing is sent. */
    private static final InetSocketAddress SOMEWHERE = new InetSocketAddress("192.0.2.1", 9);

    private ThisHost() {}

    /**
     * Its full name, if it is known by one; else the address from which it reaches others; empty if it reaches nobody.
     */
    public static Optional<String> address() {
        return fullName().or(ThisHost::wayOut);
    }

    private static Optional<String> fullName() {
        try {
            String name = InetAddress.getLocalHost().getCanonicalHostName();
            boolean full = name.matches("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*\\.[A-Za-z][A-Za-z0-9-]*")
                    && !name.endsWith(".localdomain") && !name.endsWith(".local") && !name.endsWith(".internal");
            return full && !InetAddress.getByName(name).isLoopbackAddress() ? Optional.of(name) : Optional.empty();
        } catch (UnknownHostException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> wayOut() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(SOMEWHERE);
            InetAddress own = socket.getLocalAddress();
            return own.isAnyLocalAddress() || own.isLoopbackAddress()
                    ? Optional.empty()
                    : Optional.of(own.getHostAddress());
        } catch (IOException | RuntimeException _) { // an unreachable network is one of the latter
            return Optional.empty();
        }
    }
}
