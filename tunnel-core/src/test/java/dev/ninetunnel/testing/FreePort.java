package dev.ninetunnel.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports of this machine that nobody listens at, for what cannot be given port 0. */
public final class FreePort {
    private static final int FIRST = 10_000;
    /** From here on the kernel takes ports for whoever asks for any (ip_local_port_range of ip(7)): such a one is soon another's. */
    private static final int END = 32_768;

    private FreePort() {}

    /** One that was free a moment ago, at random: others look for some at the same time. */
    public static int find() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException taken) {
                // Another one.
            }
        }
    }
}
