package dev.ninetunnel.http;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Set;

/**
 * Whether a request is for this server. A page of another site can have its own name lead to 127.0.0.1 (DNS rebinding), and a
 * browser lets it read what comes from there; but what it sends has that name in {@code Host} (RFC 9110, 7.2). Under which names
 * a server is known that listens elsewhere than on loopback, it cannot know.
 */
final class HostCheck {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private HostCheck() {}

    /** @param host the header of that name; null if there is none */
    static boolean permits(String host, InetSocketAddress server) {
        if (!server.getAddress().isLoopbackAddress()) {
            return true;
        }
        if (host == null) {
            return false;
        }
        String end = ":" + server.getPort();
        String name = host.endsWith(end) ? host.substring(0, host.length() - end.length()) : host;
        return LOOPBACK.contains(name.toLowerCase(Locale.ROOT)) && (host.endsWith(end) || server.getPort() == 80);
    }
}
