package dev.ninetunnel.endpoint.process;

import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tells whether this host's network has changed: whether it has other addresses than when it was last looked at. It is
 * looked at every few seconds while a peer is waited for, and not otherwise: for systems that do not tell of it by themselves
 * ({@link NetworkNotices}).
 */
public final class NetworkWatch {
    private final Supplier<Set<String>> addresses;
    private Set<String> last;

    public NetworkWatch(Supplier<Set<String>> addresses) {
        this.addresses = addresses;
    }

    /** The addresses that this host has now, but for those that lead to itself. */
    public static Set<String> ofThisHost() {
        Set<String> found = new HashSet<>();
        try {
            NetworkInterface.networkInterfaces().forEach(i -> {
                for (InterfaceAddress address : i.getInterfaceAddresses()) {
                    if (!address.getAddress().isLoopbackAddress()) {
                        found.add(i.getName() + " " + address);
                    }
                }
            });
        } catch (SocketException e) {
            // A host without interfaces has no addresses.
        }
        return found;
    }

    /** Looks; true if it is not as it was the last time. The first look has nothing to compare with. */
    public boolean changed() {
        Set<String> now = addresses.get();
        boolean changed = last != null && !last.equals(now);
        last = now;
        return changed;
    }
}
